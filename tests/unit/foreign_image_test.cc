#include "coverage/image/foreign_image.h"

#include <elf.h>
#include <gtest/gtest.h>

#include "fake_memory.h"
#include "os/processor.h"

namespace gentle {
namespace {

using namespace std::string_literals;

std::string program(char width, char order, unsigned machine) {
  return "\x7f"
         "ELF"s +
         width + order + std::string(10, '\1') + "\3\0"s + static_cast<char>(machine & 0xff) +
         static_cast<char>(machine >> 8);
}

ForeignKind kind_of(const std::string& bytes) { return foreign_kind(FakeMemory(bytes)); }

TEST(ForeignImage, IsOfAnotherWidthOrProcessor) {
  EXPECT_EQ(kind_of("#!/bin/sh\nexec something else\n"), ForeignKind::kNone);
  EXPECT_EQ(kind_of(""), ForeignKind::kNone);
  EXPECT_EQ(kind_of(program(ELFCLASS64, ELFDATA2LSB, kElfMachine)), ForeignKind::kNone);
  EXPECT_EQ(kind_of(program(ELFCLASS64, ELFDATA2LSB, EM_RISCV)), ForeignKind::kEmulated);
  EXPECT_EQ(kind_of(program(ELFCLASS64, ELFDATA2MSB, EM_S390)), ForeignKind::kEmulated);
  EXPECT_EQ(kind_of(program(ELFCLASS32, ELFDATA2MSB, EM_MIPS)), ForeignKind::kEmulated);
  if (!kRescuesCounters) GTEST_SKIP() << "no program of this processor is read";
  EXPECT_EQ(kind_of(program(ELFCLASS32, ELFDATA2LSB, kNarrowElfMachine)), ForeignKind::k32Bit);
  EXPECT_EQ(kind_of(program(ELFCLASS32, ELFDATA2LSB, kElfMachine)), ForeignKind::k32Bit);
}

TEST(ForeignImage, CountsByARuntime) {
  const std::string header = program(ELFCLASS32, ELFDATA2LSB, EM_386);
  const auto read = [&](const std::string& text) {
    return read_foreign_image(FakeMemory(header + text), ForeignKind::k32Bit);
  };
  EXPECT_EQ(read("\0main\0"s), std::nullopt);
  const auto plain = read("libgcov profiling error:%s:Version");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->foreign, ForeignKind::k32Bit);
  EXPECT_FALSE(plain->resets_at_fork);
  EXPECT_TRUE(may_count(*plain));
  EXPECT_TRUE(read("libgcov profiling error:%s:\0__gcov_fork\0"s)->resets_at_fork);
  EXPECT_FALSE(read("\0__llvm_prf_cnts\0__gcov_fork\0"s)->resets_at_fork);
}

}  // namespace
}  // namespace gentle
