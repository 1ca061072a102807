#include "coverage/formats/text_format.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

constexpr const char* kRuler =
    "------------------------------------------------------------------------------\n";

TEST(TextFormat, HasARowForEachFile) {
  EXPECT_EQ(text_table(sample_table(), sample_options()),
            std::string(kRuler) +
                "My <project>\n"
                "Directory: /project\n" +
                kRuler +
                "File                                         Lines      Exec   Cover   Missing\n" +
                kRuler +
                "/elsewhere/?.h                                   1         1    100%\n"
                "a & \"b\", c|`d`.c                                 1         0      0%   1\n"
                "src/net/a.cc                                     4         2     50%   6-7\n" +
                kRuler + "TOTAL                                            6         3     50%\n" +
                kRuler);
}

TEST(TextFormat, NamesRangesOfLines) {
  CoverageTable table;
  TableSource& source = table.sources()["/a"];
  for (const std::uint32_t line : {1U, 2U, 3U, 5U, 8U, 9U}) source.lines[line] = sample_line(0);
  source.lines[4] = sample_line(0);
  source.lines[4].is_excluded = true;
  EXPECT_NE(text_table(table, {}).find("   1-3,5,8-9\n"), std::string::npos);
}

TEST(TextFormat, ALongNameWidensItsColumn) {
  CoverageTable table;
  const std::string name = "/" + std::string(60, 'x');
  table.sources()[name].lines[1] = sample_line(1);
  const std::string text = text_table(table, {});
  EXPECT_NE(text.find(name + "         1         1    100%\n"), std::string::npos) << text;
  EXPECT_NE(text.find("TOTAL" + std::string(56, ' ') + "         1         1    100%\n"),
            std::string::npos)
      << text;
}

TEST(TextFormat, NothingIsNoPercentage) {
  EXPECT_NE(text_table({}, {}).find("         0         0     --%\n"), std::string::npos);
  CoverageTable table;
  table.sources()["/a"].lines[1].is_excluded = true;
  EXPECT_NE(text_table(table, {}).find("         0         0     --%\n"), std::string::npos);
}

}  // namespace
}  // namespace gentle
