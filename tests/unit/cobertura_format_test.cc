#include "coverage/formats/cobertura_format.h"

#include <gtest/gtest.h>

#include "sample_table.h"

namespace gentle {
namespace {

std::string cobertura_text(const CoverageTable& table, const FormatOptions& options) {
  return whole_text([&](PartedText& text) { write_cobertura(table, options, text); });
}

constexpr const char* kStart =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">";

TEST(CoberturaFormat, HasAPackageForEachFolder) {
  EXPECT_EQ(cobertura_text(sample_table(), sample_options()), kStart + std::string(R"xml(
<coverage line-rate="0.5000" branch-rate="0.1667" lines-covered="3" lines-valid="6" branches-covered="1" branches-valid="6" complexity="0" version="gentle" timestamp="1700000000">
<sources>
<source>/project</source>
</sources>
<packages>
<package name="" line-rate="0.0" branch-rate="0.0" complexity="0">
<classes>
<class name="a &amp; &quot;b&quot;, c|`d`_c" filename="a &amp; &quot;b&quot;, c|`d`.c" line-rate="0.0" branch-rate="0.0" complexity="0">
<methods/>
<lines>
<line number="1" hits="0" branch="true" condition-coverage="0% (0/2)"/>
</lines>
</class>
</classes>
</package>
<package name=".elsewhere" line-rate="1.0" branch-rate="1.0" complexity="0">
<classes>
<class name="?_h" filename="/elsewhere/?.h" line-rate="1.0" branch-rate="1.0" complexity="0">
<methods/>
<lines>
<line number="2" hits="1" branch="false"/>
</lines>
</class>
</classes>
</package>
<package name="src.net" line-rate="0.5000" branch-rate="0.2500" complexity="0">
<classes>
<class name="a_cc" filename="src/net/a.cc" line-rate="0.5000" branch-rate="0.2500" complexity="0">
<methods/>
<lines>
<line number="3" hits="5" branch="true" condition-coverage="25% (1/4)"/>
<line number="6" hits="0" branch="false"/>
<line number="7" hits="0" branch="false"/>
<line number="9" hits="2" branch="false"/>
</lines>
</class>
</classes>
</package>
</packages>
</coverage>
)xml"));
}

TEST(CoberturaFormat, ARateIsOneOnlyIfAllIsCovered) {
  CoverageTable table;
  for (std::uint32_t line = 1; line <= 100000; ++line) table.sources()["/a"].lines[line].count = 1;
  table.sources()["/a"].lines[7].count = 0;
  EXPECT_NE(cobertura_text(table, {}).find("<coverage line-rate=\"0.9999\""), std::string::npos);
  for (auto& [number, line] : table.sources()["/a"].lines) line.count = number == 7;
  EXPECT_NE(cobertura_text(table, {}).find("<coverage line-rate=\"0.0001\""), std::string::npos);
}

TEST(CoberturaFormat, OfNothing) {
  EXPECT_NE(cobertura_text({}, sample_options()).find("<packages>\n</packages>"),
            std::string::npos);
}

}  // namespace
}  // namespace gentle
