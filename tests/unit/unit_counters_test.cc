#include "coverage/gcov/unit_counters.h"

#include <gtest/gtest.h>

#include "notes_bytes.h"

namespace gentle {
namespace {

using Counters = std::vector<std::uint64_t>;

// Two functions with one counted arc each; the others are on the tree, or fake.
const std::string kNotes = NotesBytes()
                               .function(1, "f", 1, 1)
                               .blocks(3)
                               .arcs({0, 2, 0})
                               .arcs({2, 1, 1, 1, 2})
                               .function(2, "g", 2, 2)
                               .blocks(3)
                               .arcs({0, 2, 1})
                               .arcs({2, 1, 4})
                               .bytes();

UnitCounters read(const std::string& data) {
  return read_unit_counters(
      data, read_unit_notes(kNotes, "a.gcno", [](const std::string&) { return false; }));
}

TEST(UnitCounters, ReadsTheCountersOfEachFunction) {
  const UnitCounters counters =
      read(DataBytes().function(2).counters({7}).function(1).counters({5}).bytes());
  EXPECT_EQ(counters.fault, CountersFault::kNone);
  EXPECT_EQ(counters.arcs, (Counters{5, 7}));
  EXPECT_EQ(counters.arcs_of(1).front(), 7U);
}

TEST(UnitCounters, AddsAFunctionThatStandsThereTwice) {
  const DataBytes data = DataBytes().function(1).counters({5}).function(1).counters({6});
  EXPECT_EQ(read(data.bytes()).arcs, (Counters{11, 0}));
}

TEST(UnitCounters, PassesOverWhatItDoesNotKnow) {
  const DataBytes data = DataBytes()
                             .record(0xa1000000, words({1, 1}))
                             .function(9)
                             .counters({4, 4})
                             .record(0x01000000, "")
                             .function(1)
                             .counters({3, 3, 3}, 0x01a30000)
                             .counters({5});
  const UnitCounters counters = read(data.bytes());
  EXPECT_EQ(counters.fault, CountersFault::kNone);
  EXPECT_EQ(counters.arcs, (Counters{5, 0}));
}

TEST(UnitCounters, TakesZerosThatAreNotWritten) {
  const std::string data = DataBytes().function(1).bytes();
  const std::string cut = data.substr(0, data.size() - 4);
  const UnitCounters counters = read(cut + words({0x01a10000, 0U - 8}) +
                                     DataBytes().function(2).counters({7}).bytes().substr(16));
  EXPECT_EQ(counters.fault, CountersFault::kNone);
  EXPECT_EQ(counters.arcs, (Counters{0, 7}));
}

TEST(UnitCounters, DropsTheRestAfterAFunctionThatIsAnother) {
  const UnitCounters checksum =
      read(DataBytes().function(1).counters({5}).function(2, 11).counters({7}).bytes());
  EXPECT_EQ(checksum.fault, CountersFault::kMismatched);
  EXPECT_EQ(checksum.arcs, (Counters{5, 0}));
  const UnitCounters length =
      read(DataBytes().function(1).counters({5, 5}).function(2).counters({7}).bytes());
  EXPECT_EQ(length.fault, CountersFault::kMismatched);
  EXPECT_EQ(length.arcs, (Counters{0, 0}));
  EXPECT_EQ(read(DataBytes().record(0x01000000, words({1})).bytes()).fault,
            CountersFault::kMismatched);
}

TEST(UnitCounters, KnowsForeignAndTruncatedData) {
  EXPECT_EQ(read("").fault, CountersFault::kForeign);
  EXPECT_EQ(read("no data at all").fault, CountersFault::kForeign);
  EXPECT_EQ(read(words({0x67636461, kNotesOfGcc12, 8, 0, 0})).fault, CountersFault::kForeign);
  EXPECT_EQ(read(words({0x67636461, kNotesOfGcc11, 7, 0})).fault, CountersFault::kForeign);
  const std::string whole = DataBytes().function(1).counters({5}).function(2).counters({7}).bytes();
  const UnitCounters cut = read(whole.substr(0, whole.size() - 8));
  EXPECT_EQ(cut.fault, CountersFault::kTruncated);
  EXPECT_EQ(cut.arcs, (Counters{5, 0}));
}

}  // namespace
}  // namespace gentle
