#include "model/control_request.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ControlRequest, IsReadAsItWasWritten) {
  for (const Verb verb : {Verb::kStart, Verb::kStartAndLeave, Verb::kStop}) {
    for (const ProcessId owner : {ProcessId{}, ProcessId{12, 345}}) {
      EXPECT_EQ(parse_control_request(to_text(ControlRequest{verb, owner})),
                (ControlRequest{verb, owner}));
    }
  }
  EXPECT_EQ(to_text(ControlRequest{Verb::kStartAndLeave, {12, 345}}), "start-and-leave 12-345");
  EXPECT_EQ(to_text(ControlRequest{Verb::kStatus}), "status");
  EXPECT_EQ(parse_control_request("progress"), ControlRequest{Verb::kProgress});
}

TEST(ControlRequest, AStartNamesItsConfiguration) {
  for (const Verb verb : {Verb::kStart, Verb::kStartAndLeave}) {
    for (const ProcessId owner : {ProcessId{}, ProcessId{12, 345}}) {
      for (const char* configuration : {"Debug", "a b"}) {
        const ControlRequest request{verb, owner, configuration};
        EXPECT_EQ(parse_control_request(to_text(request)), request);
      }
    }
  }
  EXPECT_EQ(to_text(ControlRequest{Verb::kStart, {12, 345}, "Debug"}), "start 12-345 Debug");
}

TEST(ControlRequest, AnOwnerThatCannotBeReadIsNobody) {
  for (const char* line : {"stop", "stop ", "stop x", "stop 12", "stop 12-345 6", "stop  12-345"}) {
    EXPECT_EQ(parse_control_request(line), ControlRequest{Verb::kStop}) << line;
  }
}

TEST(ControlRequest, NothingElseIsOne) {
  for (const char* line : {"", " ", "sto", "stopp", "STOP", " stop", "status\t", "start-and"}) {
    EXPECT_EQ(parse_control_request(line), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace gentle
