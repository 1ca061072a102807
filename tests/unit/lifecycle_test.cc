#include "supervise/lifecycle.h"

#include <gtest/gtest.h>

#include <csignal>

namespace gentle {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const EndStatus kZero{false, 0};
const EndStatus kThree{false, 3};

constexpr SignalOrder kIntToMain{SIGINT, Target::kMain};
constexpr SignalOrder kKillTree{SIGKILL, Target::kTree};

Spec spec_of(ReadyKind kind) {
  Spec spec;
  spec.ready.push_back({kind, {}, {}});
  spec.start_timeout = seconds(30);
  return spec;
}

// Time is what the test says it is.
class LifecycleTest : public ::testing::Test {
 protected:
  explicit LifecycleTest(Spec spec = spec_of(ReadyKind::kNotify))
      : spec_(std::move(spec)), life_(spec_, now_) {}

  void restart(const Spec& spec) {
    spec_ = spec;
    life_ = Lifecycle(spec_, now_);
  }

  void pass(Duration time) {
    now_ += time;
    life_.time_passed(now_);
  }

  void make_ready() { life_.conditions_hold(now_); }
  void stop() { life_.stop(Cause::kAsked, now_); }
  void end(const EndStatus& status) { life_.main_ended(status, now_); }
  void empty() { life_.tree_is_empty(now_); }

  void expect_orders(const std::vector<SignalOrder>& expected) {
    EXPECT_EQ(life_.take_orders(), expected);
    EXPECT_TRUE(life_.take_orders().empty());
  }

  TimePoint now_{seconds(1000)};
  Spec spec_;
  Lifecycle life_;
};

TEST_F(LifecycleTest, StartsAndWaitsForItsTimeout) {
  EXPECT_EQ(life_.phase(), Phase::kStarting);
  EXPECT_EQ(life_.next_event(), now_ + seconds(30));
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStarting);
}

TEST_F(LifecycleTest, GoesOnFromAFirstSignalInVain) {
  make_ready();
  life_.first_signal_is_in_vain(now_);  // not yet
  stop();
  expect_orders({kIntToMain});
  life_.first_signal_is_in_vain(now_);
  EXPECT_TRUE(life_.skipped_first());
  pass(milliseconds(0));
  expect_orders({{SIGTERM, Target::kTree}});
  EXPECT_FALSE(life_.is_first_step());
  life_.first_signal_is_in_vain(now_);  // it was the first one no more
  pass(spec_.stop_plan.steps[1].wait - milliseconds(1));
  expect_orders({});
  pass(milliseconds(1));
  expect_orders({kKillTree});
}

TEST_F(LifecycleTest, DoesNotKillBecauseTheOnlySignalIsInVain) {
  spec_.stop_plan.steps.resize(1);
  restart(spec_);
  make_ready();
  stop();
  expect_orders({kIntToMain});
  life_.first_signal_is_in_vain(now_);
  pass(milliseconds(1));
  expect_orders({});
  EXPECT_FALSE(life_.skipped_first());
}

TEST_F(LifecycleTest, IsReadyWhenAllConditionsHold) {
  now_ += seconds(2);
  make_ready();
  EXPECT_EQ(life_.phase(), Phase::kReady);
  EXPECT_EQ(life_.ready() - life_.started(), seconds(2));
  EXPECT_EQ(life_.next_event(), kNever);
  pass(seconds(1000));
  EXPECT_EQ(life_.phase(), Phase::kReady);
  expect_orders({});
}

TEST_F(LifecycleTest, IsStoppedWhenItsTimeIsUp) {
  pass(seconds(30) - milliseconds(1));
  EXPECT_EQ(life_.phase(), Phase::kStarting);
  pass(milliseconds(1));
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  EXPECT_EQ(life_.cause(), Cause::kTimeout);
  EXPECT_EQ(life_.ready(), kNever);
  expect_orders({kIntToMain});
}

TEST_F(LifecycleTest, MoreTimeToStartOnlyLengthensIt) {
  life_.extend_start(seconds(1), now_);
  EXPECT_EQ(life_.start_limit(), seconds(30));
  now_ += seconds(20);
  life_.extend_start(seconds(25), now_);
  EXPECT_EQ(life_.start_limit(), seconds(45));
  pass(seconds(24));
  EXPECT_EQ(life_.phase(), Phase::kStarting);
  pass(seconds(1));
  EXPECT_EQ(life_.cause(), Cause::kTimeout);
}

TEST_F(LifecycleTest, AnEndBeforeItWasReadyIsTooEarlyHoweverGood) {
  end(kZero);
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  EXPECT_EQ(life_.cause(), Cause::kEarlyExit);
  EXPECT_FALSE(life_.died());
  make_ready();
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  // Whatever it left is told to end.
  expect_orders({{SIGINT, Target::kTree}});
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
}

TEST_F(LifecycleTest, AnEndOnceItWasReadyIsADeath) {
  make_ready();
  now_ += seconds(3);
  end(kZero);
  EXPECT_EQ(life_.phase(), Phase::kDied);
  EXPECT_TRUE(life_.died());
  EXPECT_EQ(life_.next_event(), kNever);
  expect_orders({});
  empty();
  EXPECT_EQ(life_.phase(), Phase::kDied);
  stop();
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  expect_orders({{SIGINT, Target::kTree}});
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_TRUE(life_.died());
}

TEST_F(LifecycleTest, StopsByTheFirstSignal) {
  make_ready();
  stop();
  expect_orders({kIntToMain});
  EXPECT_EQ(life_.next_event(), now_ + seconds(10));
  now_ += milliseconds(20);
  end(kZero);
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_TRUE(life_.is_good_end());
  EXPECT_FALSE(life_.died());
  EXPECT_FALSE(life_.killed());
  EXPECT_EQ(life_.ended() - life_.stop_began(), milliseconds(20));
  EXPECT_EQ(life_.signals_sent(), std::vector<int>{SIGINT});
  expect_orders({});
}

TEST_F(LifecycleTest, ASecondStopChangesNothing) {
  make_ready();
  stop();
  expect_orders({kIntToMain});
  now_ += seconds(1);
  life_.stop(Cause::kAbandoned, now_);
  EXPECT_EQ(life_.cause(), Cause::kAsked);
  EXPECT_EQ(life_.stop_began(), now_ - seconds(1));
  expect_orders({});
}

TEST_F(LifecycleTest, GoesThroughThePlanToSigkillAndRepeatsThat) {
  make_ready();
  stop();
  expect_orders({kIntToMain});
  pass(seconds(10));
  expect_orders({{SIGTERM, Target::kTree}});
  pass(seconds(5) - milliseconds(1));
  expect_orders({});
  EXPECT_FALSE(life_.killed());
  pass(milliseconds(1));
  expect_orders({kKillTree});
  EXPECT_TRUE(life_.killed());
  EXPECT_TRUE(life_.killed_main());
  pass(milliseconds(20));
  expect_orders({kKillTree});
  end({true, SIGKILL});
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  EXPECT_FALSE(life_.is_good_end());
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_EQ(life_.signals_sent(), (std::vector<int>{SIGINT, SIGTERM}));
}

TEST_F(LifecycleTest, GivesUpWhatSigkillDoesNotEnd) {
  make_ready();
  stop();
  pass(seconds(10));
  pass(seconds(5));
  for (int look = 0; look < 499; ++look) pass(milliseconds(20));
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  EXPECT_FALSE(life_.gave_up());
  pass(milliseconds(20));
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_TRUE(life_.gave_up());
}

TEST_F(LifecycleTest, ASignalThatStandsTwiceInThePlanWasSentOnce) {
  Spec spec = spec_of(ReadyKind::kNotify);
  spec.stop_plan.steps = {{SIGINT, seconds(1)}, {SIGINT, seconds(1)}};
  restart(spec);
  make_ready();
  stop();
  pass(seconds(1));
  expect_orders({kIntToMain, {SIGINT, Target::kTree}});
  EXPECT_EQ(life_.signals_sent(), std::vector<int>{SIGINT});
}

TEST_F(LifecycleTest, WhatOutlivesItsLeaderIsToldOnceMore) {
  make_ready();
  stop();
  expect_orders({kIntToMain});
  end(kZero);
  EXPECT_EQ(life_.next_event(), now_ + milliseconds(500));
  pass(milliseconds(500));
  expect_orders({{SIGINT, Target::kTree}});
  EXPECT_EQ(life_.next_event(), life_.stop_began() + seconds(10));
  pass(seconds(10));
  pass(seconds(5));
  expect_orders({{SIGTERM, Target::kTree}, kKillTree});
  EXPECT_TRUE(life_.killed());
  EXPECT_FALSE(life_.killed_main());
}

TEST_F(LifecycleTest, TheChildrenOfADeadShellAreNotToldTwice) {
  Spec spec = spec_of(ReadyKind::kNotify);
  spec.shell = true;
  restart(spec);
  make_ready();
  stop();
  expect_orders({{SIGINT, Target::kGroup}});
  end({true, SIGINT});
  pass(milliseconds(500));
  expect_orders({{SIGINT, Target::kRest}});
  pass(seconds(10));
  expect_orders({{SIGTERM, Target::kTree}});
}

TEST_F(LifecycleTest, MoreTimeToStopLengthensTheStepThatRuns) {
  make_ready();
  life_.extend_stop(seconds(100), now_);
  stop();
  expect_orders({kIntToMain});
  life_.extend_stop(seconds(1), now_);
  EXPECT_EQ(life_.next_event(), now_ + seconds(10));
  life_.extend_stop(seconds(60), now_);
  EXPECT_EQ(life_.next_event(), now_ + seconds(60));
  pass(seconds(60));
  expect_orders({{SIGTERM, Target::kTree}});
  pass(seconds(5));
  expect_orders({kKillTree});
  life_.extend_stop(seconds(60), now_);  // too late
  EXPECT_EQ(life_.next_event(), now_ + milliseconds(20));
}

TEST_F(LifecycleTest, AStopDuringTheStart) {
  stop();
  expect_orders({kIntToMain});
  make_ready();
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  end(kZero);
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_EQ(life_.ready(), kNever);
}

class OneShot : public LifecycleTest {
 protected:
  OneShot() : LifecycleTest(spec_of(ReadyKind::kExit)) {}
};

TEST_F(OneShot, IsReadyAfterAGoodEnd) {
  end(kZero);
  EXPECT_EQ(life_.phase(), Phase::kStarting);
  make_ready();
  EXPECT_EQ(life_.phase(), Phase::kReady);
  EXPECT_FALSE(life_.died());
  stop();
  empty();
  EXPECT_EQ(life_.phase(), Phase::kStopped);
  EXPECT_TRUE(life_.is_good_end());
}

TEST_F(OneShot, IsNotReadyAfterABadEnd) {
  end(kThree);
  EXPECT_EQ(life_.phase(), Phase::kStopping);
  EXPECT_EQ(life_.cause(), Cause::kEarlyExit);
}

TEST_F(OneShot, WaitsForItsOtherConditionsToo) {
  end(kZero);
  pass(seconds(30));
  EXPECT_EQ(life_.cause(), Cause::kTimeout);
}

TEST_F(OneShot, ExitCodesSayWhatIsGood) {
  Spec spec = spec_of(ReadyKind::kExit);
  spec.end_rule.good = {kThree};
  restart(spec);
  end(kThree);
  EXPECT_EQ(life_.phase(), Phase::kStarting);
  EXPECT_TRUE(life_.is_good_end());
}

}  // namespace
}  // namespace gentle
