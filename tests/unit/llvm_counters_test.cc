#include "coverage/llvm/llvm_counters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "cause_of_error.h"
#include "counted_process.h"
#include "coverage/image/mapped_files.h"
#include "coverage/llvm/llvm_version.h"
#include "fake_memory.h"
#include "locked_file.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::uint64_t kBias = 0x400000;
constexpr std::uint64_t kStart = 0x10000;
constexpr std::uint64_t kSize = 0x1000;
constexpr std::uint64_t kVersion = kStart;
constexpr std::uint64_t kMergeHook = kStart + 8;
constexpr std::uint64_t kFreeHook = kStart + 16;
constexpr std::uint64_t kDumped = kStart + 24;
constexpr std::uint64_t kCounters = kStart + 0x100;
constexpr std::uint64_t kData = kStart + 0x200;
constexpr std::uint64_t kNames = kStart + 0x400;

// An image of one segment, mapped kBias higher, with two functions: of two counters and of one. Of
// raw profile version 10.
class Image {
 public:
  Image() {
    elf.position_independent = true;
    elf.build_id = "00ab";
    elf.segments.push_back({0, kStart, kSize, kSize, true});
    elf.llvm.counters = {kCounters, 0, 24};
    elf.llvm.data = {kData, 0, 128};
    elf.llvm.names = {kNames, 0, 5};
    elf.llvm.has_mapping = true;
    elf.llvm.version = {kVersion, 8};
    elf.llvm.merge_hook = {kMergeHook, 8};
    elf.llvm.free_hook = {kFreeHook, 8};
    elf.llvm.dumped = {kDumped, 4};
    elf.llvm.compilers = {19};
    number(kVersion, 10);
    number(kCounters, 7);
    number(kData + 16, kCounters - kData);
    number(kData + 48, 2, 4);
    number(kData + 64 + 16, kCounters + 16 - kData - 64);
    number(kData + 64 + 48, 1, 4);
    number(kNames, 0x7364726f77, 5);
  }

  void number(std::uint64_t at, std::uint64_t value, int size = 8) {
    for (int i = 0; i < size; ++i) {
      bytes_[at - kStart + static_cast<std::uint64_t>(i)] =
          static_cast<char>(value >> 8 * i & 0xff);
    }
  }

  FakeMemory memory() const { return {kStart + kBias, bytes_}; }
  LlvmRawProfile read() const { return read_llvm_counters(memory(), elf, kBias); }
  LlvmState state() const { return read_llvm_state(memory(), elf, kBias); }

  std::string cause() const {
    return cause_of_error([this] { read(); });
  }

  ElfImage elf;

 private:
  std::string bytes_ = std::string(kSize, '\0');
};

TEST(LlvmCounters, AreThoseOfTheSections) {
  const LlvmRawProfile profile = Image().read();
  EXPECT_EQ(profile.version, 10U);
  EXPECT_EQ(profile.binary_ids, std::string("\2\0\0\0\0\0\0\0\0\xab\0\0\0\0\0\0", 16));
  EXPECT_EQ(profile.counters, std::string("\7", 1) + std::string(23, '\0'));
  EXPECT_EQ(profile.data.size(), 128U);
  EXPECT_EQ(profile.names, "words");
  EXPECT_EQ(profile.counters_delta, kCounters - kData);
  EXPECT_EQ(profile.names_address, kNames + kBias);
  EXPECT_EQ(profile.bitmap_delta, 0 - kData - kBias) << "no such section: its address is 0";
}

TEST(LlvmCounters, AnEmptyBitmapHasAnAddress) {
  Image image;
  image.number(kData + 24, 0x150);
  EXPECT_EQ(image.read().bitmap_delta, 0x150U);
}

TEST(LlvmCounters, NothingIsThereButTheRuntime) {
  Image image;
  image.elf.llvm.counters.reset();
  image.elf.llvm.data.reset();
  image.elf.llvm.names.reset();
  EXPECT_TRUE(is_whole_llvm_profile(serialize(image.read())));
}

TEST(LlvmCounters, NamesWhatIsNotAsClangMakesIt) {
  const auto with = [](const std::function<void(Image&)>& change) {
    Image image;
    change(image);
    return image.cause();
  };
  EXPECT_EQ(with([](Image&) {}), "");
  EXPECT_EQ(with([](Image& image) { image.number(kVersion, 11); }),
            "it was compiled for raw profile version 11, known are 8 to 10 (clang 14 to 22)");
  EXPECT_EQ(with([](Image& image) { image.number(kVersion, 10 | kLlvmCorrelated); }),
            "it was compiled with -profile-correlate, and has no names in memory");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.data.reset(); }),
            "it was compiled with -profile-correlate, and has no names in memory");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.version->address = kStart + kSize - 7; }),
            "one of its variables is not in memory");
  const std::string wrong_size = "its sections have a wrong size";
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.data->size = 127; }), wrong_size);
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.counters->size = 23; }), wrong_size);
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.counters->size = 16; }),
            "the counters of a function are not in their section");
  EXPECT_EQ(with([](Image& image) { image.number(kData + 48, 0, 4); }),
            "a function has no counters");
  for (const auto section : {&LlvmProfile::counters, &LlvmProfile::data, &LlvmProfile::names}) {
    const auto with_size = [&](std::uint64_t size) {
      return with([&](Image& image) { (image.elf.llvm.*section)->size = size; });
    };
    EXPECT_EQ(with_size(kSize), "one of its sections is not in memory");
    EXPECT_EQ(with_size(~std::uint64_t{0}), "one of its sections is not in memory");
    EXPECT_EQ(with([&](Image& image) { (image.elf.llvm.*section)->address = 0; }),
              "one of its sections is not in memory");
  }
  EXPECT_EQ(with([](Image& image) {
              image.elf.segments[0].memory_size = std::uint64_t{1} << 40;
              image.elf.llvm.names->size = std::uint64_t{1} << 30;
            }),
            "there is nothing at address 0x411000")
      << "what the image claims to have is not reserved";
}

TEST(LlvmCounters, OfAStrippedImage) {
  const auto with = [](const std::function<void(Image&)>& change) {
    Image image;
    image.elf.llvm.version.reset();
    change(image);
    return image.cause();
  };
  EXPECT_EQ(with([](Image&) {}), "");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.compilers = {19, 21}; }), "");
  EXPECT_EQ(with([](Image& image) {
              image.elf.llvm.compilers = {19, 18};
            }),
            "it is stripped, and was compiled by several versions of clang");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.compilers.clear(); }),
            "it is stripped, and does not tell the version of its compiler");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.compilers = {23}; }),
            "it is stripped, and was compiled by clang 23");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.has_mapping = false; }),
            "it is stripped, and was not compiled with -fcoverage-mapping");
  EXPECT_EQ(with([](Image& image) { image.elf.llvm.compilers = {14}; }),
            "it is stripped, and its counters are not as its compiler makes them");
}

TEST(LlvmCounters, OfAStrippedImageHaveASize) {
  Image image;
  image.elf.llvm.version.reset();
  EXPECT_EQ(image.read().version, 10U);
  image.elf.llvm.counters->size = 3;
  image.number(kData + 64 + 16, kCounters + 2 - kData - 64);
  EXPECT_EQ(image.read().version, 10 | kLlvmByteCounters);
}

TEST(LlvmCounters, TellWhetherTheyWereWritten) {
  Image image;
  EXPECT_EQ(image.state().stage, LlvmStage::kNotWritten);
  EXPECT_FALSE(image.state().dumped);
  image.number(kMergeHook, 0x1234);
  EXPECT_EQ(image.state().stage, LlvmStage::kReading);
  image.number(kFreeHook, 0x123400000000);
  EXPECT_EQ(image.state().stage, LlvmStage::kWriting);
  image.number(kDumped + 4, 1, 4);
  EXPECT_FALSE(image.state().dumped) << "what stands behind it";
  image.number(kDumped, 1, 4);
  EXPECT_TRUE(image.state().dumped);
  image.elf.llvm.free_hook.reset();
  EXPECT_EQ(image.state().stage, LlvmStage::kUnknown);
}

TEST(LlvmCounters, KnowTheirFile) {
  const Image image;
  const auto is_its = [&](const Image& other, std::uint64_t bias = kBias) {
    return is_profile_of(serialize(other.read()), image.memory(), image.elf, bias);
  };
  Image other;
  other.number(kCounters, 99);
  EXPECT_TRUE(is_its(other));
  other.elf.build_id = "00ac";
  EXPECT_FALSE(is_its(other));
  other = Image();
  other.elf.llvm.names->size = 4;
  EXPECT_FALSE(is_its(other));
  LlvmRawProfile elsewhere = image.read();
  elsewhere.names_address += 4096;
  EXPECT_FALSE(is_profile_of(serialize(elsewhere), image.memory(), image.elf, kBias));
  EXPECT_FALSE(is_profile_of("", image.memory(), image.elf, kBias));
}

struct LlvmImage {
  ElfImage elf;
  std::uint64_t bias = 0;
};

std::vector<LlvmImage> find_images(int pid) {
  std::vector<LlvmImage> images;
  for (const MappedFile& mapped : mapped_programs(pid)) {
    const ElfImage elf = read_elf_image(*open_mapped_file(pid, mapped));
    if (!elf.llvm.counters) continue;
    for (const std::uint64_t bias : load_biases(elf, mapped)) images.push_back({elf, bias});
  }
  return images;
}

struct Counted {
  std::string clang;
  std::string program;

  std::string path() const {
    return std::string(GENTLE_LLVM_COUNTED_PROGRAMS) + "/" + clang + "/" + program;
  }
};

std::vector<std::string> clangs() {
  std::vector<std::string> versions;
  std::istringstream list(GENTLE_CLANGS);
  for (std::string version; list >> version;) versions.push_back(version);
  return versions;
}

std::vector<Counted> counted(const std::vector<std::string>& programs) {
  std::vector<Counted> all;
  for (const std::string& clang : clangs()) {
    for (const std::string& program : programs) {
      const Counted one{clang, program};
      if (std::filesystem::exists(one.path())) all.push_back(one);
    }
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Counted>& tested) {
  std::string name = "clang" + tested.param.clang + "_" + tested.param.program;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

std::ostream& operator<<(std::ostream& out, const Counted& counted) {
  return out << counted.clang << "/" << counted.program;
}

// Of an instance without programs the tests must not be missed.
TEST(LlvmCounters, SomeClangIsHere) {
  if (!clangs().empty()) return;
  const char* ci = std::getenv("CI");
  if (ci != nullptr && *ci != '\0') FAIL() << "no clang is installed with its runtime";
  GTEST_SKIP() << "no clang is installed with its runtime";
}

class AnyLlvmCounted : public testing::TestWithParam<Counted> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AnyLlvmCounted);

TEST_P(AnyLlvmCounted, IsReadAsItWillBeWritten) {
  CountedProcess process(GetParam().path());
  const ProcessMemory memory(process.pid());
  const auto images = find_images(process.pid());
  EXPECT_EQ(images.size(), GetParam().program.ends_with("libraries") ? 3U : 1U);
  std::vector<std::string> read;
  for (const LlvmImage& image : images) {
    const LlvmState state = read_llvm_state(memory, image.elf, image.bias);
    EXPECT_EQ(state.stage, image.elf.stripped ? LlvmStage::kUnknown : LlvmStage::kNotWritten);
    EXPECT_FALSE(state.dumped);
    read.push_back(read_llvm_profile(memory, image.elf, image.bias));
    EXPECT_TRUE(is_whole_llvm_profile(read.back()));
    EXPECT_TRUE(is_profile_of(read.back(), memory, image.elf, image.bias));
  }
  EXPECT_TRUE(process.written().empty());
  ASSERT_TRUE(process.exits());
  std::vector<std::string> written;
  for (const auto& [path, bytes] : process.written()) written.push_back(bytes);
  std::sort(read.begin(), read.end());
  std::sort(written.begin(), written.end());
  EXPECT_TRUE(read == written);
}

INSTANTIATE_TEST_SUITE_P(LlvmCounters, AnyLlvmCounted,
                         testing::ValuesIn(counted({"program", "fixed", "static", "static_pie",
                                                    "atomic", "optimised", "values", "libraries",
                                                    "lto", "mcdc", "bytes", "continuous",
                                                    "stripped/program", "stripped/static",
                                                    "stripped/libraries", "stripped/bytes"})),
                         name_of);

class LlvmProcess : public testing::TestWithParam<std::string> {
 protected:
  static std::string path_of(const std::string& program) {
    return Counted{GetParam(), program}.path();
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LlvmProcess);
INSTANTIATE_TEST_SUITE_P(LlvmCounters, LlvmProcess, testing::ValuesIn(clangs()),
                         [](const auto& tested) { return "clang" + tested.param; });

// The sum of all counters.
std::uint64_t sum_of(const LlvmRawProfile& profile) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < profile.counters.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t counter = 0;
    std::memcpy(&counter, &profile.counters[at], sizeof counter);
    sum += counter;
  }
  return sum;
}

std::uint64_t sum_of(const std::string& file) { return sum_of(parse_llvm_profile(file, "file")); }

TEST_P(LlvmProcess, WithoutAFunctionThatIsCounted) {
  CountedProcess process(path_of("nothing"));
  EXPECT_TRUE(find_images(process.pid()).empty());
  ASSERT_TRUE(process.exits());
}

TEST_P(LlvmProcess, TellsThatAllIsWritten) {
  CountedProcess process(path_of("program"), {"dump"});
  const ProcessMemory memory(process.pid());
  const LlvmImage image = find_images(process.pid()).at(0);
  const LlvmState state = read_llvm_state(memory, image.elf, image.bias);
  EXPECT_EQ(state.stage, LlvmStage::kWriting);
  EXPECT_TRUE(state.dumped);
  const auto written = process.written();
  ASSERT_EQ(written.size(), 1U);
  const std::string& file = written.begin()->second;
  EXPECT_TRUE(is_profile_of(file, memory, image.elf, image.bias));
  EXPECT_GT(sum_of(read_llvm_counters(memory, image.elf, image.bias)), sum_of(file));
  ASSERT_TRUE(process.exits());
  EXPECT_TRUE(process.written() == written) << "what it counted after that is lost to the runtime";
}

TEST_P(LlvmProcess, ALibraryThatIsLoadedLater) {
  for (const char* library : {"libplug.so", "libno_decision.so"}) {
    if (!std::filesystem::exists(path_of(library))) continue;
    CountedProcess process(path_of("loads"), {"load", path_of(library)});
    const ProcessMemory memory(process.pid());
    std::vector<std::string> read;
    for (const LlvmImage& image : find_images(process.pid())) {
      read.push_back(read_llvm_profile(memory, image.elf, image.bias));
    }
    EXPECT_EQ(read.size(), 2U);
    ASSERT_TRUE(process.exits());
    for (const auto& [path, bytes] : process.written()) {
      EXPECT_NE(std::find(read.begin(), read.end(), bytes), read.end()) << path;
    }
    EXPECT_EQ(process.written().size(), 2U);
  }
}

TEST_P(LlvmProcess, ALibraryThatIsUnloadedHasWritten) {
  CountedProcess process(path_of("loads"), {"close", path_of("libplug.so")});
  const auto images = find_images(process.pid());
  ASSERT_EQ(images.size(), 1U);
  const auto written = process.written();
  ASSERT_EQ(written.size(), 1U);
  EXPECT_FALSE(is_profile_of(written.begin()->second, ProcessMemory(process.pid()), images[0].elf,
                             images[0].bias));
  ASSERT_TRUE(process.exits());
  EXPECT_EQ(process.written().size(), 2U);
}

// Its file is locked by somebody else when it comes to it.
TEST_P(LlvmProcess, TellsWhichFileItHasMade) {
  const CountedProcess process(path_of("program"));
  const LlvmImage image = find_images(process.pid()).at(0);
  EXPECT_EQ(llvm_file_name(ProcessMemory(process.pid()), image.elf, image.bias), "")
      << "it has more than the pid in it";
}

TEST_P(LlvmProcess, TellsThatItReadsTheFile) {
  CountedProcess first(path_of("program"));
  ASSERT_TRUE(first.exits());
  const auto written = first.written();
  ASSERT_EQ(written.size(), 1U);
  const auto& [old_path, old] = *written.begin();
  CountedProcess process(path_of("program"));
  const std::string path =
      process.folder() + "/" + std::to_string(process.pid()) + old_path.substr(old_path.rfind('/'));
  write_file_atomically(path, old);
  const ProcessMemory memory(process.pid());
  const LlvmImage image = find_images(process.pid()).at(0);
  const std::uint64_t own = sum_of(read_llvm_counters(memory, image.elf, image.bias));
  {
    const LockedFile file(path);
    process.open_gate();
    file.wait_until_opened();
    EXPECT_EQ(read_llvm_state(memory, image.elf, image.bias).stage, LlvmStage::kReading);
    EXPECT_EQ(sum_of(read_llvm_counters(memory, image.elf, image.bias)), own);
  }
  ASSERT_TRUE(process.exits());
  EXPECT_EQ(sum_of(process.written().begin()->second), 2 * own) << "the runtime adds up";
}

TEST_P(LlvmProcess, IsResetFromOutside) {
  for (const char* program : {"program", "mcdc", "bytes", "stripped/bytes"}) {
    if (!std::filesystem::exists(path_of(program))) continue;
    CountedProcess process(path_of(program));
    const ProcessMemory memory(process.pid());
    const LlvmImage image = find_images(process.pid()).at(0);
    const LlvmRawProfile before = read_llvm_counters(memory, image.elf, image.bias);
    reset_llvm_counters(memory, image.elf, image.bias);
    const LlvmRawProfile after = read_llvm_counters(memory, image.elf, image.bias);
    const bool bytes = (before.version & kLlvmByteCounters) != 0;
    LlvmRawProfile expected = before;
    expected.counters.assign(before.counters.size(), bytes ? '\xff' : '\0');
    expected.bitmap.assign(before.bitmap.size(), '\0');
    EXPECT_NE(before, expected) << program;
    EXPECT_EQ(after, expected) << program;
    ASSERT_TRUE(process.exits());
    EXPECT_TRUE(process.written().begin()->second == serialize(expected)) << program;
  }
}

// The variable of a stripped program has no symbol.
TEST_P(LlvmProcess, AChildHasItsOwnFileAndCounts) {
  for (const char* program : {"program", "stripped/program"}) {
    SCOPED_TRACE(program);
    CountedProcess process(path_of(program), {"fork"});
    const int parent = process.pid();
    const std::string pid = std::to_string(parent);
    const int child = std::stoi(read_file("/proc/" + pid + "/task/" + pid + "/children"));
    const ProcessMemory memory(child);
    const LlvmImage image = find_images(child).at(0);
    const std::uint64_t inherited = sum_of(read_llvm_counters(memory, image.elf, image.bias));
    reset_llvm_counters(memory, image.elf, image.bias);
    EXPECT_FALSE(rename_llvm_profile(memory, image.elf, image.bias, child, parent));
    EXPECT_TRUE(rename_llvm_profile(memory, image.elf, image.bias, parent, child));
    ASSERT_TRUE(process.exits());
    std::map<std::string, std::uint64_t> sums;  // by the folder
    for (const auto& [path, bytes] : process.written()) {
      sums[path.substr(0, path.rfind('/'))] = sum_of(bytes);
    }
    ASSERT_EQ(sums.size(), 2U);
    // But for what each of them counted in main().
    EXPECT_NEAR(static_cast<double>(sums.at("/" + pid)), static_cast<double>(inherited), 5);
    EXPECT_LT(sums.at("/" + std::to_string(child)), inherited / 4);
  }
}

}  // namespace
}  // namespace gentle
