#include "coverage/keep/recorded_processes.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "os/file.h"
#include "os/spawn.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

const Loss kNotStarted{Loss::Code::kNoRecorder,
                       "its recorder has not started (Python 3.9 or newer?)"};
constexpr const char* kPython = "/usr/bin/python3";

// Processes that have what an interpreter has, and record what the test says.
class RecordedProcessesTest : public ScratchFolderTest {
 protected:
  void SetUp() override { processes_.emplace(Language::kPython, root_, CoverageSpec{}); }

  void TearDown() override {
    for (const int pid : pids_) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    ScratchFolderTest::TearDown();
  }

  int start(const std::string& program, bool with_recorder = true) {
    SpawnOptions options;
    options.command = {"/bin/sleep", "1000"};
    if (with_recorder) processes_->add_environment(options.environment, root_);
    pids_.push_back(spawn(options));
    processes_->executes(pids_.back(), program);
    return pids_.back();
  }

  std::string folder_of(int pid) const { return root_ + "/" + std::to_string(pid); }

  void record(int pid) {
    make_folders(folder_of(pid), 0700);
    write_file_atomically(folder_of(pid) + "/python.1.hits",
                          std::string("1STIHYPG") + std::string(56, '\0'));
  }

  std::optional<Loss> lost(int pid, bool by_signal) {
    return processes_->end(pid, by_signal, [this](int other) { return folder_of(other); }).lost;
  }

  std::optional<RecordedProcesses> processes_;
  std::vector<int> pids_;
};

TEST_F(RecordedProcessesTest, CopiesOfModulesOfNodeGoWithTheirProcess) {
  processes_.emplace(Language::kNode, root_, CoverageSpec{});
  const int pid = start("/usr/bin/node");
  make_folders(folder_of(pid), 0700);
  write_file_atomically(folder_of(pid) + "/node.1.0.2.module", "export {};");
  write_file_atomically(folder_of(pid) + "/node.1.names", "");
  lost(pid, true);
  EXPECT_EQ(entries_of(folder_of(pid)), std::vector<std::string>{"node.1.names"});
}

TEST_F(RecordedProcessesTest, OneThatHasRecordedNothingIsLost) {
  EXPECT_EQ(lost(start(kPython), false), kNotStarted);
  EXPECT_EQ(lost(start(kPython), true), kNotStarted) << "nobody knows that it would have recorded";
}

// Before that, its program has executed nothing.
TEST_F(RecordedProcessesTest, OneThatIsKilledBeforeItsRecorderStartsHasLostNothing) {
  const int other = start(kPython);
  record(other);
  EXPECT_EQ(lost(start(kPython), true), std::nullopt) << "the other one runs";
  EXPECT_EQ(lost(other, false), std::nullopt);
  EXPECT_EQ(lost(start(kPython), true), std::nullopt) << "the other one has run";
  EXPECT_EQ(lost(start(kPython), false), kNotStarted) << "it has ended by itself";
  EXPECT_EQ(lost(start("/opt/python3"), true), kNotStarted) << "it is another interpreter";
}

TEST_F(RecordedProcessesTest, OneWithoutRecorderIsLostHoweverItEnds) {
  const int other = start(kPython);
  record(other);
  const auto loss = lost(start(kPython, false), true);
  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->detail, "the PYTHONPATH of its environment does not name the recorder");
}

TEST_F(RecordedProcessesTest, OfForksAndOthersNothingIsAsked) {
  const int parent = start(kPython);
  const int child = start("/bin/sh");
  processes_->forked(child, parent);
  EXPECT_TRUE(processes_->runs(child));
  EXPECT_EQ(lost(child, false), std::nullopt);
  EXPECT_FALSE(processes_->runs(start("/bin/sh")));
  EXPECT_EQ(lost(pids_.back(), false), std::nullopt);
}

}  // namespace
}  // namespace gentle
