#include "model/coverage_ledger.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(CoverageLedger, CountsAllProcesses) {
  EXPECT_EQ(CoverageLedger{}.instrumented(), 0);
  const CoverageLedger ledger{1, 2, {{"SIGKILL", 3}, {"_exit", 4}}, {{"why", 5}}};
  EXPECT_EQ(ledger.instrumented(), 15);
  EXPECT_EQ(total(ledger.rescued), 7);
  EXPECT_EQ(total({}), 0);
}

TEST(CoverageLedger, ForPeople) {
  EXPECT_EQ(describe(CoverageLedger{}), "");
  EXPECT_EQ(describe(CoverageLedger{0, 1, {}, {}}), "1 process: 1 written");
  EXPECT_EQ(describe(CoverageLedger{1, 0, {}, {}}), "1 process: 1 running");
  EXPECT_EQ(describe(CoverageLedger{1, 2, {{"SIGKILL", 3}, {"_exit", 1}}, {{"why", 1}}}),
            "8 processes: 1 running, 2 written, 4 rescued (SIGKILL 3, _exit), 1 lost (why)");
  EXPECT_EQ(describe(CoverageLedger{0, 0, {}, {{"why", 2}}}), "2 processes: 2 lost (why 2)");
}

TEST(CoverageLedger, Reasons) {
  EXPECT_EQ(describe(CoverageLedger::Reasons{}), "");
  EXPECT_EQ(describe(CoverageLedger::Reasons{{"_exit", 1}, {"SIGINT", 2}}), "SIGINT 2, _exit");
}

}  // namespace
}  // namespace gentle
