// sluice-mpi PROGRAM ARGUMENTS...: what `sluice optimize` becomes for a moment when mpirun has started
// several of it. MPI starts the ranks on their machines and lets them find each other: rank 0 listens,
// and tells all where and by which secret. Then MPI is shut down, and each rank goes on as PROGRAM, over
// sockets of its own (adapters/farm): a world of MPI does not outlive one of its members
// (docs/decisions/0025-farm.md).
//
// Ranks from 1 on go on in a child while the process that mpirun knows ends well. So whatever becomes of
// a worker later is no death of a rank, upon which mpirun would end all of them.
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <mpi.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTextMax = 4096;

// What rank 0 tells the others: the secret, a newline, its addresses; ends with a zero.
using Told = std::array<char, kTextMax>;

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "sluice-mpi: %s: %s\n", what, std::strerror(errno));
    MPI_Abort(MPI_COMM_WORLD, 1);
    std::abort();
}

int listen_anywhere() {
    // Without close-on-exec: the program takes it over.
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    if (fd < 0 ||
        ::bind(fd, static_cast<const sockaddr*>(static_cast<const void*>(&any)), sizeof any) != 0 ||
        ::listen(fd, SOMAXCONN) != 0)
        give_up("rank 0 cannot listen");
    return fd;
}

std::string port_of(int fd) {
    sockaddr_in where{};
    socklen_t size = sizeof where;
    if (::getsockname(fd, static_cast<sockaddr*>(static_cast<void*>(&where)), &size) != 0)
        give_up("rank 0 does not know its port");
    return std::to_string(ntohs(where.sin_port));
}

// Of this machine, its own loopback last: a rank elsewhere must not knock at its own first.
std::string addresses(const std::string& port) {
    std::string out;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) == 0) {
        for (const ifaddrs* at = all; at != nullptr; at = at->ifa_next) {
            if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET ||
                (at->ifa_flags & IFF_UP) == 0 || (at->ifa_flags & IFF_LOOPBACK) != 0)
                continue;
            sockaddr_in address{};
            std::memcpy(&address, at->ifa_addr, sizeof address);
            std::array<char, INET_ADDRSTRLEN> text{};
            if (::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) != nullptr)
                out += std::string(text.data()) + ":" + port + ",";
        }
        ::freeifaddrs(all);
    }
    return out + "127.0.0.1:" + port;
}

std::string new_secret() {
    std::array<unsigned char, kSecretBytes> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<::ssize_t>(bytes.size()))
        give_up("no random bytes can be had");
    std::string out;
    for (const unsigned char byte : bytes) {
        std::array<char, 3> digits{};
        (void)std::snprintf(digits.data(), digits.size(), "%02x", byte);
        out += digits.data();
    }
    return out;
}

[[noreturn]] void go_on_as(std::vector<std::string> arguments) {
    std::vector<char*> texts;
    for (std::string& argument : arguments) texts.push_back(argument.data());
    texts.push_back(nullptr);
    (void)::execv(texts.front(), texts.data());
    std::fprintf(stderr, "sluice-mpi: %s cannot be started: %s\n", texts.front(),
                 std::strerror(errno));
    std::_Exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("sluice-mpi is started by `mpirun -n N sluice optimize ...`\n", stderr);
        return 2;
    }
    MPI_Init(&argc, &argv);
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    Told told{};
    int listening = -1;
    if (rank == 0) {
        listening = listen_anywhere();
        const std::string text = new_secret() + "\n" + addresses(port_of(listening));
        if (text.size() + 1 > told.size()) give_up("rank 0 has too many addresses");
        std::memcpy(told.data(), text.data(), text.size());
    }
    MPI_Bcast(told.data(), static_cast<int>(told.size()), MPI_CHAR, 0, MPI_COMM_WORLD);
    MPI_Finalize();

    const std::string text{told.data()};
    const auto end = text.find('\n');
    (void)::setenv("SLUICE_FARM_SECRET", text.substr(0, end).c_str(), 1);
    std::vector<std::string> arguments{argv + 1, argv + argc};
    if (rank == 0) {
        arguments.insert(arguments.end(), {"--farm", "fd:" + std::to_string(listening)});
        go_on_as(std::move(arguments));
    }
    const ::pid_t child = ::fork();
    if (child < 0) std::perror("sluice-mpi: no process for the worker");
    if (child != 0) std::_Exit(child < 0 ? 1 : 0);
    arguments.insert(arguments.end(), {"--join", text.substr(end + 1)});
    go_on_as(std::move(arguments));
}
