#include "coverage/languages/java_hits.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/languages/hits.h"

namespace gentle {
namespace {

constexpr std::uint64_t kMagic = 0x3153544948564a47;  // "GJVHITS1"

std::string words(const std::vector<std::uint64_t>& all) {
  std::string text(all.size() * 8, '\0');
  std::memcpy(text.data(), all.data(), text.size());
  return text;
}

// A header, and then these hits.
std::string hits_of(const std::vector<std::uint64_t>& hits) {
  std::vector<std::uint64_t> all = {kMagic, 0, 0, 0, 0, 0, 0, 0};
  all.insert(all.end(), hits.begin(), hits.end());
  return words(all);
}

std::uint64_t hit(std::uint64_t number, std::uint64_t probe) { return number << 48U | (probe + 1); }

// Each with a zero at its end.
std::string names_of(const std::vector<std::string>& records) {
  std::string text;
  for (const std::string& record : records) text += record + '\0';
  return text;
}

const std::string kTwo = names_of({"P 17.0.2 /usr/lib/jvm/17", "L 1 /b/classes",
                                   "C 1 2f 3 1 com/acme/A", "C 2 ffffffffffffffff 1 1 B"});

std::string cause_of(const std::string& hits, const std::string& names) {
  try {
    read_java_hits(hits, names, "/x/java.1.hits");
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(JavaHits, AreTheProbesOfClasses) {
  const JavaHits hits = read_java_hits(hits_of({hit(1, 0), 0, hit(1, 2), hit(2, 0), 0}), kTwo, "x");
  ASSERT_EQ(hits.classes.size(), 2U);
  EXPECT_EQ(hits.classes[0].id, "2f");
  EXPECT_EQ(hits.classes[0].name, "com/acme/A");
  EXPECT_EQ(hits.classes[0].location, "/b/classes");
  EXPECT_EQ(hits.classes[0].probes, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(hits.classes[1].id, "ffffffffffffffff");
  EXPECT_EQ(hits.classes[1].probes, std::vector<bool>{true});
  EXPECT_TRUE(hits.unrecorded.empty());
}

TEST(JavaHits, NameWhatWasNotRecorded) {
  const JavaHits hits =
      read_java_hits(hits_of({}), names_of({"L 7 /a b", "U 2 7 com/acme/A"}), "x");
  ASSERT_EQ(hits.unrecorded.size(), 1U);
  EXPECT_EQ(hits.unrecorded[0].reason, 2U);
  EXPECT_EQ(hits.unrecorded[0].name, "com/acme/A");
  EXPECT_EQ(hits.unrecorded[0].location, "/a b");
}

TEST(JavaHits, NameSourcesThatTheProjectDoesNotHave) {
  const JavaHits hits =
      read_java_hits(hits_of({}), names_of({"L 7 /a.jar", "N 7 com/lib/A b.java"}), "x");
  ASSERT_EQ(hits.sourceless.size(), 1U);
  EXPECT_EQ(hits.sourceless[0].source, "com/lib/A b.java");
  EXPECT_EQ(hits.sourceless[0].location, "/a.jar");
}

TEST(JavaHits, MayHaveBeenCutOffWithTheirProcess) {
  EXPECT_TRUE(read_java_hits("", "", "x").classes.empty());
  EXPECT_TRUE(read_java_hits(std::string(4096, '\0'), "P 17", "x").classes.empty());
  EXPECT_EQ(read_java_hits(hits_of({0, 0, 0, 0}), kTwo + "C 3 2a", "x").classes.size(), 2U);
}

TEST(JavaHits, TellWhatIsWrong) {
  const std::string hits = "gentle: error: read hits '/x/java.1.hits': it is corrupt: ";
  const std::string names = "gentle: error: read hits '/x/java.1.names': it is corrupt: ";
  EXPECT_EQ(cause_of("garbage", ""), hits + "it is too short\n");
  EXPECT_EQ(cause_of(std::string(64, 'x'), ""), hits + "it does not begin as one\n");
  EXPECT_EQ(cause_of(hits_of({}) + "x", ""), hits + "it ends within a hit\n");
  EXPECT_EQ(cause_of(std::string(64, '\0') + words({1}), ""), hits + "it has no beginning\n");
  EXPECT_EQ(cause_of(hits_of({hit(3, 0), 0, 0, 0}), kTwo), hits + "it names a class 3 of none\n");
  EXPECT_EQ(cause_of(hits_of({hit(1, 3), 0, 0, 0}), kTwo), hits + "it holds no probe\n");
  EXPECT_EQ(cause_of(hits_of({std::uint64_t{1} << 48U, 0, 0, 0}), kTwo),
            hits + "it holds no probe\n");
  EXPECT_EQ(cause_of(hits_of({hit(1, std::uint64_t{1} << 32U), 0, 0, 0}), kTwo),
            hits + "it holds no probe\n");
  EXPECT_EQ(cause_of(hits_of({0, 0, 0}), kTwo),
            names + "its classes have more probes than the hits\n");
  for (const char* record :
       {"X 1 /a", "L 1 a", "L x /a", "C 1 2f 3 9 A", "C 1 2g 3 1 A", "C 1 2f 3 1", "C 1  3 1 A",
        "C 1 2f 99999999 1 A", "C x 2f 3 1 A", "C 1 12345678901234567 3 1 A", "U 1 9 A", "U 1 1",
        "U x 1 A", "N 9 A", "N x A", "N 1", "N 1 ", "L 1 /again", ""}) {
    EXPECT_EQ(cause_of(hits_of({0, 0, 0}), names_of({"L 1 /b", record})),
              names + "a name in it is not of a class\n")
        << record;
  }
}

TEST(JavaHits, AreKnownByTheNameOfTheirFile) {
  EXPECT_EQ(language_of_hits("/x/7/java.1.2.hits"), Language::kJava);
  EXPECT_EQ(loss_of_hits(words({kMagic, 8, 28, 0, 0, 0, 0, 0})),
            "one of its classes could not be kept for the report: No space left on device");
}

}  // namespace
}  // namespace gentle
