#include "coverage/report/recorded_lines.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

using namespace std::string_literals;

class RecordedLinesTest : public ScratchFolderTest {
 protected:
  // A process that has executed line 3 of the source, with these branches and this way on from
  // them.
  std::string process(const std::string& name, const std::string& branches, std::uint64_t way) {
    const std::string path = root_ + "/node." + name + ".hits";
    std::string bytes = "GJSHITS1" + std::string(56, '\0');
    for (const std::uint64_t word : {std::uint64_t{3}, way << 24U}) {
      const std::uint64_t hit = std::uint64_t{1} << 48U | word;
      char text[sizeof hit];
      std::memcpy(text, &hit, sizeof hit);
      bytes.append(text, sizeof text);
    }
    write_file_atomically(path, bytes);
    write_file_atomically(root_ + "/node." + name + ".names",
                          "F 1 9 345 /src/a.ts\0S 1 3 5\0B 1 "s + branches + "\0"s);
    return path;
  }

  static SourceLines lines_of(const RecordedLines& recorded) {
    return recorded.sources.at("/src/a.ts").at({9, 345});
  }
};

TEST_F(RecordedLinesTest, TheNewestInterpreterIsTheFirstWhoeverRanFirst) {
  std::vector<std::string> hits;
  for (const std::string version : {"3.9.18", "3.12.1", "3.9.2"}) {
    hits.push_back(root_ + "/python." + version + ".hits");
    write_file_atomically(hits.back(), "GPYHITS1" + std::string(56, '\0'));
    write_file_atomically(root_ + "/python." + version + ".names",
                          "P " + version + " /python" + version + "\0"s);
  }
  std::vector<std::string> programs;
  for (const Interpreter& each : read_recorded_lines(Language::kPython, hits).interpreters) {
    programs.push_back(each.program);
  }
  EXPECT_EQ(programs, (std::vector<std::string>{"/python3.12.1", "/python3.9.18", "/python3.9.2"}));
}

TEST_F(RecordedLinesTest, WaysOfAllProcessesAddUp) {
  const RecordedLines recorded = read_recorded_lines(
      Language::kNode, {process("1", "3 2 5 2", 1), process("2", "3 2 5 2", 4)});
  EXPECT_EQ(lines_of(recorded).ways, (std::set<std::uint32_t>{1, 4}));
  EXPECT_TRUE(recorded.warnings.empty());
}

TEST_F(RecordedLinesTest, OfSeveralTextsOfASourceTheBranchesOfTheLargestCount) {
  const std::vector<std::string> small_first = {process("1", "3 2", 2), process("2", "3 2 5 2", 4)};
  for (const auto& hits : {small_first, std::vector{small_first[1], small_first[0]}}) {
    const RecordedLines recorded = read_recorded_lines(Language::kNode, hits);
    const SourceLines lines = lines_of(recorded);
    EXPECT_EQ(lines.branches, (HitBranches{{3, 2}, {5, 2}}));
    EXPECT_EQ(lines.ways, (std::set<std::uint32_t>{4}));
    EXPECT_EQ(lines.executed, (std::set<std::uint32_t>{3}));
    ASSERT_EQ(recorded.warnings.size(), 1U);
    EXPECT_EQ(
        recorded.warnings[0],
        "gentle: warning: count lines of Node '/src/a.ts': several texts were made of it, with "
        "other branches; those of the one with the most count, continuing");
  }
}

}  // namespace
}  // namespace gentle
