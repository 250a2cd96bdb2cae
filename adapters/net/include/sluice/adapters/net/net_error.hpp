// What went wrong while sockets were set up: which call, with what address, why, how to mend it.
// Thrown by constructors only; receive and send paths report by value.
#pragma once

#include <stdexcept>
#include <string>

namespace sluice::adapters::net {

class NetError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The text of an address is wrong: a matter of the command line or the configuration.
class AddressError : public NetError {
  public:
    using NetError::NetError;
};

// "cannot <doing> <what>: <the system's reason>; <remedy where one is known>". `error` is errno.
[[noreturn]] void throw_system_error(const std::string& doing, const std::string& what, int error);

}  // namespace sluice::adapters::net
