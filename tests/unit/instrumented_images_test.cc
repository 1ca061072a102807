// The other half of gcov_counters_test.cc: real programs.
#include "coverage/keep/instrumented_images.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#include "coverage/image/mapped_files.h"
#include "locked_file.h"
#include "os/file.h"

namespace gentle {
namespace {

// What is read of all images of a process, as the files that libgcov would write.
struct AllCounters {
  std::map<std::string, std::string> files;
  int images = 0;
  int dumped = 0;
  int run_counted = 0;
};

AllCounters read_all(int pid) {
  const ProcessMemory memory(pid);
  AllCounters all;
  FileNotes notes;
  ImageCache cache(notes);
  const InstrumentedImages found = find_instrumented_images(pid, memory, cache);
  EXPECT_TRUE(found.unreadable.empty());
  for (const GcovImage& image : found.gcov) {
    const GcovCounters counters = read_gcov_counters(memory, image);
    ++all.images;
    all.dumped += counters.state.dumped ? 1 : 0;
    all.run_counted += counters.state.run_counted ? 1 : 0;
    for (const GcovObject& object : counters.objects) {
      all.files[object.path] = serialize(object.data);
    }
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<const char*>& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

class AnyCounted : public testing::TestWithParam<const char*> {};

TEST_P(AnyCounted, IsReadAsItWillBeWritten) {
  CountedProcess process(GetParam());
  const AllCounters all = read_all(process.pid());
  EXPECT_EQ(all.dumped, 0);
  EXPECT_EQ(all.run_counted, 0);
  EXPECT_EQ(all.images, std::string(GetParam()).ends_with("counted_libraries") ? 3 : 1);
  EXPECT_EQ(all.files.size(), 3U);
  EXPECT_TRUE(process.written().empty());
  ASSERT_TRUE(process.exits());
  const auto written = process.written();
  ASSERT_EQ(written.size(), all.files.size());
  for (const auto& [path, bytes] : written) {
    ASSERT_TRUE(all.files.contains(path)) << path;
    EXPECT_TRUE(all.files.at(path) == bytes) << path;
    EXPECT_GT(parse_gcda(bytes, path).sum_max, 100U);
  }
}

INSTANTIATE_TEST_SUITE_P(GcovProcess, AnyCounted,
                         testing::Values("counted_program", "counted_fixed", "counted_static",
                                         "counted_static_pie", "counted_atomic",
                                         "counted_libraries", "stripped/counted_program",
                                         "stripped/counted_static", "stripped/counted_libraries"),
                         name_of);

TEST(GcovProcess, TellsThatAllIsWritten) {
  CountedProcess process("counted_program", {"dump"});
  const AllCounters all = read_all(process.pid());
  EXPECT_EQ(all.dumped, 1);
  EXPECT_EQ(all.run_counted, 1);
  EXPECT_EQ(process.written().size(), 3U);
  const auto written = process.written();
  ASSERT_TRUE(process.exits());
  EXPECT_TRUE(process.written() == written) << "a second dump writes nothing";
}

TEST(GcovProcess, TellsWhatIsNewSinceAReset) {
  CountedProcess process("counted_program", {"reset"});
  const AllCounters all = read_all(process.pid());
  EXPECT_EQ(all.dumped, 0);
  EXPECT_EQ(all.run_counted, 1);
  std::map<std::string, std::string> sums;
  for (const auto& [path, bytes] : process.written()) {
    Gcda sum = parse_gcda(bytes, path);
    const Gcda later = parse_gcda(all.files.at(path), path);
    EXPECT_EQ(later.runs, 0U) << "the process is not counted twice";
    merge(sum, later, path);
    sums[path] = serialize(sum);
  }
  ASSERT_TRUE(process.exits());
  EXPECT_TRUE(process.written() == sums);
}

TEST(GcovProcess, MergesAsLibgcovDoes) {
  CountedProcess first("counted_program");
  CountedProcess second("counted_program", {"reset"});
  ASSERT_TRUE(first.exits());
  ASSERT_TRUE(second.exits());
  CountedProcess both("counted_program");
  ASSERT_TRUE(both.exits());
  CountedProcess again("counted_program", {"reset"}, both.folder());
  ASSERT_TRUE(again.exits());
  const auto from_second = second.written();
  std::map<std::string, std::string> sums;
  for (const auto& [path, bytes] : first.written()) {
    Gcda sum = parse_gcda(bytes, path);
    merge(sum, parse_gcda(from_second.at(path), path), path);
    EXPECT_EQ(sum.runs, 2U);
    sums[path] = serialize(sum);
  }
  EXPECT_TRUE(both.written() == sums);
}

// As at a fork that gcc has not wrapped: the child begins anew, also when its parent had written.
TEST(GcovProcess, ResetsFromOutside) {
  CountedProcess process("counted_libraries", {"dump"});
  const ProcessMemory memory(process.pid());
  const auto before = process.written();
  FileNotes notes;
  ImageCache cache(notes);
  const InstrumentedImages found = find_instrumented_images(process.pid(), memory, cache);
  ASSERT_EQ(found.gcov.size(), 3U);
  for (const GcovImage& image : found.gcov) {
    const GcovCounters counters = read_gcov_counters(memory, image);
    EXPECT_TRUE(counters.state.dumped);
    reset_gcov_counters(memory, image.loaded.bias, image.root, counters.ranges);
    const GcovCounters after = read_gcov_counters(memory, image);
    EXPECT_FALSE(after.state.dumped || after.state.run_counted);
    EXPECT_EQ(after.ranges, counters.ranges);
    for (const GcovObject& object : after.objects) {
      EXPECT_EQ(object.data.counters, std::vector<std::int64_t>(object.data.counters.size(), 0));
    }
  }
  ASSERT_TRUE(process.exits());
  for (const auto& [path, bytes] : process.written()) {
    Gcda expected = parse_gcda(before.at(path), path);
    expected.runs = 2;
    EXPECT_EQ(parse_gcda(bytes, path), expected) << "a second process that has counted nothing";
  }
}

// The second object that libgcov comes to cannot be had: it waits for the lock of its file.
TEST(GcovProcess, TellsThatItIsInterruptedWhileItWrites) {
  CountedProcess before("counted_program");
  ASSERT_TRUE(before.exits());
  const auto old = before.written();
  CountedProcess process("counted_program", {}, before.folder());
  const ProcessMemory memory(process.pid());
  FileNotes notes;
  ImageCache cache(notes);
  const InstrumentedImages found = find_instrumented_images(process.pid(), memory, cache);
  ASSERT_EQ(found.gcov.size(), 1U);
  const GcovImage& image = found.gcov[0];
  const GcovCounters own = read_gcov_counters(memory, image);
  EXPECT_FALSE(is_dumping(memory, *image.loaded.elf, image.loaded.bias, process.stack_pointer()));
  const LockedFile second(before.folder() + own.objects.at(1).path);
  process.open_gate();
  second.wait_until_opened();

  const GcovCounters during = read_gcov_counters(memory, image);
  EXPECT_TRUE(is_dumping(memory, *image.loaded.elf, image.loaded.bias, process.stack_pointer()));
  EXPECT_FALSE(during.state.dumped);
  EXPECT_FALSE(during.state.run_counted);
  const auto now = process.written();
  for (std::size_t i = 0; i < own.objects.size(); ++i) {
    const std::string& path = own.objects[i].path;
    const Gcda& counted = during.objects.at(i).data;
    const Gcda in_file = parse_gcda(now.at(path), path);
    if (i == 0) {
      EXPECT_NE(counted.counters, own.objects[i].data.counters) << "the sum with the file";
      EXPECT_EQ(counted.counters, in_file.counters);
    } else {
      EXPECT_EQ(counted, own.objects[i].data);
      EXPECT_EQ(now.at(path), old.at(path));
    }
  }
}

// Only root finds a file that is removed while it is mapped.
void as_nobody(const std::function<void()>& what) {
  constexpr unsigned kNobody = 65534;
  const int child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) ::_exit(2);
    what();
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

std::string libc_of(int pid) {
  for (const MappedFile& file : mapped_programs(pid)) {
    if (file.path.ends_with("/libc.so.6")) return file.path;
  }
  return "";
}

// Of a process whose libc names a data file behind a page that cannot be read.
class LibcBehindGap : public ProcessMemory {
 public:
  explicit LibcBehindGap(int pid) : ProcessMemory(pid) {
    for (const MappedFile& file : mapped_programs(pid)) {
      if (file.path.find("libc.so.6") != std::string::npos) gap_ = file.mappings.front().start;
    }
  }
  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override {
    constexpr std::uint64_t kPage = 4096;
    const std::uint64_t behind = gap_ + kPage;
    if (address >= gap_ && address < behind) return 0;
    const std::size_t got = ProcessMemory::read_some(address, buffer, size);
    if (address == behind && got > 6) std::memcpy(buffer, "a.gcda", 6);
    return got;
  }

 private:
  std::uint64_t gap_ = 0;
};

// Copies of a program and its libraries. LD_LIBRARY_PATH has its process load them.
class RemovedLibrary : public testing::Test {
 protected:
  static constexpr const char* kNames[] = {"counted_libraries", "libcounted_lib_left.so",
                                           "libcounted_lib_right.so"};

  RemovedLibrary() {
    if (::mkdtemp(folder_) == nullptr) ::abort();
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    for (const char* name : kNames) {
      std::filesystem::copy_file(counted_program(name), copy(name));
    }
    const CountedProcess process(copy(kNames[0]));
    std::filesystem::copy_file(libc_of(process.pid()), copy("libc.so.6"));
  }
  ~RemovedLibrary() override { remove_tree(folder_); }

  std::string copy(const std::string& name) const { return std::string(folder_) + "/" + name; }

  template <class ReadBy = ProcessMemory>
  InstrumentedImages images_without(const std::string& library) const {
    const CountedProcess process(copy(kNames[0]));
    std::filesystem::remove(copy(library));
    const ReadBy memory(process.pid());
    FileNotes notes;
    ImageCache cache(notes);
    return find_instrumented_images(process.pid(), memory, cache);
  }

 private:
  char folder_[32] = "/tmp/copied-XXXXXX";
};

TEST_F(RemovedLibrary, IsMissedIfItCounts) {
  as_nobody([this] {
    const InstrumentedImages found = images_without("libcounted_lib_left.so");
    ASSERT_EQ(found.unread_counters.size(), 1U);
    EXPECT_NE(found.unread_counters[0].message().find("'" + copy("libcounted_lib_left.so") + "'"),
              std::string::npos);
    EXPECT_EQ(found.gcov.size(), 2U);
  });
}

TEST_F(RemovedLibrary, IsNotMissedIfItDoesNotCount) {
  as_nobody([this] {
    const InstrumentedImages found = images_without("libc.so.6");
    ASSERT_EQ(found.unreadable.size(), 1U);
    EXPECT_NE(found.unreadable[0].message().find("'" + copy("libc.so.6") + "'"), std::string::npos);
    EXPECT_TRUE(found.unread_counters.empty());
    EXPECT_EQ(found.gcov.size(), 3U);
  });
}

TEST_F(RemovedLibrary, IsMissedIfItCountsBehindAGap) {
  as_nobody(
      [this] { EXPECT_EQ(images_without<LibcBehindGap>("libc.so.6").unread_counters.size(), 1U); });
}

TEST(GcovProcess, RefusesWhatIsNotCoverage) {
  const CountedProcess process("counted_profiled");
  try {
    read_all(process.pid());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.cause().find("' was compiled with -fprofile-generate, not only with "
                                 "--coverage"),
              std::string::npos)
        << error.cause();
  }
}

}  // namespace
}  // namespace gentle

#endif
