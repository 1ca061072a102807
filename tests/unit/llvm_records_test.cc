#include "coverage/llvm/llvm_records.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gentle {
namespace {

std::string record(char name, std::size_t size) {
  std::string bytes(28 + size, '\0');
  bytes[0] = name;
  bytes[8] = static_cast<char>(size);
  bytes.resize((bytes.size() + 7) / 8 * 8);
  return bytes;
}

using Names = std::set<std::uint64_t>;

// As clang 14 and 19 have it in __llvm_covfun.
TEST(LlvmRecords, HashNamesAsLlvm) {
  EXPECT_EQ(llvm_name_hash("main"), 0xdb956436e78dd5faU);
  EXPECT_NE(llvm_name_hash("a.cc:main"), llvm_name_hash("main"));
}

TEST(LlvmRecords, NameWhatIsMapped) {
  EXPECT_EQ(mapped_names(record(1, 5) + record(2, 0) + record(1, 12)), (Names{1, 2}));
  EXPECT_EQ(mapped_names(""), Names());
}

TEST(LlvmRecords, StopWhereTheMappingIsCutOff) {
  const std::string section = record(1, 5) + record(2, 9);
  for (std::size_t size = 0; size < section.size(); ++size) {
    const Names names = mapped_names(section.substr(0, size));
    EXPECT_EQ(names.count(1), size >= 28 + 5 ? 1U : 0U) << size;
    EXPECT_EQ(names.count(2), size >= 40 + 28 + 9 ? 1U : 0U) << size;
  }
}

TEST(LlvmRecords, TellWhatSeveralFunctionsShare) {
  const auto data = [](const std::string& names) {
    std::string section;
    for (const char name : names) section += name + std::string(47, '\0');
    return section;
  };
  EXPECT_EQ(shared_names(data("abc"), 48), Names());
  EXPECT_EQ(shared_names(data("abcbab"), 48), (Names{'a', 'b'}));
  EXPECT_EQ(shared_names(data("aa").substr(0, 95), 48), Names()) << "cut off";
}

}  // namespace
}  // namespace gentle
