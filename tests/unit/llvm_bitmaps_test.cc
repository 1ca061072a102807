#include "coverage/llvm/llvm_bitmaps.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"

namespace gentle {
namespace {

// As llvm-profdata 19 writes it.
constexpr std::string_view kText = R"(_Z1fv
# Func Hash:
99278
# Num Counters:
2
# Counter Values:
2
1
# Num Bitmap Bytes:
$2
# Bitmap Byte Values:
0x4d
0x2


a.cc:_ZL1gv
# Func Hash:
24
# Num Counters:
1
# Counter Values:
7

)";

LlvmBitmaps read(std::string_view text) { return read_llvm_bitmaps(text, "p"); }

TEST(LlvmBitmaps, AreOfFunctionsWithDecisions) {
  EXPECT_EQ(read(kText), (LlvmBitmaps{{{"_Z1fv", 99278}, "\x4d\x02"}}));
  EXPECT_EQ(read(":ir\n:single_byte_coverage\n" + std::string(kText)), read(kText));
  EXPECT_EQ(read(""), LlvmBitmaps{});
}

TEST(LlvmBitmaps, OfValuesNothingIsRead) {
  EXPECT_EQ(read("f\n1\n1\n5\n$1\n0x1\n# Num Value Kinds:\n1\n0\n1\n1\ng:3\n\n"),
            (LlvmBitmaps{{{"f", 1}, "\x01"}}));
  EXPECT_EQ(read("f\n1\n1\n5\n# Num Value Kinds:\n1\n0\n1\n1\ng:3\n\n"), LlvmBitmaps{});
}

TEST(LlvmBitmaps, TwoFunctionsMayHaveOneName) {
  EXPECT_EQ(read("f\n1\n0\n$1\n0x1\n\nf\n2\n0\n$1\n0x2\n"),
            (LlvmBitmaps{{{"f", 1}, "\x01"}, {{"f", 2}, "\x02"}}));
}

TEST(LlvmBitmaps, OtherTextIsAnError) {
  const auto cause = [](std::string_view text) { return cause_of_error([&] { read(text); }); };
  for (const std::string_view text :
       {"f\n1\n", "f\n1\n2\n5\n", "f\n1\nx\n", "f\n1\n0\n$2\n0x1\n", "f\n1\n0\n$1\n0xg1\n",
        "f\n1\n0\n$1\n7\n", "f\n1\n0\n$1\n0x123\n", "f\n1\n0\n$x\n0x1\n", "f\nx\n0\n"}) {
    EXPECT_EQ(cause(text), "llvm-profdata has written 'f' in an unknown way") << text;
  }
}

}  // namespace
}  // namespace gentle
