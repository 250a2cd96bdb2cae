#include <sluice/adapters/net/net_error.hpp>

#include <cerrno>
#include <system_error>

namespace sluice::adapters::net {

namespace {

const char* remedy(int error) {
    switch (error) {
        case EADDRINUSE:
            return "; another program holds this port: stop it, or choose another port "
                   "(0 takes a free one)";
        case EACCES: return "; ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher one";
        case EPERM: return "; it needs CAP_NET_ADMIN: leave it off, or run with that capability";
        case EADDRNOTAVAIL:
            return "; no interface of this host has this address (`ip address` lists them)";
        case ENODEV:
            return "; no interface of this host can do it: name one of `ip address`'s addresses";
        case ENETUNREACH: return "; there is no route to it (`ip route` lists them)";
        case EMFILE: return "; too many files are open: raise `ulimit -n`";
        case ENOMEM: return "; memory may not be locked: raise `ulimit -l`";
        default: return "";
    }
}

}  // namespace

void throw_system_error(const std::string& doing, const std::string& what, int error) {
    throw NetError("cannot " + doing + " " + what + ": " +
                   std::error_code(error, std::generic_category()).message() + remedy(error));
}

}  // namespace sluice::adapters::net
