#include "supervise/conditions.h"

#include <gtest/gtest.h>

#include <deque>

namespace gentle {
namespace {

using std::chrono::milliseconds;
using Texts = std::vector<std::string>;

// What a look says; kPending: only the next check() knows.
enum class Says { kNo, kYes, kPending };

// A condition of which the test says what each look sees, in turn; the last one for ever.
struct Script {
  bool is_state = true;
  std::deque<Says> looks;
  int checks = 0;
  int looked_again = 0;
  bool stays = false;
  TimePoint next_check{};
};

class ScriptedProbe : public Probe {
 public:
  explicit ScriptedProbe(Script& script) : script_(script) {}

  bool check(TimePoint) override {
    ++script_.checks;
    last_ = script_.looks.front();
    if (script_.looks.size() > 1) script_.looks.pop_front();
    return last_ == Says::kYes;
  }
  bool is_state() const override { return script_.is_state; }
  void look_again() override { ++script_.looked_again; }
  bool is_looking() const override { return last_ == Says::kPending; }
  bool stays() const override { return script_.stays; }
  TimePoint next_check() const override { return script_.next_check; }
  std::string condition() const override { return "port"; }
  std::string last_seen() const override { return "nobody listens"; }

 private:
  Script& script_;
  Says last_ = Says::kNo;
};

class ConditionsTest : public testing::Test {
 protected:
  Script& state(std::deque<Says> looks) { return add({true, std::move(looks)}); }
  Script& fact(std::deque<Says> looks) { return add({false, std::move(looks)}); }

  bool look() {
    now_ += milliseconds(100);
    return conditions_.look(now_);
  }

  Conditions conditions_;
  TimePoint now_{};

 private:
  Script& add(Script script) {
    scripts_.push_back(std::move(script));
    conditions_.add(std::make_unique<ScriptedProbe>(scripts_.back()));
    return scripts_.back();
  }

  std::deque<Script> scripts_;
};

TEST_F(ConditionsTest, OneConditionIsLookedAtOnce) {
  const Script& port = state({Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  EXPECT_EQ(port.checks, 2);
  EXPECT_EQ(port.looked_again, 0);
}

TEST_F(ConditionsTest, OfStatesThatComeTogetherTheLastOneIsSeenOnce) {
  const Script& port = state({Says::kYes});
  const Script& socket = state({Says::kYes});
  EXPECT_TRUE(look());
  EXPECT_EQ(port.checks, 2);  // it may have ended before the socket came
  EXPECT_EQ(socket.checks, 1);
}

TEST_F(ConditionsTest, AStateIsLookedAtAgainInTheRoundInWhichTheLastOneComes) {
  const Script& port = state({Says::kYes});
  fact({Says::kNo, Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_EQ(port.checks, 1);
  EXPECT_TRUE(look());
  EXPECT_EQ(port.checks, 2);
}

TEST_F(ConditionsTest, AFactStays) {
  const Script& line = fact({Says::kYes, Says::kNo});
  state({Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  EXPECT_EQ(line.checks, 1);
}

TEST_F(ConditionsTest, AStateThatHasEndedIsWaitedForAgain) {
  state({Says::kYes, Says::kNo, Says::kNo, Says::kYes});
  fact({Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());  // the line is there, and nobody listens any more
  EXPECT_EQ(conditions_.unmet(TimePoint{}),
            (Texts{"port: it held 100 ms after the start, then nobody listens"}));
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  EXPECT_TRUE(conditions_.unmet(TimePoint{}).empty());
}

TEST_F(ConditionsTest, TheReturnOfOneHasTheOthersLookedAtAgain) {
  state({Says::kYes, Says::kNo, Says::kYes});
  const Script& socket = state({Says::kYes, Says::kYes, Says::kNo, Says::kYes});
  fact({Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());  // the line comes; the port is gone, the socket is not
  EXPECT_FALSE(look());  // the port is back; now the socket is gone
  EXPECT_EQ(socket.checks, 3);
  EXPECT_TRUE(look());
}

TEST_F(ConditionsTest, ALookThatTakesLongIsWaitedFor) {
  const Script& command =
      state({Says::kPending, Says::kYes, Says::kPending, Says::kPending, Says::kYes});
  fact({Says::kNo, Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());  // the line comes, and the command begins again
  EXPECT_EQ(command.looked_again, 1);
  EXPECT_EQ(conditions_.unmet(TimePoint{}).size(), 1u);
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  EXPECT_EQ(command.looked_again, 1);
}

TEST_F(ConditionsTest, TwoLooksThatTakeLongDoNotCallForEachOther) {
  const std::deque<Says> looks = {Says::kPending, Says::kYes, Says::kPending, Says::kYes};
  const Script& first = state(looks);
  const Script& second = state(looks);
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());  // both hold, and both begin again
  EXPECT_TRUE(look());
  EXPECT_EQ(first.looked_again, 1);
  EXPECT_EQ(second.looked_again, 1);
}

TEST_F(ConditionsTest, ASecondLookThatFailsLaterIsWaitedForAgain) {
  state({Says::kYes, Says::kPending, Says::kNo, Says::kYes});
  const Script& socket = state({Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_EQ(socket.checks, 2);
  EXPECT_TRUE(look());
  EXPECT_EQ(socket.checks, 3);  // the other one is back: a new moment
}

TEST_F(ConditionsTest, AnAnswerToAQuestionOfBeforeIsAskedForAgain) {
  const Script& http = state({Says::kPending, Says::kPending, Says::kYes, Says::kYes});
  fact({Says::kNo, Says::kNo, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());  // nobody knows which came first, the answer or the line
  EXPECT_EQ(http.looked_again, 1);
}

TEST_F(ConditionsTest, AnAnswerThatWasAskedForWhenAllElseHeldIsEnough) {
  fact({Says::kYes});
  const Script& command = state({Says::kNo, Says::kPending, Says::kYes});
  EXPECT_FALSE(look());
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  EXPECT_EQ(command.looked_again, 0);
}

TEST_F(ConditionsTest, WhatStaysGoesOnAfterTheStart) {
  Script& notify = fact({Says::kYes});
  notify.stays = true;
  const Script& port = state({Says::kYes});
  EXPECT_TRUE(look());
  conditions_.drop_what_is_over();
  conditions_.hear(now_);
  EXPECT_EQ(notify.checks, 2);
  EXPECT_EQ(port.checks, 1);
}

TEST_F(ConditionsTest, WhatHasBeenHeardOfIsLookedAtAtOnce) {
  Script& notify = fact({Says::kNo, Says::kYes});
  notify.stays = true;
  notify.next_check = kNever;
  conditions_.hear(now_);
  EXPECT_EQ(conditions_.next_look(true), kNever);
  conditions_.hear(now_);
  EXPECT_EQ(conditions_.next_look(true), TimePoint{});
  EXPECT_TRUE(look());
}

}  // namespace
}  // namespace gentle
