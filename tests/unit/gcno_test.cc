#include "coverage/gcov/gcno.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "words.h"

namespace gentle {
namespace {

constexpr std::uint32_t kData = 0x67636461;
constexpr std::uint32_t kNotes = 0x67636e6f;
constexpr std::uint32_t kGcc11 = 0x4231332a;  // "B13*"
constexpr std::uint32_t kGcc12 = 0x4232322a;  // "B22*"
constexpr std::uint32_t kGcc9 = 0x4139342a;   // "A94*"
constexpr std::uint32_t kClang = 0x3430382a;  // "408*"
constexpr std::uint32_t kFunction = 0x01000000;
constexpr std::uint32_t kArcs = 0x01a10000;
constexpr std::uint32_t kSummary = 0xa1000000;

const std::string kWhole11 =
    words({kData, kGcc11, 7, kSummary, 2, 1, 5, kFunction, 3, 1, 2, 3, kArcs, 4, 1, 0, 9, 0, 0});
const std::string kWhole12 = words(
    {kData, kGcc12, 7, 99, kSummary, 8, 1, 5, kFunction, 12, 1, 2, 3, kArcs, 16, 1, 0, 9, 0, 0});

TEST(Gcno, ReadsTheHeaderOfNotes) {
  const auto little = read_notes_header(words({kNotes, kGcc12, 7, 1}));
  ASSERT_TRUE(little);
  EXPECT_EQ(little->version, kGcc12);
  EXPECT_EQ(little->stamp, 7U);
  EXPECT_FALSE(little->big_endian);
  const auto big = read_notes_header(words({kNotes, kGcc12, 7}, true));
  ASSERT_TRUE(big);
  EXPECT_EQ(big->stamp, 7U);
  EXPECT_TRUE(big->big_endian);
  EXPECT_FALSE(read_notes_header(""));
  EXPECT_FALSE(read_notes_header(words({kNotes, kGcc12})));
  EXPECT_FALSE(read_notes_header(words({kData, kGcc12, 7})));
}

TEST(Gcno, KnowsTheLayoutByTheVersion) {
  EXPECT_TRUE((NotesHeader{kGcc12, 0, false}.since_gcc_12()));
  EXPECT_TRUE((NotesHeader{0x4235312a, 0, false}.since_gcc_12()));  // "B51*": 15.1
  EXPECT_FALSE((NotesHeader{kGcc11, 0, false}.since_gcc_12()));
  EXPECT_FALSE((NotesHeader{kGcc9, 0, false}.since_gcc_12()));
  EXPECT_FALSE((NotesHeader{kClang, 0, false}.since_gcc_12()));
}

TEST(Gcno, TellsWholeDataOfBothLayouts) {
  EXPECT_EQ(check_data(kWhole11, {kGcc11, 7, false}), DataFault::kNone);
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 7, false}), DataFault::kNone);
}

TEST(Gcno, TakesANegativeLengthForCountersThatAreNotWritten) {
  const std::string data = words(
      {kData, kGcc12, 7, 99, kFunction, 12, 1, 2, 3, kArcs, static_cast<std::uint32_t>(-16), 0});
  EXPECT_EQ(check_data(data, {kGcc12, 7, false}), DataFault::kNone);
  const std::string no_counters =
      words({kData, kGcc12, 7, 99, kFunction, static_cast<std::uint32_t>(-16), 0});
  EXPECT_EQ(check_data(no_counters, {kGcc12, 7, false}), DataFault::kTruncated);
}

TEST(Gcno, FindsEveryTruncation) {
  for (std::size_t size = 0; size < kWhole11.size(); ++size) {
    EXPECT_EQ(check_data(kWhole11.substr(0, size), {kGcc11, 7, false}), DataFault::kTruncated)
        << size;
  }
  for (std::size_t size = 0; size < kWhole12.size(); ++size) {
    EXPECT_EQ(check_data(kWhole12.substr(0, size), {kGcc12, 7, false}), DataFault::kTruncated)
        << size;
  }
}

TEST(Gcno, FindsWhatBelongsToAnotherCompilation) {
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 8, false}), DataFault::kForeign);
  EXPECT_EQ(check_data(kWhole12, {kGcc11, 7, false}), DataFault::kForeign);
  EXPECT_EQ(check_data(kWhole12, {kGcc12, 7, true}), DataFault::kForeign);
  EXPECT_EQ(check_data("<html>", {kGcc12, 7, false}), DataFault::kForeign);
}

constexpr std::uint32_t kBlocks = 0x01410000;
constexpr std::uint32_t kLines = 0x01450000;
constexpr std::uint32_t kA = 0x00632e61;       // "a.c"
constexpr std::uint32_t kB = 0x00682e62;       // "b.h"
constexpr std::uint32_t kFolder = 0x00772f2f;  // "//w"

// A function of a.c with lines 3 and 7, and line 2 of b.h in between; then one with line 9.
// clang-format off
std::string notes_of_gcc_12() {
  return words({kNotes, kGcc12, 7, 0, 4, kFolder, 1,
                kFunction, 48, 1, 2, 3, 4, kA, 0, 4, kA, 3, 1, 7, 1,
                kBlocks, 4, 2,
                kLines, 48, 2, 0, 4, kA, 3, 7, 0, 4, kB, 2, 0, 0,
                kFunction, 48, 2, 2, 3, 4, kA, 0, 4, kA, 9, 1, 9, 1,
                kBlocks, 4, 2,
                kLines, 28, 2, 0, 4, kA, 9, 0, 0});
}

std::string notes_of_gcc_11() {
  return words({kNotes, kGcc11, 7, 1, kFolder, 1,
                kFunction, 12, 1, 2, 3, 1, kA, 0, 1, kA, 3, 1, 7, 1,
                kBlocks, 1, 2,
                kLines, 12, 2, 0, 1, kA, 3, 7, 0, 1, kB, 2, 0, 0});
}

// It names no folder, and does not repeat the name of the function's file. Zeros end it.
std::string notes_of_clang() {
  return words({kNotes, kClang, 7,
                kFunction, 8, 1, 2, 3, 1, kA, 1, kA, 3,
                kBlocks, 2, 0, 0,
                kLines, 9, 2, 3, 7, 0, 1, kB, 2, 0, 0,
                0, 0});
}
// clang-format on

std::vector<std::string> sources_of(const Notes& notes) {
  std::vector<std::string> sources;
  for (const NotesSource& source : notes.sources) {
    sources.push_back(source.name + " " + std::to_string(source.last_line));
  }
  return sources;
}

TEST(Gcno, TellsTheSourcesOfEachDialect) {
  const Notes of_12 = parse_notes(notes_of_gcc_12(), "x");
  EXPECT_EQ(of_12.directory, "//w");
  EXPECT_EQ(sources_of(of_12), (std::vector<std::string>{"a.c 9", "b.h 2"}));
  const Notes of_11 = parse_notes(notes_of_gcc_11(), "x");
  EXPECT_EQ(of_11.directory, "//w");
  EXPECT_EQ(sources_of(of_11), (std::vector<std::string>{"a.c 7", "b.h 2"}));
  const Notes of_clang = parse_notes(notes_of_clang(), "x");
  EXPECT_EQ(of_clang.directory, "");
  EXPECT_EQ(of_12.functions, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(of_11.functions, std::vector<std::uint32_t>{1});
  EXPECT_EQ(of_clang.functions, std::vector<std::uint32_t>{1});
  EXPECT_EQ(sources_of(of_clang), (std::vector<std::string>{"a.c 7", "b.h 2"}));
}

TEST(Gcno, TakesNoFolderThatSaysNothing) {
  std::string bytes = notes_of_gcc_11();
  bytes.replace(bytes.find("//w"), 3, std::string(".\0\0", 3));
  EXPECT_EQ(parse_notes(bytes, "x").directory, "");
}

TEST(Gcno, RenamesSourcesAndNothingElse) {
  for (const std::string& bytes : {notes_of_gcc_12(), notes_of_gcc_11(), notes_of_clang()}) {
    EXPECT_EQ(rename_sources(bytes, [](const std::string& name) { return name; }), bytes);
    const std::string renamed = rename_sources(bytes, [](const std::string& name) {
      return name == "b.h" ? "/somewhere/else/b.h" : name;
    });
    const Notes notes = parse_notes(renamed, "x");
    ASSERT_EQ(notes.sources.size(), 2U);
    EXPECT_EQ(notes.sources[1].name, "/somewhere/else/b.h");
    EXPECT_EQ(notes.sources[1].last_line, 2U);
    EXPECT_EQ(rename_sources(renamed,
                             [](const std::string& name) { return name == "a.c" ? name : "b.h"; }),
              bytes);
  }
}

TEST(Gcno, LeavesTheFunctionsOfTheCompilerOut) {
  std::string bytes = notes_of_gcc_11();
  bytes[13 * 4] = 1;  // whether it made the function
  EXPECT_TRUE(parse_notes(bytes, "x").sources.empty());
  EXPECT_EQ(parse_notes(bytes, "x").functions.size(), 1U);
}

std::string cause_of(const std::string& bytes) {
  try {
    parse_notes(bytes, "x.gcno");
  } catch (const Error& error) {
    return error.cause();
  }
  return "";
}

TEST(Gcno, NamesWhatIsWrongWithNotes) {
  EXPECT_EQ(cause_of(""), "it is empty");
  EXPECT_EQ(cause_of("<html> and so on"), "it is no .gcno");
  const std::string cut = "it is truncated, as by a compiler that was killed or a full disk";
  const std::string whole = notes_of_gcc_12();
  int found = 0;
  for (std::size_t size = 12; size < whole.size(); ++size) {
    const std::string cause = cause_of(whole.substr(0, size));
    EXPECT_TRUE(cause == cut || cause.empty()) << size << ": " << cause;
    found += cause == cut ? 1 : 0;
  }
  EXPECT_EQ(found, static_cast<int>(whole.size()) - 12 - 4)
      << "all but after the header, and after the blocks of a function, before or after its lines";
  EXPECT_EQ(cause_of(whole.substr(0, 12)), cut);
}

TEST(Gcno, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  for (int round = 0; round < 20000; ++round) {
    std::string data = round % 2 == 0 ? kWhole11 : kWhole12;
    for (int change = 0; change < 3; ++change)
      data[random() % data.size()] = static_cast<char>(random());
    check_data(data, {round % 2 == 0 ? kGcc11 : kGcc12, 7, false});
    read_notes_header(data);
    std::string notes = round % 3 == 0   ? notes_of_gcc_11()
                        : round % 3 == 1 ? notes_of_gcc_12()
                                         : notes_of_clang();
    for (int change = 0; change < 3; ++change)
      notes[random() % notes.size()] = static_cast<char>(random());
    cause_of(notes);
  }
}

}  // namespace
}  // namespace gentle
