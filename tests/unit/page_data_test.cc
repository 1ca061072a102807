#include "coverage/page/page_data.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

namespace gentle {
namespace {

std::string sources_script(const std::vector<const PageSource*>& sources,
                           const PageOptions& options) {
  return whole_text([&](PartedText& script) { write_sources_script(sources, options, script); });
}

using nlohmann::json;

// The JSON in the call of a function.
json argument_of(const std::string& script, const std::string& call) {
  EXPECT_TRUE(script.starts_with(call)) << script;
  EXPECT_TRUE(script.ends_with(");\n")) << script;
  return json::parse(script.substr(call.size(), script.size() - call.size() - 3));
}

class PageDataTest : public testing::Test {
 protected:
  PageDataTest() {
    options_.root = "/p";
    options_.read_source = [this](const std::string& path) -> std::optional<std::string> {
      const auto found = texts_.find(path);
      if (found == texts_.end()) return std::nullopt;
      return found->second;
    };
  }

  json index() const {
    return argument_of(index_script(page_sources(table_, options_), options_), "gentle.takeIndex(");
  }

  // What is told of the only source.
  json source() const {
    const std::vector<PageSource> sources = page_sources(table_, options_);
    return argument_of(sources_script({&sources.at(0)}, options_), "gentle.takeSources(0,").at(0);
  }

  CoverageTable table_;
  std::map<std::string, std::string> texts_;
  PageOptions options_;
};

TEST_F(PageDataTest, TheIndexNamesTheReport) {
  options_.title = "A </title>";
  options_.timestamp = "2026-01-02";
  options_.throw_branches = true;
  const json told = index();
  EXPECT_EQ(told["format"], 1);
  EXPECT_EQ(told["title"], "A </title>");
  EXPECT_EQ(told["timestamp"], "2026-01-02");
  EXPECT_EQ(told["root"], "/p");
  EXPECT_EQ(told["limits"], json::parse("[75, 90]"));
  EXPECT_EQ(told["throwBranches"], true);
  EXPECT_EQ(told["files"], json::array());
}

TEST_F(PageDataTest, TheIndexHasTheTotalsOfEachFile) {
  TableLine& decides = table_.sources()["/p/b.cc"].lines[2];
  decides.count = 1;
  decides.decisions = {{0, {{3, 1, 5}}}, {7, {{1, 0, 0}}}};
  table_.sources()["/p/a/c.cc"].functions[{"f", 1}].count = 0;
  table_.sources()["/pq/d.h"].lines[1].count = 0;
  EXPECT_EQ(index()["files"],
            json::parse(R"([["/pq/d.h",0,0,0,1,0,0,0,0,0,0], ["a/c.cc",0,1,0,0,0,0,0,1,0,0],
                            ["b.cc",0,2,1,1,0,0,0,0,3,8]])"));
}

TEST_F(PageDataTest, ASourceHasItsTextAndItsCounts) {
  texts_["/p/a.cc"] = "int f() {\n  return \"</script>\";\n}\n";
  TableSource& source = table_.sources()["/p/a.cc"];
  source.lines[1].count = 2;
  source.lines[2].count = 9007199254740993;
  source.lines[2].has_unexecuted_block = true;
  source.lines[2].groups = {
      {std::uint64_t{1} << 32U | 5U, {{2, true, false, true}, {0, false, true, true}}}};
  source.lines[3].is_excluded = true;
  source.lines[3].groups = {{0, {{1, false, false}}}};
  EXPECT_EQ(this->source(), json::parse(R"({"name": "a.cc",
    "text": "int f() {\n  return \"</script>\";\n}\n",
    "lines": [1, 2, 2, "9007199254740993", 3, 0], "partial": [2], "excluded": [3],
    "branches": [[2, [1, 5, 2, 5, 0, 6]]], "conditions": [], "functions": []})"));
}

TEST_F(PageDataTest, AConditionIsADigitForEachTerm) {
  TableSource& source = table_.sources()["/p/a.cc"];
  source.lines[1].decisions = {{0, {{3, 1, 5}, {1, 0, 0}}}, {7, {{64, 0, ~std::uint64_t{0}}}}};
  source.lines[2].decisions = {{0, {{1, 1, 1}}}};
  source.lines[2].is_excluded = true;
  EXPECT_EQ(this->source()["conditions"],
            json::array({json::array({1, "302", "0", std::string(64, '2')})}));
}

TEST_F(PageDataTest, FunctionsComeByTheirLinesAsPeopleWriteThem) {
  TableSource& source = table_.sources()["/p/a.cc"];
  source.functions[{"_Z1av", 9}] = {1, 0, 4, 2};
  source.functions[{"_Z1bv", 3}] = {};
  EXPECT_EQ(this->source()["functions"],
            json::parse(R"x([["b()", 3, 0, 0, 0, 0], ["a()", 9, 1, 0, 4, 2]])x"));
}

TEST_F(PageDataTest, ASourceThatCannotBeReadHasItsCounts) {
  table_.sources()["/p/a.cc"].lines[7].count = 1;
  EXPECT_EQ(source()["text"], nullptr);
  EXPECT_EQ(source()["lines"], json::parse("[7, 1]"));
}

TEST_F(PageDataTest, ManySourcesShareAChunkAndALongOneHasItsOwn) {
  for (int i = 100; i < 160; ++i) table_.sources()["/p/" + std::to_string(i)].lines[200].count = 1;
  table_.sources()["/p/130"].lines[100000].count = 1;
  const std::vector<PageSource> sources = page_sources(table_, options_);
  EXPECT_EQ(sources.at(0).chunk, 0U);
  EXPECT_EQ(sources.at(5).place, 5U);
  std::map<std::size_t, std::size_t> in_chunk;
  for (const PageSource& source : sources) {
    EXPECT_EQ(source.place, in_chunk[source.chunk]++) << source.name;
  }
  EXPECT_EQ(in_chunk[sources.at(30).chunk], 1U);
  EXPECT_LT(in_chunk.size(), 10U);
}

TEST_F(PageDataTest, TheSameTableGivesTheSameBytes) {
  table_.sources()["/p/a.cc"].lines[1].count = 1;
  table_.sources()["/p/b.cc"].lines[1].count = 0;
  CoverageTable other;
  other.add(table_);
  EXPECT_EQ(index_script(page_sources(table_, options_), options_),
            index_script(page_sources(other, options_), options_));
}

// Whatever of a source its parts end in.
TEST_F(PageDataTest, ASourceOfManyPartsIsOneLiteral) {
  TableSource& large = table_.sources()["/p/a.cc"];
  for (std::uint32_t line = 1; line <= 4'000; ++line) {
    large.lines[line].count = line;
    large.lines[line].groups = {{1, {{line, false, false}}}};
    large.functions[{"f" + std::to_string(line), line}] = {line, 0, 1, 1};
  }
  const json told = source();
  EXPECT_GT(told.dump().size(), 2 * PartedText::kPart);
  ASSERT_EQ(told["lines"].size(), 8'000U);
  EXPECT_EQ(told["lines"][7'999], 4'000);
  ASSERT_EQ(told["branches"].size(), 4'000U);
  EXPECT_EQ(told["branches"][1'999], (json{2'000, {0, 1, 2'000, 0}}));
  ASSERT_EQ(told["functions"].size(), 4'000U);
  EXPECT_EQ(told["functions"][2'999][0], "f3000");
}

}  // namespace
}  // namespace gentle
