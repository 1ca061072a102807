#include "coverage/llvm/llvm_mapping.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace gentle {
namespace {

constexpr std::uint16_t kEnd = DecisionGraph::kEnd;

using Values = std::vector<unsigned>;

// Of an array of regions: a kind, with what belongs to it, and a place.
Values code(Values place) {
  place.insert(place.begin(), 0b1);  // counter 0
  return place;
}

Values expansion(unsigned file, Values place) {
  place.insert(place.begin(), file << 3U | 0b100U);
  return place;
}

Values decision(unsigned bitmap, unsigned terms, Values place) {
  const Values head = {5U << 3U, bitmap, terms};
  place.insert(place.begin(), head.begin(), head.end());
  return place;
}

Values term(unsigned identifier, unsigned if_true, unsigned if_false, Values place) {
  const Values head = {6U << 3U, 1, 5, identifier, if_true, if_false};
  place.insert(place.begin(), head.begin(), head.end());
  return place;
}

using File = std::vector<Values>;

// As clang writes it; all numbers are less than 128.
std::string record(const std::vector<File>& files, char name = 'n', char hash = 'h') {
  std::string data{static_cast<char>(files.size())};
  data.append(files.size(), '\0');
  data += '\1';  // one expression
  data += "\4\5";
  for (const File& file : files) {
    data += static_cast<char>(file.size());
    for (const Values& region : file) {
      for (const unsigned value : region) data += static_cast<char>(value);
    }
  }
  std::string bytes(8, name);
  const auto size = static_cast<std::uint32_t>(data.size());
  bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
  bytes += std::string(16, hash) + data;
  bytes.resize((bytes.size() + 7) / 8 * 8);
  return bytes;
}

constexpr std::uint64_t kName = 0x6e6e6e6e6e6e6e6e;

// (a && b) || c in line 4: the line of a region is told from that of the region before.
File mixed() {
  return {code({4, 49, 0, 66}), decision(5, 3, {0, 51, 0, 64}), term(1, 3, 2, {0, 52, 0, 53}),
          term(3, 0, 2, {0, 57, 0, 58}), term(2, 0, 0, {0, 63, 0, 64})};
}

const MappedDecision kMixed{
    {4, 51, 4, 64}, 0, 5, {0, 2, 1}, {0, {{2, 1}, {2, kEnd}, {kEnd, kEnd}}}};

// As llvm-cov tells it.
LlvmFunction told(std::vector<LlvmNumbers> regions, std::vector<LlvmNumbers> decisions,
                  std::size_t terms) {
  LlvmFunction function{"f", 1, {"a.cc"}, std::move(regions), {}};
  for (LlvmNumbers& numbers : decisions) {
    function.decisions.push_back({std::move(numbers), std::vector<bool>(terms), {}, {}, {}});
  }
  return function;
}

LlvmFunction mixed_as_told() {
  return told({{4, 49, 4, 66, 1, 0, 0, 0}}, {{4, 51, 4, 64, 0, 0, 5}}, 3);
}

// "": there are none.
std::string graph_of(const std::string& section, const LlvmFunction& function) {
  const LlvmMapping mapping(read_mapped_functions(section));
  const MappedFunction* mapped = mapping.find(kName, function);
  if (mapped == nullptr) return "none";
  std::string text;
  for (const MappedDecision& each : mapped->decisions) {
    text += std::to_string(each.graph.first) + ":";
    for (const auto& [if_false, if_true] : each.graph.next) {
      const auto name = [](std::uint16_t next) {
        return next == kEnd ? "-" : std::to_string(next);
      };
      text += " " + name(if_false) + "/" + name(if_true);
    }
  }
  return text;
}

TEST(LlvmMapping, TellsHowTermsFollowEachOther) {
  const LlvmMapping mapping(
      read_mapped_functions(record({{code({1, 1, 0, 2})}}) + record({mixed()})));
  const MappedFunction* found = mapping.find(kName, mixed_as_told());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->decisions, std::vector{kMixed});
  EXPECT_EQ(found->hash, 0x6868686868686868U);
}

// if (BOTH(a, b) || c), where `a` comes after c in the mapping, and is evaluated first.
TEST(LlvmMapping, TermsMayStandInMacros) {
  const File file = {code({6, 1, 3, 2}), decision(4, 3, {0, 7, 0, 40}), expansion(1, {0, 7, 0, 11}),
                     term(2, 0, 0, {0, 36, 0, 42})};
  const File macro = {term(1, 3, 2, {3, 21, 0, 24}), term(3, 0, 2, {0, 28, 0, 31})};
  LlvmFunction function =
      told({{6, 1, 9, 2, 1, 0, 0, 0}, {6, 7, 6, 11, 1, 0, 1, 1}}, {{6, 7, 6, 40, 0, 0, 5}}, 3);
  EXPECT_EQ(graph_of(record({file, macro}), function), "none");  // c is not in the decision
  function.decisions[0].numbers[3] = 43;
  File right = file;
  right[1] = decision(4, 3, {0, 7, 0, 43});
  EXPECT_EQ(graph_of(record({right, macro}), function), "0: 1/2 -/- 1/-");
}

// As of two files that define a function of the same shape in the same lines.
TEST(LlvmMapping, FunctionsThatLookTheSameHaveNames) {
  File other = mixed();
  other[2] = term(1, 2, 3, {0, 52, 0, 53});
  EXPECT_EQ(graph_of(record({other}, 'o') + record({mixed()}), mixed_as_told()), "0: 2/1 2/- -/-");
}

TEST(LlvmMapping, OfOneNameTheyAreTheSameOrNotKnown) {
  EXPECT_EQ(graph_of(record({mixed()}) + record({mixed()}), mixed_as_told()), "0: 2/1 2/- -/-");
  EXPECT_EQ(graph_of(record({mixed()}) + record({mixed()}, 'n', 'i'), mixed_as_told()), "none");
}

TEST(LlvmMapping, ADecisionWithTooManyTermsHasAPlace) {
  File file = {code({4, 49, 0, 66}), decision(5, 65, {0, 51, 0, 64})};
  for (unsigned i = 1; i <= 65; ++i) {
    file.push_back(term(i, i == 65 ? 0 : i + 1, 0, {0, 52, 0, 53}));
  }
  const auto functions = read_mapped_functions(record({file}));
  ASSERT_EQ(functions.size(), 1U);
  const MappedDecision& decision = functions[0].decisions.at(0);
  EXPECT_EQ(decision.place, (LlvmNumbers{4, 51, 4, 64}));
  EXPECT_EQ(decision.identifiers.size(), 65U);
  EXPECT_EQ(decision.graph, DecisionGraph{});
  EXPECT_EQ(taken_paths(decision, "\x11", 19), std::nullopt);
}

TEST(LlvmMapping, WhatLlvmCovTellsOtherwiseIsNotKnown) {
  LlvmFunction other = mixed_as_told();
  other.decisions[0].numbers[1] = 50;
  EXPECT_EQ(graph_of(record({mixed()}), other), "none");
  other = mixed_as_told();
  other.decisions[0].covered.push_back(false);
  EXPECT_EQ(graph_of(record({mixed()}), other), "none");
  other = mixed_as_told();
  other.decisions.clear();
  EXPECT_EQ(graph_of(record({mixed()}), other), "none");
  other = mixed_as_told();
  other.regions[0][0] = 5;
  EXPECT_EQ(graph_of(record({mixed()}), other), "none");
}

TEST(LlvmMapping, WhatIsMalformedIsLeftOut) {
  const auto with = [](std::size_t at, const Values& region) {
    File file = mixed();
    file[at] = region;
    return record({file}) + record({{code({1, 1, 0, 2})}});
  };
  const LlvmFunction function = mixed_as_told();
  EXPECT_NE(graph_of(with(4, term(2, 0, 0, {0, 63, 0, 64})), function), "none");
  EXPECT_EQ(graph_of(with(4, term(2, 1, 0, {0, 63, 0, 64})), function), "0:");     // a cycle
  EXPECT_EQ(graph_of(with(4, term(2, 4, 0, {0, 63, 0, 64})), function), "0:");     // no such term
  EXPECT_EQ(graph_of(with(4, term(3, 0, 0, {0, 63, 0, 64})), function), "none");   // b again
  EXPECT_EQ(graph_of(with(1, decision(5, 4, {0, 51, 0, 64})), function), "none");  // one is missing
  EXPECT_EQ(graph_of(with(1, decision(5, 65, {0, 51, 0, 64})), function), "none");
  EXPECT_EQ(graph_of(with(4, {7U << 3U, 0, 63, 0, 64}), function), "none");
  const std::string whole = record({mixed()});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = graph_of(whole.substr(0, size), function);
    EXPECT_TRUE(cut == "none" || size + 8 > whole.size()) << size;
  }
}

using Taken = std::vector<std::uint64_t>;

// Its five bits are in front of bit 5, as clang 19 counts.
TEST(LlvmMapping, ABitmapTellsWhichPathsWereTaken) {
  EXPECT_EQ(taken_paths(kMixed, "\x11", 19), (Taken{1, 0, 0, 0, 1}));
  EXPECT_EQ(taken_paths(kMixed, "\x06", 22), (Taken{0, 1, 1, 0, 0}));
  MappedDecision second = kMixed;
  second.bitmap = 10;
  EXPECT_EQ(taken_paths(second, "\x20\x02", 19), (Taken{1, 0, 0, 0, 1}));
}

// In clang 18 it is the number of a byte.
TEST(LlvmMapping, ABitmapOfClang18HasABitForEachValueOfTheTerms) {
  MappedDecision second = kMixed;
  second.bitmap = 1;
  EXPECT_EQ(taken_paths(second, std::string("\0\x25", 2), 18), (Taken{1, 1, 0, 0, 1}));
}

TEST(LlvmMapping, BitsThatAreNotThereAreNotKnown) {
  EXPECT_EQ(taken_paths(kMixed, "", 19), std::nullopt);
  EXPECT_EQ(taken_paths(kMixed, "\x11", 0), std::nullopt);
  EXPECT_EQ(taken_paths(kMixed, "\x11", 18), std::nullopt);
  MappedDecision wrong = kMixed;
  wrong.bitmap = 4;
  EXPECT_EQ(taken_paths(wrong, "\x11", 19), std::nullopt);
  wrong.bitmap = UINT64_MAX;
  EXPECT_EQ(taken_paths(wrong, "\x11", 19), std::nullopt);
  wrong.bitmap = 0;
  wrong.identifiers.resize(7);
  EXPECT_EQ(taken_paths(wrong, "\x11", 18), std::nullopt);
}

}  // namespace
}  // namespace gentle
