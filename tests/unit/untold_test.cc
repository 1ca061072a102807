#include "supervise/untold.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/deadline.h"
#include "os/activity.h"
#include "os/process.h"

namespace gentle {
namespace {

// A wrapper that does nothing but wait for its server, which ignores SIGINT.
class UntoldTest : public ::testing::Test {
 protected:
  UntoldTest() {
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    wrapper_ = ::fork();
    if (wrapper_ == 0) {
      const pid_t server = ::fork();
      if (server == 0) {
        ::signal(SIGINT, SIG_IGN);
        const pid_t self = ::getpid();
        if (::write(pipe[1], &self, sizeof self) < 0) ::_exit(1);
        for (;;) ::pause();
      }
      ::waitpid(server, nullptr, 0);
      ::_exit(0);
    }
    EXPECT_EQ(::read(pipe[0], &server_, sizeof server_), static_cast<ssize_t>(sizeof server_));
    ::close(pipe[0]);
    ::close(pipe[1]);
    wait_until_both_sleep();
  }
  ~UntoldTest() override {
    ::kill(server_, SIGKILL);
    ::waitpid(wrapper_, nullptr, 0);
  }

  pid_t wrapper_ = 0;
  pid_t server_ = 0;

 private:
  void wait_until_both_sleep() const {
    const TimePoint deadline = Clock::now() + std::chrono::seconds(20);
    while (!only_waits_for_children(wrapper_) || !sleeps_of(server_)) {
      ASSERT_LT(Clock::now(), deadline);
      ::usleep(1000);
    }
  }
};

TEST_F(UntoldTest, WhoIgnoresTheSignalIsNotSentIt) {
  Untold untold(identify(wrapper_), SIGINT);
  EXPECT_FALSE(untold.is_in_vain({wrapper_, server_}));  // nobody has looked yet
  EXPECT_TRUE(untold.take().empty());
  EXPECT_TRUE(untold.is_in_vain({wrapper_, server_}));
}

TEST_F(UntoldTest, WhoIsStillToLearnOfTheLastEndMayAct) {
  Untold untold(identify(wrapper_), SIGINT);
  EXPECT_TRUE(untold.take().empty());
  EXPECT_FALSE(untold.is_in_vain({wrapper_}));
}

TEST_F(UntoldTest, WhoServesAloneIsNoWrapper) {
  const Untold untold(identify(server_), SIGINT);
  EXPECT_FALSE(untold.is_in_vain({server_}));
}

}  // namespace
}  // namespace gentle
