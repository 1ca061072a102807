#include "coverage/keep/rescue_time.h"

#include <gtest/gtest.h>

#include "coverage/image/process_memory.h"

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RescueBudget, KeepsSoMuchAndNoMore) {
  RescueBudget budget(Clock::now(), RescueBudget::kTime, 100);
  budget.keep(60);
  budget.keep(40);
  EXPECT_EQ(budget.left(), 0U);
  budget.give_back(40);
  EXPECT_EQ(budget.kept(), 60U);
  EXPECT_FALSE(budget.is_over());
  EXPECT_THROW(budget.keep(41), OverBudget);
  EXPECT_TRUE(budget.is_over());
  EXPECT_THROW(budget.keep(0), OverBudget) << "once over, it stays so";
  EXPECT_THROW(budget.check_time(), OverBudget);
}

TEST(RescueBudget, LooksAtTheClockNowAndThen) {
  RescueBudget budget(Clock::now() - seconds(11), RescueBudget::kTime, 100);
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i) budget.keep(0);
      },
      OverBudget);
}

TEST(RescueBudget, WhatIsKeptMeanwhileIsGivenBack) {
  RescueBudget budget(Clock::now(), RescueBudget::kTime, 100);
  budget.keep(10);
  {
    const KeptMeanwhile meanwhile(&budget);
    budget.keep(80);
  }
  EXPECT_EQ(budget.kept(), 10U);
  const KeptMeanwhile nothing(nullptr);
}

TEST(RescueBudget, BoundsTheReadsOfAMemory) {
  RescueBudget budget(Clock::now() - seconds(11), RescueBudget::kTime, 100);
  FileMemory file("/proc/self/exe");
  char byte = 0;
  EXPECT_EQ(file.read_some(0, &byte, 1), 1U);
  file.bound_by(&budget);
  EXPECT_THROW(file.read_some(0, &byte, 1), OverBudget);
}

TEST(RescueTime, AProcessHasTenSecondsInAll) {
  RescueTime time;
  ProcessTime process;
  EXPECT_EQ(time.allowance(process), seconds(10));
  time.took(process, seconds(4));
  EXPECT_EQ(time.allowance(process), seconds(6));
  time.took(process, seconds(6));
  EXPECT_EQ(time.allowance(process), RescueTime::kFree);
}

TEST(RescueTime, ShortLooksCostNothingHoweverMany) {
  RescueTime time;
  ProcessTime process;
  for (int i = 0; i < 100'000; ++i) time.took(process, milliseconds(50));
  EXPECT_EQ(time.allowance(process), seconds(10));
}

TEST(RescueTime, SlowProcessesShareTheRest) {
  RescueTime time;
  for (int i = 0; i < 3; ++i) {
    ProcessTime slow;
    time.took(slow, seconds(10));
  }
  ProcessTime next;
  EXPECT_EQ(time.allowance(next), RescueTime::kOwn);
  time.took(next, seconds(1));
  EXPECT_EQ(time.allowance(next), RescueTime::kFree);
}

TEST(RescueTime, OfAllThatWaitToBeWrittenTheMemoryIsBounded) {
  RescueTime time;
  EXPECT_EQ(time.memory(), RescueBudget::kMemory);
  time.hold(RescueTime::kMemory - 5);
  EXPECT_EQ(time.memory(), 5U);
  time.hold(10);
  EXPECT_EQ(time.memory(), 0U);
  time.release(RescueTime::kMemory + 5);
  EXPECT_EQ(time.memory(), RescueBudget::kMemory);
}

TEST(RescueTime, ALookTellsWhetherItWasOver) {
  RescueTime time;
  ProcessTime process;
  {
    Look look(time, process);
    EXPECT_EQ(look.budget().left(), RescueBudget::kMemory);
  }
  EXPECT_FALSE(process.is_over);
  {
    Look look(time, process);
    EXPECT_THROW(look.budget().keep(RescueBudget::kMemory + 1), OverBudget);
  }
  EXPECT_TRUE(process.is_over);
}

}  // namespace
}  // namespace gentle
