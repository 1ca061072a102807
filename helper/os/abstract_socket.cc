#include "os/abstract_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>

namespace gentle {
namespace {

struct Address {
  sockaddr_un un{};
  socklen_t size;

  explicit Address(const std::string& name) {
    un.sun_family = AF_UNIX;
    const std::size_t length = std::min(name.size(), sizeof un.sun_path - 1);
    std::copy_n(name.begin(), length, un.sun_path + 1);  // after a zero byte
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&un); }
};

}  // namespace

bool bind_abstract(int socket, const std::string& name) {
  const Address address(name);
  return ::bind(socket, address.get(), address.size) == 0;
}

bool connect_abstract(int socket, const std::string& name) {
  const Address address(name);
  return ::connect(socket, address.get(), address.size) == 0;
}

}  // namespace gentle
