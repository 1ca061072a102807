#include "coverage/report/run_recording.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

class RunRecordingTest : public testing::Test {
 protected:
  static ProbedSource probed() {
    ProbedClass one;
    one.lines[7] = {{0, 1}, {{0}, {1}}};
    one.methods = {{7, "p.A.run()", {0, 1}}};
    one.executed = {true, false};
    return {{"p/A", one}};
  }

  RunRecording recording_{CoverageSpec{}, WorkFiles("/p/spec"), FormatOptions{"/p"}};
};

TEST_F(RunRecordingTest, KeepsProbesThatTellWhatJaCoCoTells) {
  recording_.add_java("/p/A.java", probed(), java_table_source(probed()));
  const RunRecord record = recording_.take();
  EXPECT_TRUE(record.lacking.empty());
  EXPECT_EQ(java_table_source(record.java.at("A.java")).lines.at(7).count, 1);
}

// As of a method that is too large, or if JaCoCo counts by another rule some day.
TEST_F(RunRecordingTest, OtherwiseTheSourceIsLacking) {
  const TableSource counted = java_table_source(probed());
  TableSource other = counted;
  other.lines[7].groups[0].branches[1].count = 1;
  recording_.add_java("/p/A.java", probed(), other);
  recording_.add_java("/p/B.java", {}, counted);
  const RunRecord record = recording_.take();
  EXPECT_EQ(record.lacking, (std::set<std::string>{"A.java", "B.java"}));
  EXPECT_TRUE(record.java.empty());
}

// llvm-cov tells of a profile what it has shown, and two may show more than each of them.
TEST_F(RunRecordingTest, DecisionsWhosePathsAreNotKnownAreLacking) {
  LlvmCounted program;
  program.object.notes = "/p/app";
  for (const std::string name : {"/p/a.cc", "/p/b.cc"}) {
    program.sources[name].decisions[{3, 7}] = {2, 0};
    program.segments[name] = {};
    program.object.sources[name].file = name;
  }
  program.undecided = {"/p/b.cc", "/usr/include/c.h"};
  recording_.add_program(program, {"/p/a.cc", "/p/b.cc"});
  EXPECT_EQ(recording_.take().lacking, (std::set<std::string>{"b.cc"}));
}

TEST_F(RunRecordingTest, KeepsBlocksOfGo) {
  recording_.add_go("/p/a.go", {{{"p.f", {{1, 1, 2, 5, 1}}, {3}}}});
  EXPECT_EQ(recording_.take().go.at("a.go").functions.at(0).counts.at(0), 3U);
}

}  // namespace
}  // namespace gentle
