#include "coverage/keep/written_data.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "coverage/gcov/gcov_counters.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "os/file.h"
#include "scratch_folder.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

namespace fs = std::filesystem;

class WrittenDataTest : public ScratchFolderTest {};

TEST_F(WrittenDataTest, StampsOfAllFiles) {
  using namespace std::string_literals;
  write("a.gcda", "adcg*22B\7\0\0\0more"s);
  write("deep/er/b.gcda", "adcg*22B\1\2\0\0sum!"s);
  write("again.gcda", "adcg*22B\7\0\0\0sum!"s);
  write("gcc11.gcda", "adcg*31B\5\0\0\0"s);
  write("other.gcda", "oncg*22B\6\0\0\0sum!"s);
  write("c.txt", "adcg*22B\3\0\0\0"s);
  write("short.gcda", "adcg*22B\3\0\0\0sum"s);
  write("empty.gcda", "");
  fs::create_symlink("nowhere", root_ + "/link.gcda");
  make_folders(root_ + "/folder.gcda", 0777);
  EXPECT_EQ(gcda_stamps_below(root_), (std::set<std::uint32_t>{5, 7, 0x201}));
  EXPECT_EQ(gcda_stamps_below(root_ + "/none"), std::set<std::uint32_t>{});
}

TEST_F(WrittenDataTest, OfAProgramThatDoesNotTellWhatIsItsOwn) {
  EXPECT_TRUE(has_data_of("/bin/true", root_));
  EXPECT_THROW(has_data_of(root_ + "/none", root_), Error);
  write("script", "#!/bin/sh\n");
  EXPECT_THROW(has_data_of(root_ + "/script", root_), Error);
}

#ifdef GENTLE_COUNTED_PROGRAMS
// What was written for main.cc, "main". The folders above may have any name.
bool is_of(const std::string& source, const std::string& path) {
  return fs::path(path).filename().string().starts_with(source);
}

// A stamp is the millisecond in which the compiler began, and another one may have begun in the
// same. So what is to be of another compilation gets a stamp that the program surely has not.
void make_foreign(const CountedProcess& process, const std::string& source,
                  const FileMemory& file) {
  const std::set<std::uint32_t> own = find_gcov_stamps(file, read_elf_image(file));
  std::uint32_t stamp = 0;
  while (own.contains(stamp)) ++stamp;
  for (auto [path, bytes] : process.written()) {
    if (!is_of(source, path)) continue;
    bytes.replace(8, sizeof stamp, reinterpret_cast<const char*>(&stamp), sizeof stamp);
    write_file(process.folder() + path, bytes);
  }
}

TEST_F(WrittenDataTest, OfAProgramAndNotOfItsLibraries) {
  for (const char* name : {"counted_program", "counted_libraries"}) {
    const std::string program = counted_program(name);
    CountedProcess process(name);
    EXPECT_FALSE(has_data_of(program, process.folder()));
    ASSERT_TRUE(process.exits());
    EXPECT_TRUE(has_data_of(program, process.folder()));
    const bool has_libraries = name == std::string("counted_libraries");
    for (const char* source : {"left", "right"}) {
      if (has_libraries) make_foreign(process, source, FileMemory(program));
    }
    EXPECT_TRUE(has_data_of(program, process.folder())) << "main is its own";
    for (const auto& [path, bytes] : process.written()) {
      if (is_of("main", path)) remove_tree(process.folder() + path);
    }
    EXPECT_EQ(has_data_of(program, process.folder()), !has_libraries);
    make_foreign(process, "", FileMemory(program));
    EXPECT_FALSE(has_data_of(program, process.folder()));
  }
}
#endif

}  // namespace
}  // namespace gentle
