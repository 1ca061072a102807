#include "coverage/languages/go_files.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "go_bytes.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

const std::string kName = "covcounters.6edfc4eb5643cfa35f823527f53d68f8";
const std::string kOther = "covcounters.00000000000000000000000000000000";

TEST(GoCounterName, TellsTheProcess) {
  const auto name = parse_go_counter_name(kName + ".12.345");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->hash, "6edfc4eb5643cfa35f823527f53d68f8");
  EXPECT_EQ(name->pid, 12);
  EXPECT_EQ(name->time, 345);
  for (const std::string& wrong :
       {std::string("covmeta.6edfc4eb5643cfa35f823527f53d68f8"), "tmp." + kName + ".12.3", kName,
        kName + ".12", kName + ".x.3", kName + ".12.x", kName + ".12.3.4", kName + "12.3",
        std::string("covcounters.1.2.3")}) {
    EXPECT_FALSE(parse_go_counter_name(wrong)) << wrong;
  }
}

class GoFilesTest : public ScratchFolderTest {};

TEST_F(GoFilesTest, AreThoseOfOneProcess) {
  for (const std::string& name : {kName + ".12.9", kName + ".12.30", kName + ".12.200",
                                  kName + ".13.40", kOther + ".12.35", std::string("covmeta.x")}) {
    write(name, "");
  }
  using Paths = std::vector<std::string>;
  const std::string path = root_ + "/" + kName;
  EXPECT_EQ(go_counter_files(root_, kGoHash, 12, 10), (Paths{path + ".12.30", path + ".12.200"}));
  EXPECT_EQ(go_counter_files(root_, "", 12, 31),
            (Paths{root_ + "/" + kOther + ".12.35", path + ".12.200"}));
  EXPECT_EQ(go_counter_files(root_ + "/gone", "", 12, 0), Paths{});
}

TEST_F(GoFilesTest, StandInAFolderThatIsMade) {
  Environment environment;
  add_go_folder(environment, root_ + "/coverage/go");
  EXPECT_EQ(environment.get("GOCOVERDIR"), root_ + "/coverage/go");
  EXPECT_FALSE(file_exists(root_ + "/coverage"));
  make_go_folder(root_ + "/coverage/go");
  EXPECT_TRUE(is_folder(root_ + "/coverage/go"));
  write("file", "");
  make_go_folder(root_ + "/file/go");
}

TEST_F(GoFilesTest, StayWhereTheUserWantsThem) {
  Environment environment;
  environment.set("GOCOVERDIR", "/b/Testing/Fixtures/coverage/go");
  add_go_folder(environment, root_ + "/coverage/go");
  EXPECT_EQ(environment.get("GOCOVERDIR"), root_ + "/coverage/go") << "it was of another build";
  environment.set("GOCOVERDIR", "/elsewhere");
  add_go_folder(environment, root_ + "/coverage/go");
  EXPECT_EQ(environment.get("GOCOVERDIR"), "/elsewhere");
}

}  // namespace
}  // namespace gentle
