#include "os/tcp_connect.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gentle {
namespace {

constexpr auto kLong = std::chrono::seconds(60);

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

UniqueFd bind_somewhere(sockaddr_in& address) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  address = loopback();
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return fd;
}

TEST(TcpConnect, ReachesAListener) {
  sockaddr_in address{};
  const UniqueFd listener = bind_somewhere(address);
  const int port = ntohs(address.sin_port);
  const UniqueFd refused = start_connect("127.0.0.1", port);
  EXPECT_FALSE(refused && wait_until_connected(refused.get(), kLong));
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const UniqueFd connection = start_connect("127.0.0.1", port);
  ASSERT_TRUE(connection);
  EXPECT_TRUE(wait_until_connected(connection.get(), kLong));
  EXPECT_EQ(is_connected(connection.get()), Connected::kYes);
}

// What connect(2) does once in 28,000 times when it asks for a port of the ephemeral range.
TEST(TcpConnect, AConnectionToItselfIsNone) {
  sockaddr_in address{};
  const UniqueFd fd = bind_somewhere(address);
  ::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  ASSERT_EQ(::getpeername(fd.get(), reinterpret_cast<sockaddr*>(&peer), &size), 0);
  EXPECT_EQ(peer.sin_port, address.sin_port);
  EXPECT_FALSE(wait_until_connected(fd.get(), kLong));
}

}  // namespace
}  // namespace gentle
