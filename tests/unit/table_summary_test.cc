#include "coverage/formats/table_summary.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

TEST(TableSummary, CountsWhatIsNotExcluded) {
  const CoverageSummary summary = summarize(sample_table(), sample_options());
  ASSERT_EQ(summary.files.size(), 3U);
  EXPECT_EQ(summary.files[0].file, "/elsewhere/\xff.h");
  EXPECT_EQ(summary.files[1].file, "a & \"b\", c|`d`.c");
  const FileSummary& file = summary.files[2];
  EXPECT_EQ(file.file, "src/net/a.cc");
  EXPECT_EQ(file.lines, (Share{2, 4}));
  EXPECT_EQ(file.branches, (Share{1, 4}));
  EXPECT_EQ(file.functions, (Share{2, 2}));
  EXPECT_EQ(summary.lines, (Share{3, 6}));
  EXPECT_EQ(summary.branches, (Share{1, 6}));
  EXPECT_EQ(summary.functions, (Share{2, 3}));
}

TEST(TableSummary, LeavesThrowBranchesOut) {
  FormatOptions options = sample_options();
  options.throw_branches = false;
  EXPECT_EQ(summarize(sample_table(), options).branches, (Share{1, 5}));
}

TEST(TableSummary, CountsBothOutcomesOfEachTerm) {
  CoverageTable table;
  TableSource& source = table.sources()["/project/a.cc"];
  source.lines[1].decisions = {{1, {{2, 0b01, 0b11}, {64, ~std::uint64_t{0}, 1}}}};
  source.lines[2].decisions = {{1, {{2, 0b11, 0b11}}}};
  source.lines[2].is_excluded = true;
  source.lines[3].decisions = {{1, {{1, 0b110, 0}}}};
  const CoverageSummary summary = summarize(table, sample_options());
  EXPECT_EQ(summary.conditions, (Share{3 + 65, 4 + 128 + 2}));
  EXPECT_EQ(summary.files[0].conditions, summary.conditions);
}

TEST(TableSummary, OfNothing) {
  const CoverageSummary summary = summarize(CoverageTable{}, sample_options());
  EXPECT_TRUE(summary.files.empty());
  EXPECT_EQ(summary.lines, Share{});
}

TEST(TableSummary, TheWorstFilesAreThoseThatMissMostLines) {
  CoverageSummary summary;
  summary.files = {{"a", {9, 10}, {}, {}},
                   {"b", {0, 50}, {}, {}},
                   {"c", {1, 40}, {}, {}},
                   {"d", {5, 5}, {}, {}}};
  const auto names = [&](std::size_t most) {
    std::string all;
    for (const FileSummary& file : worst_files(summary, most)) all += file.file;
    return all;
  };
  EXPECT_EQ(names(2), "bc");
  EXPECT_EQ(names(4), "abcd");
}

}  // namespace
}  // namespace gentle
