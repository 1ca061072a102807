#include "supervise/leftovers.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "os/process.h"

namespace gentle {
namespace {

int ended_process() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return pid;
}

TEST(Leftovers, WhatOneForksThatEndsIsFound) {
  const int parent = ended_process();
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  int looks = 0;
  const auto find = [&] {
    if (++looks == 1) return std::vector<int>{parent};  // the child was not on this list
    return runs(child) ? std::vector<int>{child} : std::vector<int>{};
  };
  EXPECT_TRUE(end_leftovers({}, {}, find).empty()) << "it was not killed";
  EXPECT_FALSE(runs(child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(Leftovers, AZombieThatStaysIsNothing) {
  const int zombie = ended_process();
  int looks = 0;
  end_leftovers({}, {}, [&] {
    ++looks;
    return std::vector<int>{zombie};
  });
  EXPECT_EQ(looks, 2);
}

}  // namespace
}  // namespace gentle
