#include "model/coverage_ledger.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(CoverageLedger, CountsAllProcesses) {
  EXPECT_EQ(CoverageLedger{}.instrumented(), 0);
  const CoverageLedger ledger{
      1, 2, {{"SIGKILL", 3}, {"_exit", 4}}, {{{Loss::Code::kNotFollowed, "why"}, 5}}};
  EXPECT_EQ(ledger.instrumented(), 15);
  EXPECT_EQ(total(ledger.rescued), 7);
  EXPECT_EQ(total(ledger.lost), 5);
  EXPECT_EQ(total(CoverageLedger::Reasons{}), 0);
}

TEST(CoverageLedger, ForPeople) {
  EXPECT_EQ(describe(CoverageLedger{}), "");
  EXPECT_EQ(describe(CoverageLedger{0, 1, {}, {}}), "1 process: 1 written");
  EXPECT_EQ(describe(CoverageLedger{1, 0, {}, {}}), "1 process: 1 running");
  EXPECT_EQ(describe(CoverageLedger{
                1, 2, {{"SIGKILL", 3}, {"_exit", 1}}, {{{Loss::Code::kNotFollowed, "why"}, 1}}}),
            "8 processes: 1 running, 2 written, 4 rescued (SIGKILL 3, _exit), 1 lost (why)");
  EXPECT_EQ(describe(CoverageLedger{0, 0, {}, {{{Loss::Code::kNotFollowed, "why"}, 2}}}),
            "2 processes: 2 lost (why 2)");
}

TEST(CoverageLedger, Reasons) {
  EXPECT_EQ(describe(CoverageLedger::Reasons{}), "");
  EXPECT_EQ(describe(CoverageLedger::Reasons{{"_exit", 1}, {"SIGINT", 2}}), "SIGINT 2, _exit");
}

TEST(CoverageLedger, LossesHaveStableNames) {
  EXPECT_EQ(loss_code_name(Loss::Code::kExec), "exec");
  EXPECT_EQ(find_loss_code("exec"), Loss::Code::kExec);
  EXPECT_EQ(find_loss_code("end-not-told"), Loss::Code::kEndNotTold);
  EXPECT_EQ(find_loss_code("added-to-others"), Loss::Code::kAddedToOthers);
  EXPECT_EQ(find_loss_code("fun"), std::nullopt);
  EXPECT_EQ(describe(Loss{Loss::Code::kMemoryGone, ""}), "its memory could not be read");
  EXPECT_EQ(describe(Loss{Loss::Code::kNotStored, "disk full"}),
            "what was rescued cannot be written: disk full");
}

}  // namespace
}  // namespace gentle
