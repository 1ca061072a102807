#include "model/state.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gentle {
namespace {

State some_state() {
  State state;
  state.service = "api";
  state.spec = "/b/api.spec";
  state.phase = Phase::kReady;
  state.boot_id = "boot";
  state.supervisor = {10, 1000};
  state.main = {11, 1001};
  state.owners = {{5, 500}, {6, 600}};
  state.users = {{7, 700}, {5, 500}, {6, 600}};
  state.variables = {{"API_HOST", "127.0.0.1"}, {"ODD", "\"\\\n\x01 \xC3\xA9"}};
  state.address = "127.0.0.1:80";
  state.log = "/b/log";
  state.started_at = 1234567890123;
  state.ready_after = 12;
  state.status = "warming up";
  return state;
}

std::string message_of(const std::string& text) {
  try {
    state_from_json(text, "/s.json");
  } catch (const Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(State, IsKnownToHaveEndedWellWithoutAllOfIt) {
  State state = some_state();
  state.status = "\n  \"phase\": \"stopped\",\n";  // what a service says of itself
  EXPECT_FALSE(tells_of_good_end(to_json(state)));
  state.phase = Phase::kStopped;
  for (const Outcome outcome :
       {Outcome::kNone, Outcome::kCrashed, Outcome::kNotReady, Outcome::kFailed}) {
    state.outcome = outcome;
    EXPECT_FALSE(tells_of_good_end(to_json(state))) << outcome_name(outcome);
  }
  state.outcome = Outcome::kInterrupted;
  EXPECT_TRUE(tells_of_good_end(to_json(state)));
  state.outcome = Outcome::kStopped;
  const std::string text = to_json(state);
  EXPECT_TRUE(tells_of_good_end(text));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(tells_of_good_end(text.substr(0, length))) << length;  // cut by a power cut
  }
}

TEST(State, IsTheSameAfterJson) {
  for (const auto& end : {std::optional<EndStatus>{}, std::optional<EndStatus>{{false, 3}},
                          std::optional<EndStatus>{{true, 11}}}) {
    State state = some_state();
    state.end = end;
    const State again = state_from_json(to_json(state), "/s.json");
    EXPECT_EQ(to_json(again), to_json(state));
    EXPECT_EQ(again.service, "api");
    EXPECT_EQ(again.owners, state.owners);
    EXPECT_EQ(again.users, state.users);
    EXPECT_EQ(again.variables, state.variables);
    EXPECT_EQ(again.end, end);
  }
}

TEST(State, KeepsABadEndThatOthersAreToBeTold) {
  State state = some_state();
  state.phase = Phase::kStopped;
  state.outcome = Outcome::kStopped;
  state.earlier_end.message = "it crashed";
  EXPECT_TRUE(tells_of_good_end(to_json(state)));
  state.earlier_end.users = {{5, 500}};
  const std::string json = to_json(state);
  EXPECT_FALSE(tells_of_good_end(json));
  const EarlierEnd again = state_from_json(json, "/s.json").earlier_end;
  EXPECT_EQ(again.message, "it crashed");
  EXPECT_EQ(again.users, state.earlier_end.users);
}

TEST(State, KeepsTheLedgerOfCoverage) {
  State state = some_state();
  state.coverage = {
      1, 2, {{"SIGKILL", 3}, {"_exit", 1}}, {{{Loss::Code::kUnreadable, "why \xC3\xA9"}, 1}}};
  const std::string json = to_json(state);
  EXPECT_EQ(state_from_json(json, "").coverage, state.coverage);
  EXPECT_NE(json.find("\"instrumented\": 8"), std::string::npos) << json;
}

// Of an older helper, or written by hand.
TEST(State, MayHaveNoLedgerOrABadOne) {
  std::string json = to_json(some_state());
  const std::size_t key = json.find("\"coverage\"");
  ASSERT_NE(key, std::string::npos);
  std::string other = json;
  other.replace(key, 10, "\"covered\"");
  EXPECT_EQ(state_from_json(other, "").coverage, CoverageLedger{});
  const std::size_t begin = json.find('{', key);
  int depth = 0;
  std::size_t end = begin;
  do depth += json[end] == '{' ? 1 : json[end] == '}' ? -1 : 0;
  while (++end < json.size() && depth > 0);
  for (const char* bad : {"null", "[]", "{\"written\": -1}", "{\"lost\": {\"why\": \"many\"}}"}) {
    other = json;
    other.replace(begin, end - begin, bad);
    EXPECT_NE(message_of(other), "accepted") << bad;
  }
}

TEST(State, KnowsEveryPhase) {
  for (const Phase phase :
       {Phase::kStarting, Phase::kReady, Phase::kStopping, Phase::kDied, Phase::kStopped}) {
    State state = some_state();
    state.phase = phase;
    EXPECT_EQ(state_from_json(to_json(state), "").phase, phase);
  }
}

TEST(State, KnowsEveryOutcome) {
  for (const Outcome outcome :
       {Outcome::kNone, Outcome::kStopped, Outcome::kDied, Outcome::kCrashed, Outcome::kNotReady,
        Outcome::kFailed, Outcome::kInterrupted}) {
    State state = some_state();
    state.outcome = outcome;
    state.ended_at = 1234567890999;
    const State again = state_from_json(to_json(state), "");
    EXPECT_EQ(again.outcome, outcome);
    EXPECT_EQ(again.ended_at, state.ended_at);
  }
}

TEST(State, SurvivesTextThatIsNoUtf8) {
  State state = some_state();
  state.message = "\xFF\xFE";
  EXPECT_EQ(state_from_json(to_json(state), "").message, "??");
}

TEST(State, RefusesWhatIsNoState) {
  const std::string damaged =
      "gentle: error: read state '/s.json': it is no state file, or a damaged one\n";
  EXPECT_EQ(message_of(""), "gentle: error: read state '/s.json': it is empty\n");
  EXPECT_EQ(message_of(std::string(4096, '\0')), damaged);
  EXPECT_EQ(message_of("{}"), damaged);
  EXPECT_EQ(message_of("[]"), damaged);
  EXPECT_EQ(message_of(to_json(some_state()).substr(0, 300)), damaged);
  EXPECT_NE(message_of(R"({"format": 2})").find("its format is not 1"), std::string::npos);
}

TEST(State, RefusesNumbersThatDoNotFit) {
  const std::string good = to_json(some_state());
  const auto with = [&](const std::string& old_text, const std::string& new_text) {
    std::string text = good;
    const std::size_t at = text.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    return message_of(text.replace(at, old_text.size(), new_text));
  };
  EXPECT_NE(with("\"pid\": 10", "\"pid\": 4294967306").find("out of range"), std::string::npos);
  EXPECT_NE(with("\"pid\": 10", "\"pid\": -1").find("a pid is negative"), std::string::npos);
  for (const char* odd : {"1e19", "1.5", "true", "\"7\"", "null"}) {
    EXPECT_NE(with("\"start_time\": 1000", "\"start_time\": " + std::string(odd))
                  .find("expected a whole number"),
              std::string::npos)
        << odd;
  }
}

TEST(State, JsonForPeopleNamesTheCondition) {
  const std::string json = to_json(std::vector<State>{some_state()}, {"lost"});
  EXPECT_NE(json.find(R"("condition": "lost")"), std::string::npos);
  EXPECT_EQ(to_json(std::vector<State>{}, {}), "[]\n");
}

}  // namespace
}  // namespace gentle
