#include "coverage/program_data.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

namespace fs = std::filesystem;

class ProgramDataTest : public ScratchFolderTest {};

TEST_F(ProgramDataTest, StampsOfAllFiles) {
  using namespace std::string_literals;
  write("a.gcda", "adcg*22B\7\0\0\0more"s);
  write("deep/er/b.gcda", "adcg*22B\1\2\0\0"s);
  write("again.gcda", "adcg*22B\7\0\0\0"s);
  write("c.txt", "adcg*22B\3\0\0\0"s);
  write("short.gcda", "adcg*22B\3\0"s);
  write("empty.gcda", "");
  fs::create_symlink("nowhere", root_ + "/link.gcda");
  make_folders(root_ + "/folder.gcda", 0777);
  EXPECT_EQ(gcda_stamps_below(root_), (std::set<std::uint32_t>{7, 0x201}));
  EXPECT_EQ(gcda_stamps_below(root_ + "/none"), std::set<std::uint32_t>{});
}

TEST_F(ProgramDataTest, OfAProgramThatDoesNotTellWhatIsItsOwn) {
  EXPECT_TRUE(has_data_of("/bin/true", root_));
  EXPECT_THROW(has_data_of(root_ + "/none", root_), Error);
  write("script", "#!/bin/sh\n");
  EXPECT_THROW(has_data_of(root_ + "/script", root_), Error);
}

#ifdef GENTLE_COUNTED_PROGRAMS
TEST_F(ProgramDataTest, OfAProgramAndNotOfItsLibraries) {
  for (const char* name : {"counted_program", "counted_libraries"}) {
    CountedProcess process(name);
    EXPECT_FALSE(has_data_of(counted_program(name), process.folder()));
    ASSERT_TRUE(process.exits());
    EXPECT_TRUE(has_data_of(counted_program(name), process.folder()));
    EXPECT_FALSE(has_data_of(counted_program("counted_static"), process.folder()))
        << "of another compilation";
    for (const auto& [path, bytes] : process.written()) {
      if (path.find("main") != std::string::npos) remove_tree(process.folder() + path);
    }
    EXPECT_EQ(has_data_of(counted_program(name), process.folder()),
              std::string(name) == "counted_program")
        << "what is left is of its own objects, or of libraries";
  }
}
#endif

}  // namespace
}  // namespace gentle
