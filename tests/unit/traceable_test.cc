#include "coverage/image/traceable.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "coverage/image/file_notes.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

std::string let_go(const std::string& program) {
  FileNotes notes;
  return why_let_go({program, file_version(program), program}, notes);
}

class TraceableTest : public ScratchFolderTest {
 protected:
  void SetUp() override { fs::copy_file("/bin/true", program_); }

  std::string program_ = root_ + "/program";
};

TEST_F(TraceableTest, OrdinaryProgramsAre) {
  EXPECT_EQ(let_go(program_), "");
  EXPECT_EQ(why_not_followed(program_), "");
  EXPECT_EQ(why_not_followed(""), "");
  EXPECT_EQ(why_not_followed(root_ + "/none"), "");
}

TEST_F(TraceableTest, WhatCannotBeReadIsInNobodysWay) {
  write_file(program_, "#!/bin/sh\n");
  EXPECT_EQ(let_go(program_), "");
}

// Its symbols are not read, but are there.
TEST_F(TraceableTest, NotA32BitProgramWithASanitizer) {
  using namespace std::string_literals;
  const std::string header =
      "\x7f"
      "ELF\1\1\1"s +
      std::string(11, '\0') + "\3\0"s;
  write_file(program_, header + "\0main\0__asan_init_v4\0"s);
  EXPECT_EQ(let_go(program_), "");
  write_file(program_, header + "\0main\0__asan_init\0puts\0"s);
  EXPECT_EQ(let_go(program_), "AddressSanitizer does not go with tracing");
}

// These tests call ptrace.
TEST_F(TraceableTest, NotWhatTracesItself) {
  EXPECT_EQ(let_go("/proc/self/exe"), "it uses ptrace itself");
}

TEST_F(TraceableTest, IsLookedForOnce) {
  FileNotes notes;
  EXPECT_EQ(why_let_go({"a", "1 ", root_ + "/none"}, notes), "") << "nobody can tell";
  EXPECT_EQ(why_let_go({"a", "1 ", "/proc/self/exe"}, notes), "it uses ptrace itself");
  EXPECT_EQ(why_let_go({"a", "1 ", program_}, notes), "it uses ptrace itself");
  EXPECT_EQ(why_let_go({"a", "2 ", program_}, notes), "");
}

TEST_F(TraceableTest, NotValgrind) {
  const std::string why = "valgrind does not go with tracing";
  fs::copy_file(program_, root_ + "/valgrind.bin");
  EXPECT_EQ(let_go(root_ + "/valgrind.bin"), why);
  make_folders(root_ + "/valgrind", 0777);
  fs::copy_file(program_, root_ + "/valgrind/memcheck");
  EXPECT_EQ(let_go(root_ + "/valgrind/memcheck"), why);
}

// As another user than root; that the kernel gives them then is tried in tests/cli.
TEST_F(TraceableTest, NotWhatTakesOtherRights) {
  const std::string why =
      "it takes the rights of another user, which the kernel refuses to what is traced";
  ASSERT_EQ(::chmod(program_.c_str(), 04755), 0);
  EXPECT_EQ(why_not_followed(program_), "") << "those of this user";
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  ASSERT_EQ(::chmod(root_.c_str(), 0755), 0);
  ASSERT_EQ(::seteuid(12345), 0);
  EXPECT_EQ(why_not_followed(program_), why);
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_EQ(::chown(program_.c_str(), 0, 54321), 0);
  for (const auto& [mode, expected] : {std::pair<unsigned, std::string>{02755, why},
                                       {02745, ""},  // without x it means something else
                                       {0755, ""}}) {
    ASSERT_EQ(::chmod(program_.c_str(), mode), 0);
    ASSERT_EQ(::seteuid(12345), 0);
    EXPECT_EQ(why_not_followed(program_), expected) << std::oct << mode;
    ASSERT_EQ(::seteuid(0), 0);
  }
}

TEST_F(TraceableTest, AProcessThatMissesNothing) {
  EXPECT_EQ(missing_rights(::getpid()), "");
  EXPECT_EQ(missing_rights(1 << 30), "");
}

}  // namespace
}  // namespace gentle
