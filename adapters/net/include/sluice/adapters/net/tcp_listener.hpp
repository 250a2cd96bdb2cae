// Where TCP clients knock. One thread; accept() is one system call, and allocates when one came.
#pragma once

#include <memory>

#include <sluice/adapters/net/socket.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::net {

class TcpListener final : public pipeline::StreamListener {
  public:
    // NetError when the port is taken, privileged, or no address of this host.
    explicit TcpListener(const Address& address);
    ~TcpListener() override;

    [[nodiscard]] std::unique_ptr<pipeline::ByteStream> accept() override;

    // With the port that was chosen for port 0.
    [[nodiscard]] const Address& address() const noexcept { return address_; }

  private:
    Socket socket_;
    Address address_;
};

}  // namespace sluice::adapters::net
