#include "coverage/report/java_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace gentle {
namespace {

std::string fields(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& field : all) text += field + '\0';
  return text;
}

TEST(JavaAnswer, HasLinesBranchesAndMethodsOfSources) {
  const JavaAnswer answer = parse_java_answer(
      fields({"F", "/p/A.java", "N", "3",        "1", "0",        "0", "N",
              "4", "0",         "1", "2",        "M", "3",        "1", "A.run(int, String)",
              "M", "9",         "0", "A.stop()", "F", "/p/B.java"}));
  ASSERT_EQ(answer.sources.size(), 2U);
  const TableSource& source = answer.sources.at("/p/A.java");
  ASSERT_EQ(source.lines.size(), 2U);
  EXPECT_EQ(source.lines.at(3).count, 1);
  EXPECT_TRUE(source.lines.at(3).groups.empty());
  EXPECT_EQ(source.lines.at(4).count, 0);
  ASSERT_EQ(source.lines.at(4).groups.size(), 1U);
  const auto& branches = source.lines.at(4).groups.front().branches;
  ASSERT_EQ(branches.size(), 3U);
  EXPECT_EQ(branches[0].count, 1);
  EXPECT_EQ(branches[1].count + branches[2].count, 0);
  EXPECT_EQ(source.functions.at({"A.run(int, String)", 3}).count, 1);
  EXPECT_EQ(source.functions.at({"A.stop()", 9}).count, 0);
  EXPECT_TRUE(answer.sources.at("/p/B.java").lines.empty());
}

TEST(JavaAnswer, HasTheProbesOfClasses) {
  const JavaAnswer answer =
      parse_java_answer(fields({"F", "/p/A.java", "C", "A", "010", "L", "4", "0 2", "0,1 2,,", "P",
                                "3", "A.run()", "1", "C", "A$1", "", "F", "/p/B.java"}));
  ASSERT_EQ(answer.probed.size(), 2U);
  const ProbedSource& source = answer.probed.at("/p/A.java");
  ASSERT_EQ(source.size(), 2U);
  const ProbedClass& one = source.at("A");
  EXPECT_EQ(one.executed, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(one.lines.at(4), (ProbedLine{{0, 2}, {{0}, {1, 2}, {}}}));
  EXPECT_EQ(one.methods, (std::vector<ProbedMethod>{{3, "A.run()", {1}}}));
  EXPECT_TRUE(source.at("A$1").executed.empty());
  EXPECT_TRUE(answer.probed.at("/p/B.java").empty());
}

TEST(JavaAnswer, RefusesProbesThatAreNotThere) {
  const auto parse = [](const std::vector<std::string>& line) {
    std::vector<std::string> all = {"F", "/p/A.java", "C", "A", "010"};
    all.insert(all.end(), line.begin(), line.end());
    parse_java_answer(fields(all));
  };
  EXPECT_NO_THROW(parse({"L", "4", "0 2", "2,"}));
  for (const auto& wrong :
       std::vector<std::vector<std::string>>{{"L", "4", "3", ""},
                                             {"L", "4", "2 0", ""},
                                             {"L", "4", "1 1", ""},
                                             {"L", "4", "x", ""},
                                             {"L", "4", "", "1"},
                                             {"L", "4", "", "3,"},
                                             {"P", "4", "A.run()", "3"},
                                             {"F", "/p/B.java", "L", "4", "", ""}}) {
    EXPECT_THROW(parse(wrong), Error);
  }
}

TEST(JavaAnswer, NamesWhatIsNotCounted) {
  const JavaAnswer answer =
      parse_java_answer(fields({"A", "com/acme/A.java", "U", "1", "B", "U", "1", "C", "W", "6",
                                "/p/D.java", "X", "/s/Other.java"}));
  EXPECT_EQ(answer.absent, std::set<std::string>{"com/acme/A.java"});
  EXPECT_EQ(answer.uncounted, std::set<std::string>{"/s/Other.java"});
  EXPECT_EQ(answer.uncounted_classes.at(1), (std::set<std::string>{"B", "C"}));
  EXPECT_EQ(answer.warned_sources.at(6), std::set<std::string>{"/p/D.java"});
}

TEST(JavaAnswer, MustBeWhole) {
  const std::string whole = fields({"F", "/p/A.java", "N", "3", "1", "0", "0"});
  EXPECT_NO_THROW(parse_java_answer(whole));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    if (cut == fields({"F", "/p/A.java"})) continue;
    EXPECT_THROW(parse_java_answer(cut), Error) << size;
  }
  for (const auto& wrong :
       std::vector<std::vector<std::string>>{{"N", "3", "1", "0", "0"},
                                             {"M", "3", "1", "x"},
                                             {"Q", "x"},
                                             {"F", "/p", "N", "3", "2", "0", "0"},
                                             {"F", "/p", "N", "3", "1", "-1", "0"},
                                             {"F", "/p", "N", "3", "1", "0", "99999999"},
                                             {"U", "x", "A"}}) {
    EXPECT_THROW(parse_java_answer(fields(wrong)), Error) << wrong[0];
  }
}

}  // namespace
}  // namespace gentle
