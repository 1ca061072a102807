#include "coverage/languages/go_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "cause_of_error.h"
#include "coverage/image/compiler_hash.h"
#include "fake_memory.h"
#include "go_bytes.h"

namespace gentle {
namespace {

constexpr std::uint64_t kBias = 0x500000;
constexpr std::uint64_t kTable = 0x1000;      // of functions, in the first segment
constexpr std::uint64_t kPackage = 0x1100;    // meta-data
constexpr std::uint64_t kData = 0x2000;       // the second segment
constexpr std::uint64_t kModule = 0x2040;     // moduledata
constexpr std::uint64_t kVariables = 0x3000;  // and their list of packages
constexpr std::uint64_t kList = 0x3028;
constexpr std::uint64_t kPlain = 0x3100;
constexpr std::uint64_t kCounters = 0x3110;
constexpr std::uint64_t kHeap = 0x900000;  // of no image

// A program whose only function is that of go_bytes.h.
class Program {
 public:
  Program() {
    elf.position_independent = true;
    elf.segments = {{0, 0x1000, 0x1000, 0x1000, false}, {0x1000, kData, 0x1000, 0x2000, true}};
    elf.go_functions = ElfSection{kTable, 0, 0x100};
    text.assign(0x1000, '\0');
    data.assign(0x2000, '\0');
    put(kTable, little_endian(0xfffffff1, 4));
    put(kPackage, kGoPackage);
    word(kModule - 16, kBias + kTable);  // another pointer to the table, of no moduledata
    word(kModule, kBias + kTable);
    area(176, 0x1000, 0x1800);
    area(192, kData, kData + 0x40);
    area(208, kData, kData + 0x1000);
    area(224, kVariables, kPlain);
    area(240, kPlain, 0x4000);
    counters({});
    word(kVariables + 8, 7);  // what is no list
    word(kList, kHeap);
    word(kList + 8, 1);
    word(kList + 16, 4);
    entry = little_endian(kBias + kPackage, 8) + little_endian(kGoPackage.size(), 4) +
            kGoPackage.substr(16, 16) + std::string(4, '\0') + std::string(16, '\0') +
            little_endian(UINT64_MAX, 8) + "\2\1" + std::string(6, '\0');
  }

  void put(std::uint64_t address, const std::string& bytes) {
    if (address >= kData) {
      data.replace(address - kData, bytes.size(), bytes);
    } else {
      text.replace(address - 0x1000, bytes.size(), bytes);
    }
  }
  void word(std::uint64_t address, std::uint64_t value) { put(address, little_endian(value, 8)); }
  void area(std::uint64_t at, std::uint64_t begin, std::uint64_t end) {
    word(kModule + at, kBias + begin);
    word(kModule + at + 8, kBias + end);
  }
  void counters(const std::vector<std::uint32_t>& words) {
    std::string bytes;
    for (const std::uint32_t one : words) bytes += little_endian(one, 4);
    put(kCounters, bytes);
    area(256, kCounters, kCounters + bytes.size());
  }

  void fill(FakeMemory& memory) const {
    memory.put(kBias + 0x1000, text);
    memory.put(kBias + kData, data);
    memory.put(kHeap, entry);
  }
  GoSnapshot read() const {
    FakeMemory memory;
    fill(memory);
    return read_go_program(memory, elf, kBias);
  }
  std::string fault() const {
    return cause_of_error([this] { read(); });
  }

  ElfImage elf;
  std::string text;
  std::string data;
  std::string entry;
};

TEST(GoMemory, HoldsWhatGoWouldWrite) {
  Program program;
  program.counters({0, 0, 4, 1, 0, 1, 1, 0, 0, 0});
  const GoSnapshot snapshot = program.read();
  EXPECT_EQ(snapshot.mode, GoMode::kCount);
  EXPECT_EQ(snapshot.packages, std::vector<std::string>{kGoPackage});
  EXPECT_EQ(snapshot.counters.hash, kGoHash);
  EXPECT_EQ(snapshot.counters.functions, (GoCounts{{{0, 0}, {1, 1, 0, 0}}}));
}

TEST(GoMemory, OfAnOlderGoHoldsAnotherHash) {
  Program program;
  const std::string older = md5_of(kGoPackage.substr(16, 16) + "countperblock");
  program.put(kPlain + 0x100, older);
  EXPECT_EQ(program.read().counters.hash, older);
}

TEST(GoMemory, LeavesOutFunctionsWhoseCountersWereReset) {
  Program program;
  program.counters({4, 1, 0, 0, 0, 0, 0});
  EXPECT_EQ(program.read().counters.functions, GoCounts{});
}

TEST(GoMemory, KnowsPackagesOfTheRuntimeByTheirOwnNumbers) {
  Program program;
  program.entry.replace(48, 8, little_endian(static_cast<std::uint64_t>(-3), 8));
  program.counters({4, static_cast<std::uint32_t>(-3), 0, 1, 0, 0, 0});
  EXPECT_EQ(program.read().counters.functions, (GoCounts{{{0, 0}, {1, 0, 0, 0}}}));
}

TEST(GoMemory, OfAProcessAtItsBeginHoldsNothing) {
  Program program;
  program.word(kList, 0);
  EXPECT_TRUE(program.read().packages.empty());
}

TEST(GoMemory, WithCountersThatDoNotFitIsNotTaken) {
  Program program;
  program.counters({4, 0, 0, 1, 0, 0, 0});
  EXPECT_EQ(program.fault(), "it ended before the packages that had counted were initialised");
  for (const auto& words : std::vector<std::vector<std::uint32_t>>{
           {4, 2, 0, 1, 0, 0, 0}, {4, 1, 1, 1, 0, 0, 0}, {3, 1, 0, 1, 0, 0}}) {
    program.counters(words);
    EXPECT_EQ(program.fault(), "it has counters of a function that its meta-data does not know");
  }
  for (const auto& words : std::vector<std::vector<std::uint32_t>>{
           {4, 1}, {5, 1, 0, 1, 0, 0, 0}, {UINT32_MAX, 1, 0, 1}}) {
    program.counters(words);
    EXPECT_EQ(program.fault(), "its counters do not end where the next ones begin");
  }
}

TEST(GoMemory, IsCheckedBeforeItIsTaken) {
  Program program;
  program.put(kTable, "x");
  EXPECT_EQ(program.fault(), "its table of functions is of a version of Go that is not known");
  program = {};
  program.area(256, kCounters, 0x8000);
  EXPECT_EQ(program.fault(), "the runtime's list of its memory is not where Go puts it");
  program = {};
  program.area(256, kVariables, kVariables + 8);
  EXPECT_EQ(program.fault(), "the runtime's list of its memory is not where Go puts it");
  program = {};
  program.entry[56] = '\7';
  EXPECT_EQ(program.fault(), "its mode of counting is not known");
  program = {};
  program.entry[57] = '\2';
  EXPECT_EQ(program.fault(), "it does not count blocks");
  program = {};
  program.word(kList + 8, 2);
  program.entry += std::string(64, 'x');
  EXPECT_EQ(program.fault(), "one of its packages has other meta-data than it says");
}

// Its hash is not the one that the compiler has left beside it, so it may be anything.
TEST(GoMemory, HasNoListOfPackagesByChance) {
  Program program;
  program.entry[12] = '?';
  EXPECT_TRUE(program.read().packages.empty());
}

TEST(GoMemory, IsReadWithinABudget) {
  Program program;
  program.counters({4, 1, 0, 1, 0, 0, 0});
  FakeMemory memory;
  program.fill(memory);
  RescueBudget budget(Clock::now(), RescueBudget::kTime, 64);
  memory.bound_by(&budget);
  EXPECT_THROW(read_go_program(memory, program.elf, kBias), OverBudget);
}

}  // namespace
}  // namespace gentle
