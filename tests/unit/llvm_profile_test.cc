#include "coverage/llvm/llvm_profile.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "base/error.h"
#include "coverage/llvm/llvm_version.h"

namespace gentle {
namespace {

void set(std::string& bytes, std::size_t at, std::uint64_t value, int size = 8) {
  for (int i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> 8 * i & 0xff);
}

// Two functions with two counters and one; the first has a bitmap, where there are any.
LlvmRawProfile profile_of(std::uint64_t version) {
  const LlvmFormat& format = *find_llvm_format(version);
  LlvmRawProfile profile;
  profile.version = version;
  profile.binary_ids = std::string("\x03\0\0\0\0\0\0\0abc\0\0\0\0\0", 16);
  profile.data = std::string(2 * format.record_size, '\0');
  profile.counters_delta = std::uint64_t{0} - 100;
  const std::size_t size = (version & kLlvmByteCounters) != 0 ? 1 : 8;
  set(profile.data, 16, profile.counters_delta);
  set(profile.data, format.counter_count, 2, 4);
  set(profile.data, format.record_size + 16,
      profile.counters_delta + 2 * size - format.record_size);
  set(profile.data, format.record_size + format.counter_count, 1, 4);
  profile.counters = std::string(3 * size, '\1');
  profile.names = "names";
  profile.names_address = 0x5000;
  if (format.has_bitmap) {
    profile.bitmap = "bits1";
    profile.bitmap_delta = 200;
    set(profile.data, 24, 202);
    set(profile.data, format.bitmap_size, 3, 4);
  }
  return profile;
}

std::string cause_of(std::string_view bytes) {
  try {
    parse_llvm_profile(bytes, "one.profraw");
  } catch (const Error& error) {
    EXPECT_FALSE(is_whole_llvm_profile(bytes));
    return error.cause();
  }
  EXPECT_TRUE(is_whole_llvm_profile(bytes));
  return "";
}

constexpr std::uint64_t kVersions[] = {8, 9, 10, 10 | kLlvmByteCounters};

TEST(LlvmProfile, IsReadAsItIsWritten) {
  for (const std::uint64_t version : kVersions) {
    const LlvmRawProfile profile = profile_of(version);
    EXPECT_EQ(find_fault(profile), "");
    const std::string bytes = serialize(profile);
    EXPECT_EQ(parse_llvm_profile(bytes, "one.profraw"), profile);
    EXPECT_TRUE(bytes.starts_with(serialize_head(profile)));
    EXPECT_EQ(bytes.size() % 8, 0U);
  }
}

TEST(LlvmProfile, KnowsItsHeader) {
  const std::string magic = "\x81rforpl\xff";
  const std::string eight = serialize(profile_of(8));
  EXPECT_EQ(eight.substr(0, 9), magic + "\x08");
  EXPECT_EQ(serialize_head(profile_of(8)).size(), 11U * 8 + 16);
  EXPECT_EQ(serialize_head(profile_of(9)).size(), 14U * 8 + 16);
  EXPECT_EQ(serialize_head(profile_of(10)).size(), 16U * 8 + 16);
}

TEST(LlvmProfile, IsWholeOrItIsNot) {
  for (const std::uint64_t version : kVersions) {
    const std::string bytes = serialize(profile_of(version));
    EXPECT_EQ(cause_of(bytes), "");
    EXPECT_EQ(cause_of(""), "it is empty");
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      EXPECT_EQ(cause_of(std::string_view(bytes).substr(0, size)), "it is truncated") << size;
    }
    EXPECT_EQ(cause_of(bytes + '\0'), "there is something behind it");
  }
}

TEST(LlvmProfile, NamesWhatItCannotRead) {
  const auto with = [](std::size_t at, std::uint64_t value) {
    std::string bytes = serialize(profile_of(8));
    set(bytes, at, value);
    return cause_of(bytes);
  };
  EXPECT_EQ(with(0, 0), "it is no raw profile of a 64-bit program");
  EXPECT_EQ(with(0, 0x8172666f72706cff), "it is of a machine with another byte order");
  EXPECT_EQ(with(8, 12), "it is of raw profile version 12, known are 8 to 10 (clang 14 to 22)");
  for (const std::size_t size : {16, 24, 40, 56}) {
    EXPECT_EQ(with(size, ~std::uint64_t{0}), "it is truncated") << size;
    EXPECT_EQ(with(size, std::uint64_t{1} << 61), "it is truncated") << size;
  }
  EXPECT_EQ(with(32, 4096), "its sizes contradict each other");
  EXPECT_EQ(with(48, 8), "its sizes contradict each other");
  EXPECT_EQ(with(80, 2), "it has other kinds of values");
}

TEST(LlvmProfile, KnowsTheHeaderOfAnyProfile) {
  std::string bytes = serialize(profile_of(8)).substr(0, 16);
  EXPECT_EQ(read_llvm_header(bytes), (LlvmRawHeader{8, true}));
  EXPECT_EQ(read_llvm_header(bytes.substr(0, 15)), std::nullopt);
  set(bytes, 8, 12 | kLlvmByteCounters);
  EXPECT_EQ(read_llvm_header(bytes), (LlvmRawHeader{12, false})) << "of a clang to come";
  set(bytes, 0, 0xff6c70726f665281);
  EXPECT_EQ(read_llvm_header(bytes), (LlvmRawHeader{12, false})) << "of a 32-bit program";
  set(bytes, 0, 0x8172666f72706cff);
  set(bytes, 8, std::uint64_t{9} << 56);
  EXPECT_EQ(read_llvm_header(bytes), (LlvmRawHeader{9, false})) << "of the other byte order";
  set(bytes, 0, 1);
  EXPECT_EQ(read_llvm_header(bytes), std::nullopt);
}

TEST(LlvmProfile, HasValuesOfTheFunctionsThatHaveSites) {
  for (const std::uint64_t version : kVersions) {
    const LlvmFormat& format = *find_llvm_format(version);
    LlvmRawProfile profile = profile_of(version);
    EXPECT_EQ(empty_values(version, profile.data), "");
    set(profile.data, format.record_size + format.value_sites, 9, 2);
    const std::string without = serialize(profile);
    EXPECT_EQ(cause_of(without), "it is truncated") << "the values are missing";
    profile.values = empty_values(version, profile.data);
    // The size and one kind, its number and sites, and a byte for each site, padded.
    EXPECT_EQ(profile.values,
              std::string("\x20\0\0\0\1\0\0\0\0\0\0\0\x09\0\0\0", 16) + std::string(16, '\0'));
    EXPECT_EQ(parse_llvm_profile(serialize(profile), "one.profraw"), profile);
    set(profile.values, 0, 4, 4);
    EXPECT_EQ(cause_of(serialize(profile)), "its value data is damaged");
    set(profile.values, 0, 0x40, 4);
    EXPECT_EQ(cause_of(serialize(profile)), "it is truncated");
  }
}

TEST(LlvmProfile, FindsFunctionsWithoutTheirCounters) {
  const auto fault_with = [](std::size_t at, std::uint64_t value, int size) {
    LlvmRawProfile profile = profile_of(10);
    set(profile.data, at, value, size);
    return find_fault(profile);
  };
  const std::string out = "the counters of a function are not in their section";
  EXPECT_EQ(fault_with(48, 0, 4), "a function has no counters");
  EXPECT_EQ(fault_with(48, 4, 4), out);
  EXPECT_EQ(fault_with(48, 0xffffffff, 4), out);
  EXPECT_EQ(fault_with(64 + 48, 2, 4), out);
  EXPECT_EQ(fault_with(16, 0, 8), out);
  EXPECT_EQ(fault_with(16, std::uint64_t{0} - 108, 8), out);
  EXPECT_EQ(fault_with(60, 4, 4), "the bitmap of a function is not in its section");
  EXPECT_EQ(fault_with(24, 206, 8), "the bitmap of a function is not in its section");
  EXPECT_EQ(fault_with(24, 199, 8), "the bitmap of a function is not in its section");
}

TEST(LlvmProfile, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = serialize(profile_of(kVersions[round % 4]));
    for (int change = 0; change < 4; ++change) {
      bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random() % 16);
    }
    try {
      const LlvmRawProfile read = parse_llvm_profile(bytes, "one.profraw");
      find_fault(read);
      EXPECT_EQ(serialize(read).size(), bytes.size());
    } catch (const Error& error) {
      EXPECT_NE(error.cause(), "");
    }
  }
}

}  // namespace
}  // namespace gentle
