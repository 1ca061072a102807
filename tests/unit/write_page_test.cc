#include "coverage/page/write_page.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

// What stands between `="page/` and the next `"` or `?`.
std::set<std::string> files_named_in(const std::string& page) {
  std::set<std::string> names;
  for (std::size_t at = 0; (at = page.find("=\"page/", at)) != std::string::npos;) {
    at += 2;
    names.insert(page.substr(at, page.find_first_of("\"?", at) - at));
  }
  return names;
}

class WritePageTest : public ScratchFolderTest {
 protected:
  WritePageTest() {
    options_.folder = root_ + "/report";
    make_folders(options_.folder, 0777);
    table_.sources()["/p/a.cc"].lines[1].count = 1;
    table_.sources()["/p/b.cc"].lines[1].count = 0;
  }

  std::string start() const { return read_file(options_.folder + "/index.html"); }

  CoverageTable table_;
  PageOptions options_;
};

TEST_F(WritePageTest, EveryFileThatThePageNamesIsThere) {
  write_page(table_, options_);
  const std::set<std::string> names = files_named_in(start());
  EXPECT_GT(names.size(), 10U);
  for (const std::string& name : names) {
    EXPECT_GT(file_size(options_.folder + "/" + name), 0U) << name;
  }
  EXPECT_TRUE(is_regular_file(options_.folder + "/page/sources/0.js"));
  EXPECT_TRUE(is_regular_file(options_.folder + "/page/prism/LICENSE"));
}

TEST_F(WritePageTest, WithoutScriptsThePageTellsItsTotals) {
  options_.title = "<A> {{version}} & \"B\"";
  write_page(table_, options_);
  EXPECT_NE(start().find("<title>&lt;A&gt; {{version}} &amp; &quot;B&quot;</title>"),
            std::string::npos);
  EXPECT_NE(start().find("lines 1 of 2, branches 0 of 0, functions 0 of 0"), std::string::npos);
  EXPECT_EQ(start().find("{{lines}}"), std::string::npos);
}

TEST_F(WritePageTest, DataOfAnEarlierReportGoes) {
  for (int i = 0; i < 40; ++i) {
    table_.sources()["/p/" + std::to_string(i)].lines[2000].count = 1;
  }
  write_page(table_, options_);
  EXPECT_TRUE(file_exists(options_.folder + "/page/sources/5.js"));
  write_page({}, options_);
  EXPECT_EQ(entries_of(options_.folder + "/page/sources"), std::vector<std::string>{});
  EXPECT_EQ(entries_of(options_.folder), (std::vector<std::string>{"index.html", "page"}));
}

TEST_F(WritePageTest, AnotherReportHasAnotherVersion) {
  write_page(table_, options_);
  const std::string before = start();
  write_page(table_, options_);
  EXPECT_EQ(start(), before);
  table_.sources()["/p/b.cc"].lines[1].count = 1;
  write_page(table_, options_);
  EXPECT_NE(start(), before);
}

TEST_F(WritePageTest, OthersMayReadIt) {
  const mode_t before = ::umask(022);
  write_page(table_, options_);
  ::umask(before);
  struct stat info {};
  ASSERT_EQ(::stat((options_.folder + "/page/index.js").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0644U);
}

TEST_F(WritePageTest, AFolderThatCannotBeWrittenIsNamed) {
  write_file(options_.folder + "/page", "in the way");
  write_file(root_ + "/file", "");
  options_.folder = root_ + "/file";
  try {
    write_page(table_, options_);
    FAIL() << "wrote into a file";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("'" + options_.folder + "/page"), std::string::npos)
        << error.message();
  }
}

}  // namespace
}  // namespace gentle
