#include "coverage/report/absent_sources.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHeading = "Compiled with counters, but not in the report:\n";

TEST(AbsentSources, AreNoneWhenAllIsCounted) {
  EXPECT_EQ(absent_text({{"/s/a.cc", SourceFate::kCounted}, {"/usr/x", SourceFate::kSystem}}, "/s"),
            "");
}

TEST(AbsentSources, AreNamedByReason) {
  EXPECT_EQ(absent_text({{"/s/a.cc", SourceFate::kExcluded},
                         {"/s/b/gen.cc", SourceFate::kInBuild},
                         {"/c/x.cc", SourceFate::kOutside},
                         {"/s/sub/n.cc", SourceFate::kNotMatched},
                         {"/s/sub/m.cc", SourceFate::kNotMatched}},
                        "/s"),
            std::string(kHeading) +
                "  not matched by FILTER: sub/m.cc, sub/n.cc\n"
                "  excluded by EXCLUDE: a.cc\n"
                "  in the build folder (FILTER counts it): b/gen.cc\n"
                "  outside of /s (ROOT or FILTER counts it): ../c/x.cc\n");
}

TEST(AbsentSources, AreFoldedByFolder) {
  SourceFates fates;
  for (int i = 0; i < 7; ++i) {
    fates["/s/t/" + std::to_string(i) + ".cc"] = SourceFate::kExcluded;
  }
  EXPECT_EQ(absent_text(fates, "/s"),
            std::string(kHeading) + "  excluded by EXCLUDE: 7 files in t\n");
  for (int i = 0; i < 40; ++i) {
    fates["/s/" + std::to_string(i) + "/a.cc"] = SourceFate::kExcluded;
  }
  EXPECT_EQ(absent_text(fates, "/s"),
            std::string(kHeading) + "  excluded by EXCLUDE: 47 files in .\n");
}

TEST(AbsentSources, OfLibrariesHaveNoFolderAboveAll) {
  SourceFates fates;
  for (const char* name : {"com", "net", "org"}) {
    for (int i = 0; i < 2; ++i) {
      fates[std::string(name) + "/" + std::to_string(i) + "/A.java"] = SourceFate::kNoSource;
    }
  }
  EXPECT_EQ(absent_text(fates, "/s"),
            std::string(kHeading) + "  without a source in the project: 6 files\n");
}

TEST(AbsentSources, ThatAreMissingAreWarnings) {
  SourceFates fates = {{"/s/a.cc", SourceFate::kGone}, {"/s/b.cc", SourceFate::kUnreadable}};
  EXPECT_EQ(
      missing_warnings(fates),
      (std::vector<std::string>{
          "gentle: warning: count source '/s/a.cc': it is gone, only its object file is still "
          "there; it is not in the report, continuing",
          "gentle: warning: count source '/s/b.cc': it cannot be read; it is not in the "
          "report, continuing"}));
  for (int i = 0; i < 40; ++i) fates["/s/" + std::to_string(i)] = SourceFate::kGone;
  const std::vector<std::string> many = missing_warnings(fates);
  ASSERT_EQ(many.size(), 11U);
  EXPECT_EQ(many.back(),
            "gentle: warning: 32 files more are gone or cannot be read, and not in the report, "
            "continuing");
}

class ChangedSourcesTest : public ScratchFolderTest {
 protected:
  std::vector<std::string> warnings(std::uint32_t last_line) const {
    const std::string source = root_ + "/a.cc";
    return changed_warnings({{root_ + "/a.gcno", {{"a.cc", {source, last_line}}}}},
                            {{source, SourceFate::kCounted}});
  }

  void SetUp() override {
    write("a.cc", "1\n2\n3");
    write("a.gcno", "");
    set_age("a.cc", std::chrono::seconds(5));
  }

  void set_age(const std::string& name, std::chrono::seconds age) const {
    fs::last_write_time(root_ + "/" + name, fs::file_time_type::clock::now() - age);
  }
};

TEST_F(ChangedSourcesTest, AreNewerOrTooShort) {
  EXPECT_TRUE(warnings(3).empty());
  EXPECT_EQ(warnings(4),
            std::vector<std::string>{
                "gentle: warning: count source '" + root_ +
                "/a.cc': it was changed after it was compiled, so its counts may stand at the "
                "wrong lines; build again, continuing"});
  set_age("a.gcno", std::chrono::seconds(9));
  EXPECT_EQ(warnings(3).size(), 1U);
}

}  // namespace
}  // namespace gentle
