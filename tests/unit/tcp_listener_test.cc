#include "os/tcp_listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/unique_fd.h"

namespace gentle {
namespace {

struct Listener {
  UniqueFd fd;
  int port = 0;
  std::uint64_t inode = 0;
};

Listener listen_somewhere() {
  Listener listener;
  listener.fd.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(listener.fd.get(), generic, size), 0);
  EXPECT_EQ(::getsockname(listener.fd.get(), generic, &size), 0);
  listener.port = ntohs(address.sin_port);
  struct stat info {};
  EXPECT_EQ(::fstat(listener.fd.get(), &info), 0);
  listener.inode = info.st_ino;
  return listener;
}

TEST(TcpListener, IsFoundOnceItListens) {
  const Listener listener = listen_somewhere();
  EXPECT_FALSE(find_tcp_listener(listener.port));
  ASSERT_EQ(::listen(listener.fd.get(), 1), 0);
  const auto found = find_tcp_listener(listener.port);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->host, "127.0.0.1");
  EXPECT_EQ(found->inode, listener.inode);
  EXPECT_EQ(found->user, ::geteuid());
  EXPECT_FALSE(find_tcp_listener(listener.port, "::1"));
}

TEST(TcpListener, KnowsWhoHoldsIt) {
  const Listener listener = listen_somewhere();
  ASSERT_EQ(::listen(listener.fd.get(), 1), 0);
  const auto found = find_tcp_listener(listener.port);
  ASSERT_TRUE(found);
  EXPECT_EQ(holds_socket(::getpid(), listener.inode), Holds::kYes);
  EXPECT_EQ(holds_socket(::getpid(), listener.inode + 100000), Holds::kNo);
  EXPECT_EQ(holds_socket(1 << 30, listener.inode), Holds::kNo);
  EXPECT_EQ(any_holds({1 << 30, ::getpid()}, *found), Holds::kYes);
  EXPECT_EQ(any_holds({}, *found), Holds::kNo);
  EXPECT_TRUE(describe_holder(*found).starts_with("pid " + std::to_string(::getpid()) + " ("));
  EXPECT_EQ(describe_holder(std::uint64_t{1} << 60), "");
  EXPECT_EQ(describe_holder(TcpListener{"127.0.0.1", std::uint64_t{1} << 60, 4242424}),
            "a process of user id 4242424 that cannot be seen from here");
}

TEST(TcpListener, IsAmongAll) {
  const Listener listener = listen_somewhere();
  const auto is_there = [&] {
    const auto all = all_tcp_listeners();
    return std::any_of(all.begin(), all.end(), [&](const auto& entry) {
      return entry.first == listener.port && entry.second.inode == listener.inode &&
             entry.second.host == "127.0.0.1";
    });
  };
  EXPECT_FALSE(is_there());
  ASSERT_EQ(::listen(listener.fd.get(), 1), 0);
  EXPECT_TRUE(is_there());
  const auto held = sockets_of(::getpid());
  EXPECT_NE(std::find(held.begin(), held.end(), listener.inode), held.end());
}

// By IPv4, whenever it begins.
TEST(TcpListener, OneForBothFamiliesIsFoundByTheFirst) {
  for (int i = 0; i < 300; ++i) {
    const UniqueFd fd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int only_ipv6 = 0;
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6, sizeof only_ipv6);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (!fd || ::bind(fd.get(), generic, size) != 0) GTEST_SKIP() << "there is no IPv6";
    ASSERT_EQ(::getsockname(fd.get(), generic, &size), 0);
    std::thread service([&] { ::listen(fd.get(), 1); });
    std::optional<TcpListener> found;
    while (!found) found = find_tcp_listener(ntohs(address.sin6_port));
    service.join();
    ASSERT_EQ(found->host, "127.0.0.1");
  }
}

}  // namespace
}  // namespace gentle
