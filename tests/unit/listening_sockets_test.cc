#include "os/listening_sockets.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/unique_fd.h"

namespace gentle {
namespace {

using Kind = ListeningSocket::Kind;

UniqueFd bind_inet(int type, int& port) {
  UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(fd.get(), generic, size), 0);
  EXPECT_EQ(::getsockname(fd.get(), generic, &size), 0);
  port = ntohs(address.sin_port);
  return fd;
}

long count(Kind kind, int port) {
  const auto sockets = listening_sockets({::getpid()});
  return std::count_if(sockets.begin(), sockets.end(), [&](const ListeningSocket& socket) {
    return socket.kind == kind && socket.host == "127.0.0.1" && socket.port == port &&
           !socket.in_other_network;
  });
}

TEST(ListeningSockets, KnowsTcpThatListens) {
  int port = 0;
  const UniqueFd fd = bind_inet(SOCK_STREAM, port);
  EXPECT_EQ(count(Kind::kTcp, port), 0);
  ASSERT_EQ(::listen(fd.get(), 1), 0);
  EXPECT_EQ(count(Kind::kTcp, port), 1);
}

TEST(ListeningSockets, KnowsUdpThatIsBound) {
  int port = 0;
  const UniqueFd fd = bind_inet(SOCK_DGRAM, port);
  EXPECT_EQ(count(Kind::kUdp, port), 1);
}

TEST(ListeningSockets, KnowsAbstractNames) {
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const std::string name = "gentle-unit-" + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  ASSERT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(fd.get(), 1), 0);
  const auto sockets = listening_sockets({::getpid()});
  EXPECT_TRUE(std::any_of(sockets.begin(), sockets.end(), [&](const ListeningSocket& socket) {
    return socket.kind == Kind::kUnix && socket.name == "@" + name;
  }));
}

TEST(ListeningSockets, OfNobodyThereAreNone) {
  EXPECT_TRUE(listening_sockets({}).empty());
  EXPECT_TRUE(listening_sockets({1 << 30}).empty());
}

}  // namespace
}  // namespace gentle
