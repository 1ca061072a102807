#include "os/free_port.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/tcp_listener.h"

namespace gentle {
namespace {

// Ports are the whole machine's: without a network of its own such a test would meet other tests'
// ports, and they the ten thousand that it takes. Where a sandbox forbids it, it does.
class FreePort : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return;
    const UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP;
    ASSERT_EQ(::ioctl(any.get(), SIOCSIFFLAGS, &loopback), 0);
  }
};

std::string me() { return "pid " + std::to_string(::getpid()) + " ("; }

// A TCP socket bound to the port (0: to one of the kernel's choice), not listening; empty if the
// kernel refuses. Without SO_REUSEADDR, as the pickiest server does it.
UniqueFd bind_to(int family, const char* host, int port) {
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_in);
  if (family == AF_INET) {
    auto* address = reinterpret_cast<sockaddr_in*>(&storage);
    *address = {AF_INET, htons(static_cast<std::uint16_t>(port)), {}, {}};
    ::inet_pton(family, host, &address->sin_addr);
  } else {
    auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
    *address = {AF_INET6, htons(static_cast<std::uint16_t>(port)), 0, {}, 0};
    ::inet_pton(family, host, &address->sin6_addr);
    size = sizeof(sockaddr_in6);
  }
  if (fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&storage), size) != 0) fd.reset();
  return fd;
}

int port_of(const UniqueFd& fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool has_ipv6() { return static_cast<bool>(bind_to(AF_INET6, "::1", 0)); }

// One after the other: two of them at once would refuse each other.
bool can_be_bound(int port) {
  static const bool ipv6 = has_ipv6();
  bool can = true;
  for (const char* host : {"0.0.0.0", "127.0.0.1"}) can = can && bind_to(AF_INET, host, port);
  for (const char* host : {"::", "::1"}) can = can && (!ipv6 || bind_to(AF_INET6, host, port));
  return can;
}

std::string cause_of_refusal(int port, Binding binding = Binding::kByService) {
  try {
    lease_fixed_port(port, binding);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 1);
    return error.cause();
  }
  return "";
}

std::string holder_of(int port) {
  const auto holder = find_port_holder(port);
  return holder ? describe_holder(*holder) : "nobody";
}

TEST_F(FreePort, IsLockedWhileItIsLeased) {
  PortLease lease = lease_free_port(Binding::kByService);
  EXPECT_GE(lease.port, 10000);
  EXPECT_FALSE(lease.listener);
  EXPECT_TRUE(cause_of_refusal(lease.port).starts_with("given to another service, by " + me()));
  const int port = lease.port;
  lease = {};
  EXPECT_EQ(lease_fixed_port(port, Binding::kByService).port, port);
}

TEST_F(FreePort, MayBeListenedOnForTheService) {
  const PortLease lease = lease_free_port(Binding::kByUs);
  const auto found = find_tcp_listener(lease.port);
  ASSERT_TRUE(found);
  EXPECT_EQ(any_holds({::getpid()}, *found), Holds::kYes);
}

TEST_F(FreePort, NamesWhoListensOnAFixedOne) {
  const UniqueFd listener = bind_to(AF_INET, "127.0.0.1", 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  EXPECT_TRUE(cause_of_refusal(port_of(listener)).starts_with("taken by " + me()));
}

TEST_F(FreePort, NamesWhoHasBoundIt) {
  const UniqueFd bound = bind_to(AF_INET, "127.0.0.1", 0);
  const int port = port_of(bound);
  if (!find_tcp_socket(port)) GTEST_SKIP() << "this kernel does not tell who has bound a port";
  EXPECT_TRUE(cause_of_refusal(port, Binding::kByUs).starts_with("taken by " + me()));
  EXPECT_EQ(cause_of_refusal(port, Binding::kByService), "") << "its bind may succeed elsewhere";
  EXPECT_TRUE(holder_of(port).starts_with(me()));
}

TEST_F(FreePort, TellsTheSocketsOfPortsApart) {
  std::vector<UniqueFd> bound;
  for (int i = 0; i < 20; ++i) bound.push_back(bind_to(AF_INET, "127.0.0.1", 0));
  if (!find_tcp_socket(port_of(bound[0]))) GTEST_SKIP() << "this kernel does not tell of them";
  for (const UniqueFd& fd : bound) {
    struct stat info {};
    ASSERT_EQ(::fstat(fd.get(), &info), 0);
    EXPECT_EQ(find_tcp_socket(port_of(fd))->inode, info.st_ino);
  }
}

TEST_F(FreePort, NamesWhoListensBesideTheLoopback) {
  const UniqueFd listener = bind_to(AF_INET, "127.0.0.2", 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  EXPECT_FALSE(find_tcp_listener(port_of(listener)));
  EXPECT_TRUE(holder_of(port_of(listener)).starts_with(me()));
}

TEST_F(FreePort, HasNoHolderWhenABindSucceeds) {
  UniqueFd bound = bind_to(AF_INET, "127.0.0.1", 0);
  const int port = port_of(bound);
  bound.reset();
  EXPECT_FALSE(find_port_holder(port));
  EXPECT_FALSE(find_tcp_socket(port));
}

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  UniqueFd read;
  UniqueFd write;
};

void wait_for_end_of(Pipe& pipe) {
  pipe.write.reset();
  char byte = 0;
  while (::read(pipe.read.get(), &byte, 1) > 0) continue;
}

TEST_F(FreePort, ThatIsLockedForAMomentIsWaitedFor) {
  const int port = lease_free_port(Binding::kByService).port;
  Pipe begun;
  const int looker = ::fork();
  while (looker == 0) {
    begun.write.reset();
    try {
      lease_fixed_port(port, Binding::kByService);
    } catch (const Error&) {
      continue;  // for a moment it was ours
    }
  }
  wait_for_end_of(begun);
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(cause_of_refusal(port), "");
  ::kill(looker, SIGKILL);
  ::waitpid(looker, nullptr, 0);
}

// Many processes, each with its share of many ports, all of which are held at the same time.
constexpr int kHolders = 64;
constexpr int kPorts = 10000;
constexpr int kMostShare = (kPorts + kHolders - 1) / kHolders;

struct Share {
  int holder;   // pid
  int refused;  // a port that could not be bound, or 0
  int count;
  int ports[kMostShare];
};
static_assert(sizeof(Share) <= 4096, "is written to a pipe in one piece");

class ManyHolders : public FreePort {
 protected:
  void SetUp() override {
    const auto [first, last] = ephemeral_range();
    const int outside = std::max(0, first - 10000) + std::max(0, 65535 - last);
    if (outside < kPorts * 3 / 2) {
      GTEST_SKIP() << "only " << outside << " ports are outside the ephemeral range";
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    ASSERT_GE(files.rlim_cur, rlim_t{kMostShare} + 64) << "too few descriptors for a share";
    for (int i = 0; i < kHolders; ++i) start_holder((kPorts + i) / kHolders);
    begin_.write.reset();  // now, all of them
    for (int i = 0; i < kHolders; ++i) {
      Share share{};
      ASSERT_EQ(::read(results_.read.get(), &share, sizeof share), ssize_t{sizeof share});
      shares_.push_back(share);
    }
  }

  void TearDown() override {
    end_.write.reset();
    for (const int pid : holders_) ::waitpid(pid, nullptr, 0);
  }

  static std::pair<int, int> ephemeral_range() {
    std::pair<int, int> range{32768, 60999};
    std::FILE* file = std::fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (file == nullptr) return range;
    EXPECT_EQ(std::fscanf(file, "%d %d", &range.first, &range.second), 2);
    std::fclose(file);
    return range;
  }

  void kill_holder(int pid) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    std::erase(holders_, pid);
  }

  std::vector<Share> shares_;

 private:
  void start_holder(int count) {
    const int pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) hold(count);
    holders_.push_back(pid);
  }

  [[noreturn]] void hold(int count) {
    Share share{::getpid(), 0, 0, {}};
    std::vector<PortLease> leases;
    wait_for_end_of(begin_);
    try {
      while (share.count < count) {
        leases.push_back(lease_free_port(Binding::kByService));
        const int port = leases.back().port;
        share.ports[share.count++] = port;
        if (!can_be_bound(port)) share.refused = port;
      }
    } catch (const Error& error) {
      std::fputs(error.message().c_str(), stderr);  // and its share is not whole
    }
    if (::write(results_.write.get(), &share, sizeof share) < 0) std::abort();
    wait_for_end_of(end_);
    ::_exit(0);
  }

  Pipe begin_;
  Pipe results_;
  Pipe end_;
  std::vector<int> holders_;
};

TEST_F(ManyHolders, GetEachPortOnceAndNoneThatCannotBeUsed) {
  const auto [first, last] = ephemeral_range();
  std::set<int> ports;
  for (const Share& share : shares_) {
    EXPECT_EQ(share.refused, 0) << "a bind refuses it";
    for (int i = 0; i < share.count; ++i) {
      const int port = share.ports[i];
      EXPECT_TRUE(ports.insert(port).second) << port << " was given twice";
      EXPECT_TRUE(port < first || port > last) << port << " is an ephemeral port";
    }
  }
  EXPECT_EQ(ports.size(), std::size_t{kPorts});
}

TEST_F(ManyHolders, LeaveNothingWhenTheyAreKilled) {
  for (std::size_t i = 0; i < shares_.size(); i += 2) kill_holder(shares_[i].holder);
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    const Share& share = shares_[i];
    ASSERT_GT(share.count, 0);
    if (i % 2 == 1) {
      if (i > 5) continue;  // a few of those that live are enough
      const std::string holder = "pid " + std::to_string(share.holder) + " (";
      EXPECT_TRUE(
          cause_of_refusal(share.ports[0]).starts_with("given to another service, by " + holder));
      continue;
    }
    for (int n = 0; n < share.count; ++n) {
      EXPECT_EQ(cause_of_refusal(share.ports[n]), "") << "the lock of a dead process";
    }
  }
}

}  // namespace
}  // namespace gentle
