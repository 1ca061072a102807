#include "coverage/formats/markdown_format.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

TEST(MarkdownFormat, HasATableOfAllAndOneOfFiles) {
  const FormatOptions options = sample_options();
  EXPECT_EQ(markdown_text(summarize(sample_table(), options), options),
            R"(# My \<project\>

| Metric        | Coverage |
|---------------|----------|
| **Lines**     | 🔴 3/6 (50.0%) |
| **Functions** | 🔴 2/3 (66.7%) |
| **Branches**  | 🔴 1/6 (16.7%) |

## Files

| File | Lines | Functions | Branches |
|------|-------|-----------|----------|
| `/elsewhere/?.h` | 🟢 1/1 (100.0%) | ⚫ 0/0 (-) | ⚫ 0/0 (-) |
| `` a & "b", c\|`d`.c `` | 🔴 0/1 (0.0%) | 🔴 0/1 (0.0%) | 🔴 0/2 (0.0%) |
| `src/net/a.cc` | 🔴 2/4 (50.0%) | 🟢 2/2 (100.0%) | 🔴 1/4 (25.0%) |
)");
}

TEST(MarkdownFormat, HasConditionsIfThereAreAny) {
  CoverageSummary summary;
  EXPECT_EQ(markdown_text(summary, {}).find("Conditions"), std::string::npos);
  summary.conditions = {3, 4};
  EXPECT_NE(markdown_text(summary, {}).find("| **Conditions** | 🟡 3/4 (75.0%) |\n\n## Files"),
            std::string::npos);
}

TEST(MarkdownFormat, ColoursAsGcovrDoes) {
  CoverageSummary summary;
  summary.lines = {9, 10};
  summary.functions = {899, 1000};
  summary.branches = {749, 1000};
  const std::string text = markdown_text(summary, {});
  EXPECT_NE(text.find("🟢 9/10"), std::string::npos);
  EXPECT_NE(text.find("🟡 899/1000"), std::string::npos);
  EXPECT_NE(text.find("🔴 749/1000"), std::string::npos);
}

TEST(MarkdownFormat, FitsIntoAComment) {
  CoverageSummary summary;
  for (int i = 0; i < 5000; ++i) {
    summary.files.push_back({"source/folder/of/the/project/file" + std::to_string(i) + ".cc",
                             {static_cast<std::uint64_t>(i), 5000},
                             {1, 2},
                             {3, 4}});
  }
  const std::string text = markdown_text(summary, {});
  EXPECT_LT(text.size(), 65536U);
  EXPECT_TRUE(text.ends_with("\nNot shown: 4700 files that miss fewer lines.\n"));
  EXPECT_NE(text.find("file299.cc"), std::string::npos);
  EXPECT_EQ(text.find("file300.cc"), std::string::npos);
}

}  // namespace
}  // namespace gentle
