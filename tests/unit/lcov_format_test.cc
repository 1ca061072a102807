#include "coverage/formats/lcov_format.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

std::string lcov_text(const CoverageTable& table, const FormatOptions& options) {
  return whole_text([&](PartedText& text) { write_lcov(table, options, text); });
}

TEST(LcovFormat, HasARecordForEachSource) {
  EXPECT_EQ(lcov_text(sample_table(), sample_options()),
            "TN:My__project_\n"
            "SF:/elsewhere/\xff.h\n"
            "FNF:0\n"
            "FNH:0\n"
            "BRF:0\n"
            "BRH:0\n"
            "DA:2,1\n"
            "LF:1\n"
            "LH:1\n"
            "end_of_record\n"
            "TN:My__project_\n"
            "SF:/project/a & \"b\", c|`d`.c\n"
            "FN:1,f?g\n"
            "FNDA:0,f?g\n"
            "FNF:1\n"
            "FNH:0\n"
            "BRDA:1,0,0,-\n"
            "BRDA:1,0,1,-\n"
            "BRF:2\n"
            "BRH:0\n"
            "DA:1,0\n"
            "LF:1\n"
            "LH:0\n"
            "end_of_record\n"
            "TN:My__project_\n"
            "SF:/project/src/net/a.cc\n"
            "FN:3,_ZN1SC1Ev\n"
            "FN:9,main\n"
            "FNDA:5,_ZN1SC1Ev\n"
            "FNDA:2,main\n"
            "FNF:2\n"
            "FNH:2\n"
            "BRDA:3,0,0,5\n"
            "BRDA:3,0,1,0\n"
            "BRDA:3,1,0,-\n"
            "BRDA:3,1,1,-\n"
            "BRF:4\n"
            "BRH:1\n"
            "DA:3,5\n"
            "DA:6,0\n"
            "DA:7,0\n"
            "DA:9,2\n"
            "LF:4\n"
            "LH:2\n"
            "end_of_record\n");
}

TEST(LcovFormat, AllTermsOfALineAreOneGroup) {
  CoverageTable table;
  TableLine& line = table.sources()["/a"].lines[3];
  line.decisions = {{1, {{2, 0b01, 0b11}, {1, 0, 0b1}}}};
  EXPECT_EQ(lcov_text(table, {}),
            "TN:Coverage\nSF:/a\nFNF:0\nFNH:0\nBRF:0\nBRH:0\n"
            "MCDC:3,3,f,1,0,0\nMCDC:3,3,t,1,0,0\n"
            "MCDC:3,3,f,1,1,1\nMCDC:3,3,t,0,1,1\n"
            "MCDC:3,3,f,1,2,2\nMCDC:3,3,t,0,2,2\n"
            "MCF:6\nMCH:4\n"
            "DA:3,0\nLF:1\nLH:0\nend_of_record\n");
}

TEST(LcovFormat, AnExcludedDecisionIsLeftOut) {
  CoverageTable table;
  TableLine& line = table.sources()["/a"].lines[3];
  line.decisions = {{1, {{2, 0b01, 0b11}}}};
  line.is_excluded = true;
  EXPECT_EQ(lcov_text(table, {}).find("MC"), std::string::npos);
}

TEST(LcovFormat, ANameIsOneLine) {
  CoverageTable table;
  table.sources()["/a\nSF:b"].lines[1] = sample_line(1);
  EXPECT_TRUE(lcov_text(table, {}).starts_with("TN:Coverage\nSF:/a?SF:b\nFNF:0\n"));
}

TEST(LcovFormat, OfNothing) { EXPECT_EQ(lcov_text({}, {}), ""); }

}  // namespace
}  // namespace gentle
