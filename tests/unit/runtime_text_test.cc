#include "coverage/image/runtime_text.h"

#include <gtest/gtest.h>

#include "fake_memory.h"

namespace gentle {
namespace {

using namespace std::string_literals;

RuntimeTexts texts_of(const std::string& bytes) {
  return find_runtime_texts(FakeMemory(bytes), 0, kWholeFile);
}

TEST(RuntimeText, FindsEachRuntime) {
  EXPECT_EQ(texts_of("abc"), RuntimeTexts{});
  EXPECT_TRUE(texts_of("\0libgcov profiling error:%s:Version mismatch"s).gcc);
  EXPECT_TRUE(texts_of("profiling: %s: cannot merge previous GCDA file: corrupt"s).clang_gcov);
  EXPECT_TRUE(texts_of("\0.data\0__llvm_prf_cnts\0"s).llvm);
  EXPECT_FALSE(texts_of("\0 no section __llvm_prf_cnts\0"s).any()) << "a part of a text";
}

// This program speaks of these texts itself.
TEST(RuntimeText, IsNotInAProgramThatLooksForIt) {
  EXPECT_FALSE(
      texts_of("libgcov profiling error\0:%s:\0profiling: %s\0: cannot merge previous GCDA file"s)
          .any());
}

TEST(RuntimeText, TellsForksThatResetTheCounters) {
  EXPECT_TRUE(texts_of("\0main\0__gcov_fork\0"s).resets_at_fork);
  EXPECT_FALSE(texts_of("\0main\0fork\0"s).resets_at_fork);
  EXPECT_FALSE(texts_of("\0main\0__gcov_fork\0forkpty\0"s).resets_at_fork);
}

TEST(RuntimeText, FindsWhatTwoPiecesShare) {
  constexpr std::size_t kPiece = 1 << 20;
  const std::string text = "some text";
  for (std::size_t begin = kPiece - text.size() - 1; begin <= kPiece + 1; ++begin) {
    const FakeMemory file(std::string(begin, '.') + text + "..");
    EXPECT_EQ(find_texts(file, 0, kWholeFile, {text, "other"}), (std::vector<bool>{true, false}));
  }
}

TEST(RuntimeText, KeepsToItsPart) {
  const FakeMemory file("..some text..");
  EXPECT_EQ(find_texts(file, 2, 9, {"some text"}), std::vector<bool>{true});
  EXPECT_EQ(find_texts(file, 2, 8, {"some text"}), std::vector<bool>{false});
  EXPECT_EQ(find_texts(file, 3, 99, {"some text"}), std::vector<bool>{false});
}

}  // namespace
}  // namespace gentle
