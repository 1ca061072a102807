#include "coverage/image/mapped_files.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "coverage/image/map_query.h"
#include "fake_memory.h"
#include "os/file.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

TEST(MappedFiles, ReadsMaps) {
  const auto files = parse_maps(
      "55d0a0000000-55d0a0001000 r--p 00000000 fe:00 12    /usr/bin/my server\n"
      "55d0a0001000-55d0a0002000 r-xp 00001000 fe:00 12    /usr/bin/my server\n"
      "55d0a1000000-55d0a1021000 rw-p 00000000 00:00 0     [heap]\n"
      "7f0000000000-7f0000001000 r--p 00000000 fe:00 13    /lib/libold.so (deleted)\n"
      "7f0000002000-7f0000003000 r--s 00000000 00:01 14    /memfd:code (deleted)\n"
      "7f0000004000-7f0000005000 r--p 00000000 fe:01 12    /lib/two\\012lines.so\n"
      "7f0000006000-7f0000007000 rw-p 00000000 00:00 0 \n"
      "55d0a0003000-55d0a0004000 rw-p 00003000 fe:00 12    /usr/bin/other name\n");
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].path, "/usr/bin/my server");
  EXPECT_FALSE(files[0].deleted);
  EXPECT_EQ(files[0].device, "fe:00");
  EXPECT_EQ(files[0].inode, 12U);
  EXPECT_EQ(files[0].mappings,
            (std::vector<Mapping>{{0x55d0a0000000, 0x55d0a0001000, 0, false},
                                  {0x55d0a0001000, 0x55d0a0002000, 0x1000, true},
                                  {0x55d0a0003000, 0x55d0a0004000, 0x3000, false}}));
  EXPECT_TRUE(files[0].is_program());
  EXPECT_EQ(files[1].path, "/lib/libold.so");
  EXPECT_TRUE(files[1].deleted);
  EXPECT_FALSE(files[1].is_program());
  EXPECT_EQ(files[2].path, "/memfd:code");
  EXPECT_EQ(files[3].path, "/lib/two\nlines.so");
}

TEST(MappedFiles, LeavesOutLinesThatCannotBeRead) {
  for (const char* line :
       {"", "\n", "x", "55d0-55d1", "55d0-55d1 r-xp", "55d1-55d0 r-xp 0 fe:00 1 /a",
        "55d0-55d1 r 0 fe:00 1 /a", "5x-55d1 r-xp 0 fe:00 1 /a", "55d0-55d1 r-xp 0 fe:00 x /a",
        "55d0-55d1 r-xp 0 fe:00 99999999999999999999 /a", "55d0-55d1 r-xp 0 fe:00 1",
        "111111111111111111-55d1 r-xp 0 fe:00 1 /a"}) {
    EXPECT_TRUE(parse_maps(line).empty()) << line;
  }
}

ElfImage two_segments(bool position_independent) {
  ElfImage image;
  image.position_independent = position_independent;
  image.segments = {{0, 0x1000, 0x1800, 0x1800, false}, {0x1800, 0x3800, 0x900, 0x5000, true}};
  return image;
}

MappedFile at(std::initializer_list<std::uint64_t> starts) {
  MappedFile file;
  for (const std::uint64_t start : starts) {
    file.mappings.push_back({start, start + 0x2000, 0, true});
    // RELRO has split the second segment.
    file.mappings.push_back({start + 0x2000, start + 0x3000, 0x1000, false});
    file.mappings.push_back({start + 0x3000, start + 0x4000, 0x2000, false});
  }
  return file;
}

TEST(MappedFiles, FindsTheLoadBias) {
  EXPECT_EQ(load_biases(two_segments(true), at({0x10001000})),
            (std::vector<std::uint64_t>{0x10000000}));
  EXPECT_EQ(load_biases(two_segments(true), at({0x10001000, 0x20001000})),
            (std::vector<std::uint64_t>{0x10000000, 0x20000000}))
      << "loaded twice";
  EXPECT_EQ(load_biases(two_segments(false), at({0x1000})), (std::vector<std::uint64_t>{0}));
}

TEST(MappedFiles, AnImageThatIsNotWholeHasNoBias) {
  EXPECT_TRUE(load_biases(two_segments(false), at({0x10001000})).empty());
  EXPECT_TRUE(load_biases(ElfImage{}, at({0x10001000})).empty());
  EXPECT_TRUE(load_biases(two_segments(true), MappedFile{}).empty());
  MappedFile half = at({0x10001000});
  half.mappings.erase(half.mappings.begin() + 1);
  EXPECT_TRUE(load_biases(two_segments(true), half).empty());
}

TEST(MappedFiles, FindsThisProcess) {
  const auto files = mapped_programs(::getpid());
  const auto self = std::find_if(files.begin(), files.end(), [](const MappedFile& file) {
    return file.path.ends_with("/unit_tests");
  });
  ASSERT_NE(self, files.end());
  const auto file = open_mapped_file(::getpid(), *self);
  const ElfImage image = read_elf_image(*file);
  const auto biases = load_biases(image, *self);
  ASSERT_EQ(biases.size(), 1U);
  const ProcessMemory memory(::getpid());
  EXPECT_TRUE(is_mapped_at(image, *file, memory, biases[0]));
  EXPECT_FALSE(is_mapped_at(image, FileMemory("/bin/sh"), memory, biases[0]));
  EXPECT_FALSE(is_mapped_at(image, *file, memory, biases[0] + (std::uint64_t{1} << 45)));
}

TEST(MappedFiles, AreTheSameByEitherWay) {
  const auto queried = query_mapped_programs(::getpid());
  if (!queried) GTEST_SKIP() << "an older kernel";
  auto files = parse_maps(read_file("/proc/self/maps"));
  std::erase_if(files, [](const MappedFile& file) { return !file.is_program(); });
  EXPECT_EQ(*queried, files);
}

TEST(MappedFiles, AProcessThatIsGoneHasNone) { EXPECT_TRUE(mapped_programs(1 << 30).empty()); }

// A file that this process has mapped and can execute.
class MappedCopy {
 public:
  MappedCopy() {
    char name[] = "/tmp/mapped-XXXXXX";
    UniqueFd fd(::mkstemp(name));
    path_ = name;
    if (::ftruncate(fd.get(), 4096) != 0) ::abort();
    memory_ = ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd.get(), 0);
  }
  MappedCopy(const MappedCopy&) = delete;
  MappedCopy& operator=(const MappedCopy&) = delete;
  ~MappedCopy() {
    ::munmap(memory_, 4096);
    ::unlink(path_.c_str());
  }

  const std::string& path() const { return path_; }
  MappedFile find() const {
    for (const MappedFile& file : mapped_programs(::getpid())) {
      if (file.path.starts_with(path_)) return file;
    }
    return {};
  }

 private:
  std::string path_;
  void* memory_;
};

TEST(MappedFiles, OpensOnlyTheFileThatIsMapped) {
  const MappedCopy copy;
  const MappedFile file = copy.find();
  EXPECT_TRUE(file.is_program());
  EXPECT_NO_THROW(open_mapped_file(::getpid(), file));
  MappedFile other = file;
  other.inode += 1;
  try {
    open_mapped_file(::getpid(), other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "gentle: error: open program '" + file.path +
                                   "': it has been removed or replaced since process " +
                                   std::to_string(::getpid()) +
                                   " loaded it\nhint: do not build while the tests run\n");
  }
}

TEST(MappedFiles, SaysThatAFileIsDeleted) {
  const MappedCopy copy;
  ::unlink(copy.path().c_str());
  const MappedFile file = copy.find();
  EXPECT_EQ(file.path, copy.path());
  EXPECT_TRUE(file.deleted);
  // With more rights it can be had all the same: proc(5), map_files.
  if (::geteuid() == 0) {
    EXPECT_EQ(open_mapped_file(::getpid(), file)->name(), copy.path() + " (deleted)");
  }
}

TEST(MappedFiles, ANameThatEndsLikeADeletedOne) {
  const MappedCopy copy;
  const std::string odd = copy.path() + " (deleted)";
  ASSERT_EQ(::rename(copy.path().c_str(), odd.c_str()), 0);
  EXPECT_EQ(open_mapped_file(::getpid(), copy.find())->name(), odd);
  ::unlink(odd.c_str());
}

#ifdef GENTLE_COUNTED_PROGRAMS

// Copies a program, runs the copy and removes it.
TEST(MappedFiles, FindsAProgramThatWasRemoved) {
  const std::string copy = "/tmp/counted-removed-" + std::to_string(::getpid());
  std::filesystem::copy_file(counted_program("counted_program"), copy,
                             std::filesystem::copy_options::overwrite_existing);
  const CountedProcess process(copy);
  std::filesystem::remove(copy);
  const auto files = mapped_programs(process.pid());
  ASSERT_FALSE(files.empty());
  EXPECT_TRUE(files[0].deleted);
  const auto file = open_mapped_file(process.pid(), files[0]);
  EXPECT_EQ(read_elf_image(*file), read_elf_image(FileMemory(counted_program("counted_program"))));
}

TEST(MappedFiles, KnowsEmulators) {
  for (const char* path : {"/usr/bin/qemu-aarch64-static", "qemu-arm", "/usr/bin/box64",
                           "/usr/bin/buildkit-qemu-riscv64", "/usr/bin/FEXInterpreter"}) {
    EXPECT_TRUE(is_emulator(path)) << path;
  }
  for (const char* path : {"", "/usr/bin/gcc", "/qemu-x/sh", "/usr/bin/toolbox64"}) {
    EXPECT_FALSE(is_emulator(path)) << path;
  }
}

// The linker writes a program anew, a copy tool often in place.
TEST(MappedFiles, TellsThatAProgramWasChangedInPlace) {
  const FileMemory file(counted_program("counted_fixed"));
  const ElfImage image = read_elf_image(file);
  const CountedProcess process("counted_fixed");
  const ProcessMemory memory(process.pid());
  EXPECT_TRUE(is_mapped_at(image, file, memory, 0));
  std::string other = read_file(counted_program("counted_fixed"));
  const std::size_t id = other.find(std::string("GNU\0", 4));
  ASSERT_NE(id, std::string::npos);
  other[id + 8] = static_cast<char>(other[id + 8] + 1);
  EXPECT_FALSE(is_mapped_at(image, FakeMemory(other), memory, 0));
  ElfImage other_image = image;
  EXPECT_TRUE(has_build_id_at(other_image, memory, 0));
  EXPECT_FALSE(has_build_id_at(other_image, memory, 1 << 30));
  other_image.build_id.front() = other_image.build_id.front() == '0' ? '1' : '0';
  EXPECT_FALSE(has_build_id_at(other_image, memory, 0));
}

#endif

}  // namespace
}  // namespace gentle
