#include "coverage/languages/hits.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "cause_of_error.h"

namespace gentle {
namespace {

using namespace std::string_literals;

std::string words(const std::vector<std::uint64_t>& after_magic) {
  std::string bytes = "GPYHITS1";
  for (const std::uint64_t word : after_magic) {
    char text[8];
    std::memcpy(text, &word, sizeof text);
    bytes.append(text, sizeof text);
  }
  return bytes;
}

std::uint64_t hit(std::uint64_t source, std::uint64_t line) { return source << 48U | line; }

std::string hits_file(const std::vector<std::uint64_t>& hits, std::uint64_t loss = 0,
                      std::uint64_t number = 0) {
  std::vector<std::uint64_t> all = {loss, number, 0, 0, 0, 0, 0};
  all.insert(all.end(), hits.begin(), hits.end());
  return words(all);
}

const std::string kNames =
    "P 3.11.7 /usr/bin/python3\0F 1 12 345 /src/a b.py\0F 2 0 0 /src/z.py\0"s;

std::string cause(const std::string& hits, const std::string& names) {
  return cause_of_error([&] { read_hits(Language::kPython, hits, names, "/data/x.hits"); });
}

TEST(Hits, AreTheLinesOfEachSource) {
  const auto hits = read_hits(Language::kPython, hits_file({hit(1, 3), hit(2, 1), hit(1, 70000)}),
                              kNames, "x.hits");
  EXPECT_EQ(hits.version, "3.11.7");
  EXPECT_EQ(hits.interpreter, "/usr/bin/python3");
  ASSERT_EQ(hits.sources.size(), 2U);
  EXPECT_EQ(hits.sources[0].path, "/src/a b.py");
  EXPECT_EQ(hits.sources[0].size, 12U);
  EXPECT_EQ(hits.sources[0].crc, 345U);
  EXPECT_EQ(hits.sources[0].lines, (std::set<std::uint32_t>{3, 70000}));
  EXPECT_EQ(hits.sources[1].lines, (std::set<std::uint32_t>{1}));
}

TEST(Hits, LackWhatAKilledThreadHadNoTimeToWrite) {
  const auto hits = read_hits(Language::kPython, hits_file({0, hit(1, 3), 0}), kNames, "x.hits");
  EXPECT_EQ(hits.sources[0].lines, (std::set<std::uint32_t>{3}));
}

TEST(Hits, AreNoneOfAProcessThatWasKilledAtItsBegin) {
  for (const std::string& bytes : {""s, std::string(16384, '\0')}) {
    EXPECT_TRUE(read_hits(Language::kPython, bytes, "", "x.hits").sources.empty());
  }
}

TEST(Hits, EndWithTheLastWholeName) {
  const auto hits =
      read_hits(Language::kPython, hits_file({hit(1, 3)}), kNames + "F 3 1 1 /src/cu", "x.hits");
  EXPECT_EQ(hits.sources.size(), 2U);
}

TEST(Hits, TellWhatIsCorrupt) {
  const std::string good = hits_file({hit(1, 3)});
  EXPECT_EQ(cause(good, ""), "it is corrupt: it names a source 1 of none");
  EXPECT_EQ(cause(good.substr(0, 71), kNames), "it is corrupt: it ends within a hit");
  EXPECT_EQ(cause(good.substr(0, 40), kNames), "it is corrupt: it is too short");
  EXPECT_EQ(cause("X" + good.substr(1), kNames), "it is corrupt: it does not begin as one");
  EXPECT_EQ(cause(std::string(64, '\0') + "12345678", kNames),
            "it is corrupt: it has no beginning");
  EXPECT_EQ(cause(hits_file({std::uint64_t{1} << 48U}), kNames), "it is corrupt: it holds no line");
  EXPECT_EQ(cause(good, "F 1 1 1 /a\0F 1 2 2 /b\0"s),
            "it is corrupt: two sources have the number 1");
  for (const std::string& name : {"F 0 1 1 /a\0"s, "F 1 -1 1 /a\0"s, "F 1 1 1 a\0"s, "X\0"s, "\0"s,
                                  "F 70000 1 1 /a\0"s, "F 1 1 9999999999 /a\0"s}) {
    EXPECT_EQ(cause(good, name), "it is corrupt: a name in it is not of a source") << name;
  }
}

TEST(Hits, TellWhatTheyLack) {
  EXPECT_EQ(loss_of_hits(hits_file({})), "");
  EXPECT_EQ(loss_of_hits(""), "");
  EXPECT_EQ(loss_of_hits(hits_file({}, 1, ENOSPC)),
            "its file of hits could not grow: " + errno_text(ENOSPC));
  EXPECT_EQ(loss_of_hits(hits_file({}, 5)),
            "a debugger or another tracer took the recorder's place");
  EXPECT_EQ(loss_of_hits(hits_file({}, 6)), "its ES modules could not be recorded");
  EXPECT_EQ(loss_of_hits(hits_file({}, 7)), "one of its threads could not be recorded");
  EXPECT_EQ(loss_of_hits(hits_file({}, 99)),
            "for a reason that this version of gentle does not know");
}

TEST(Hits, HaveTheirNamesBeside) {
  EXPECT_EQ(names_of_hits("/a/python.1f.hits"), "/a/python.1f.names");
}

// `target` as the recorder writes it: a line, or kLeaves and the first line of the code.
std::uint64_t arc(std::uint64_t source, std::uint64_t line, std::uint64_t target) {
  return source << 48U | line << 24U | target;
}

constexpr std::uint64_t kLeaves = 1U << 23U;

TEST(Hits, OfPythonHaveTheArcsOfEachSource) {
  const auto hits = read_hits(
      Language::kPython,
      hits_file({hit(1, 3), arc(1, 3, 4), arc(2, 70000, kLeaves | 9), arc(1, 4, 3), arc(1, 3, 4)}),
      "P 3.12.1 /usr/bin/python3\0A\0F 1 12 345 /src/a.py\0F 2 0 0 /src/z.py\0"s, "x.hits");
  EXPECT_TRUE(hits.has_arcs);
  ASSERT_EQ(hits.sources.size(), 2U);
  EXPECT_EQ(hits.sources[0].lines, (std::set<std::uint32_t>{3}));
  EXPECT_EQ(hits.sources[0].arcs, (std::set<HitArc>{{3, 4}, {4, 3}}));
  EXPECT_EQ(hits.sources[1].arcs, (std::set<HitArc>{{70000, -9}}));
  EXPECT_FALSE(read_hits(Language::kPython, hits_file({hit(1, 3)}), kNames, "x.hits").has_arcs);
}

TEST(Hits, OfPythonTellWhichArcsAreCorrupt) {
  EXPECT_EQ(cause(hits_file({arc(1, 3, kLeaves)}), kNames),
            "it is corrupt: it holds an arc to no line");
  EXPECT_EQ(cause(hits_file({arc(1, 3, 0)}), kNames),
            "it is corrupt: it holds a way on from no branch");
  EXPECT_EQ(cause(hits_file({arc(3, 3, 4)}), kNames), "it is corrupt: it names a source 3 of none");
}

const std::string kNodeNames =
    "P 20.1.0 /usr/bin/node\0F 1 12 345 /src/a.js\0S 1 3 5 70000\0X 2 /src/t.ts.js\0"s;

std::string node_file(const std::vector<std::uint64_t>& hits) {
  return "GJSHITS1" + hits_file(hits).substr(8);
}

std::string node_cause(const std::string& hits, const std::string& names) {
  return cause_of_error([&] { read_hits(Language::kNode, hits, names, "/data/x.hits"); });
}

TEST(Hits, OfNodeHaveTheirStatementsWithThem) {
  const auto hits =
      read_hits(Language::kNode, node_file({hit(1, 5), hit(1, 70000)}), kNodeNames, "x.hits");
  ASSERT_EQ(hits.sources.size(), 1U);
  EXPECT_EQ(hits.sources[0].lines, (std::set<std::uint32_t>{5, 70000}));
  EXPECT_EQ(hits.sources[0].statements, (std::set<std::uint32_t>{3, 5, 70000}));
  EXPECT_EQ(hits.uncounted, (std::map<std::string, std::uint32_t>{{"/src/t.ts.js", 2}}));
}

TEST(Hits, OfNodeTellWhatIsCorrupt) {
  EXPECT_EQ(node_cause(hits_file({hit(1, 5)}), kNodeNames),
            "it is corrupt: it does not begin as one");
  EXPECT_EQ(node_cause(node_file({hit(1, 4)}), kNodeNames),
            "it is corrupt: it holds a line without a statement");
  EXPECT_EQ(node_cause(node_file({}), "S 1 3\0"s), "it is corrupt: it has statements of no source");
  for (const std::string& lines : {"x"s, "3  5"s, "0"s, "99999999999"s}) {
    EXPECT_EQ(node_cause(node_file({}), "F 1 1 1 /a\0S 1 "s + lines + "\0"s),
              "it is corrupt: a statement in it has no line")
        << lines;
  }
  for (const std::string& name : {"X 1 a\0"s, "X /a\0"s, "X -1 /a\0"s}) {
    EXPECT_EQ(node_cause(node_file({}), name), "it is corrupt: a name in it is not of a source")
        << name;
  }
}

std::uint64_t way(std::uint64_t source, std::uint64_t number) {
  return source << 48U | number << 24U;
}

TEST(Hits, OfNodeHaveTheWaysOfTheirBranches) {
  const std::string names = "F 1 99 345 /a.js\0S 1 3 5\0B 1 3 2 3 1 5 70\0"s;
  const auto hits = read_hits(
      Language::kNode, node_file({hit(1, 3), way(1, 2), way(1, 73), way(1, 2)}), names, "x.hits");
  ASSERT_EQ(hits.sources.size(), 1U);
  EXPECT_EQ(hits.sources[0].branches, (std::vector<HitBranch>{{3, 2}, {3, 1}, {5, 70}}));
  EXPECT_EQ(hits.sources[0].ways, (std::set<std::uint32_t>{2, 73}));
  EXPECT_EQ(hits.sources[0].lines, (std::set<std::uint32_t>{3}));
  EXPECT_EQ(node_cause(node_file({way(1, 74)}), names),
            "it is corrupt: it holds a way on from no branch");
  EXPECT_EQ(node_cause(node_file({way(1, 1) | 3U}), names), "it is corrupt: it holds no line");
  EXPECT_EQ(node_cause(node_file({way(1, 0)}), names), "it is corrupt: it holds no line");
  EXPECT_EQ(cause(hits_file({way(1, 1)}), kNames),
            "it is corrupt: it holds a way on from no branch");
}

TEST(Hits, OfNodeTellWhichBranchesAreCorrupt) {
  EXPECT_EQ(node_cause(node_file({}), "B 1 3 2\0"s), "it is corrupt: it has branches of no source");
  const auto cause_of_branches = [](const std::string& numbers) {
    return node_cause(node_file({}), "F 1 4 345 /a.js\0S 1 3 5\0B 1 "s + numbers + "\0"s);
  };
  EXPECT_EQ(cause_of_branches("3 1 5 1048575"), "");
  EXPECT_EQ(cause_of_branches("3 1 5 1048576"),
            "it is corrupt: it has more branches than a recorder notes");
  EXPECT_EQ(cause_of_branches("3 1\0B 1 3 1"s),
            "it is corrupt: it has the branches of a source twice");
  EXPECT_EQ(cause_of_branches("3 1 5"), "it is corrupt: a branch in it has no ways");
  EXPECT_EQ(cause_of_branches("3 0"), "it is corrupt: a branch in it has no ways");
  EXPECT_EQ(cause_of_branches("x 1"), "it is corrupt: a branch in it has no line");
  EXPECT_EQ(cause_of_branches("4 1"), "it is corrupt: it holds a branch without a statement");
}

TEST(Hits, AreOfTheLanguageThatTheirNameBeginsWith) {
  EXPECT_EQ(language_of_hits("/a/python.1f.hits"), Language::kPython);
  EXPECT_EQ(language_of_hits("/a/node.1f.hits"), Language::kNode);
  for (const char* path : {"/a/1f.hits", "/a/python.1f.names", "/python.x/b.hits", ""}) {
    EXPECT_EQ(language_of_hits(path), std::nullopt) << path;
  }
}

TEST(Crc32, IsThatOfPython) {
  EXPECT_EQ(crc32_of(""), 0U);
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926U);
}

}  // namespace
}  // namespace gentle
