#include "probe/own_listener.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "cause_of_error.h"

namespace gentle {
namespace {

using std::chrono::milliseconds;

// A service that has no process, and somebody who listens on its port.
class OwnListenerTest : public testing::Test {
 protected:
  OwnListenerTest() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    EXPECT_EQ(::listen(socket_.get(), 1), 0);  // on a port that the kernel chooses
    EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    context_.leading_pids = context_.service_pids = [] { return std::vector<int>(); };
  }

  UniqueFd socket_;
  int port_ = 0;
  ProbeContext context_;
};

// Puts the socket into a message that nobody has taken: it listens, and no process holds it.
void send_away(UniqueFd& socket, int through) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space;
  message.msg_controllen = sizeof space;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  *reinterpret_cast<int*>(CMSG_DATA(header)) = socket.get();
  ASSERT_EQ(::sendmsg(through, &message, 0), 1);
  socket.reset();
}

TEST_F(OwnListenerTest, AForeignListenerMayNotBeThereBeforeTheStart) {
  const std::string cause =
      cause_of_error([&] { OwnListener(port_, context_, "127.0.0.1", true); });
  EXPECT_TRUE(cause.ends_with(" listens already, before the start")) << cause;
}

TEST_F(OwnListenerTest, AForeignListenerThatBeginsAfterTheStartCounts) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const UniqueFd later(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(later.get(), generic, size), 0);
  ASSERT_EQ(::getsockname(later.get(), generic, &size), 0);
  OwnListener listener(ntohs(address.sin_port), context_, {}, true);
  const TimePoint now = Clock::now();
  EXPECT_FALSE(listener.find(now));
  ASSERT_EQ(::listen(later.get(), 1), 0);
  const auto found = listener.find(now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->host, "127.0.0.1");
}

TEST_F(OwnListenerTest, AStrangerIsToldAfterAMoment) {
  OwnListener listener(port_, context_);
  const TimePoint now = Clock::now();
  EXPECT_FALSE(listener.find(now));
  EXPECT_FALSE(listener.find(now + milliseconds(49)));
  const std::string cause = cause_of_error([&] { listener.find(now + milliseconds(50)); });
  EXPECT_NE(cause.find(" is taken by pid " + std::to_string(::getpid()) + " ("), std::string::npos)
      << cause;
}

// It may be of a process of the service that is about to be gone.
TEST_F(OwnListenerTest, OneThatNobodyHoldsHasMoreTime) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd sender(ends[0]);
  const UniqueFd receiver(ends[1]);
  send_away(socket_, sender.get());
  OwnListener listener(port_, context_);
  const TimePoint now = Clock::now();
  EXPECT_FALSE(listener.find(now));
  EXPECT_FALSE(listener.find(now + milliseconds(999)));
  const std::string cause = cause_of_error([&] { listener.find(now + milliseconds(1000)); });
  EXPECT_NE(cause.find(" that cannot be seen from here, not by this service"), std::string::npos)
      << cause;
}

}  // namespace
}  // namespace gentle
