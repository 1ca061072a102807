// A program of tests/programs/counted or counted_llvm that waits at its gate.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "os/file.h"
#include "os/spawn.h"

extern char** environ;

namespace gentle {

#ifdef GENTLE_COUNTED_PROGRAMS
// An absolute path stays one.
inline std::string counted_program(const std::string& name) {
  return (std::filesystem::path(GENTLE_COUNTED_PROGRAMS) / name).string();
}
#else
inline std::string counted_program(const std::string& path) { return path; }
#endif

class CountedProcess {
 public:
  // It writes into a folder of its own, or into that of an earlier process.
  explicit CountedProcess(const std::string& name, std::vector<std::string> arguments = {},
                          std::string folder = "")
      : folder_(std::move(folder)), own_folder_(folder_.empty()) {
    char new_folder[] = "/tmp/counted-XXXXXX";
    if (own_folder_ && ::mkdtemp(new_folder) == nullptr) ::abort();
    if (own_folder_) folder_ = new_folder;
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) ::abort();
    const UniqueFd gate(in[0]);
    const UniqueFd arrival(out[1]);
    gate_.reset(in[1]);
    const UniqueFd arrived(out[0]);
    SpawnOptions options;
    options.command = {counted_program(name)};
    for (std::string& argument : arguments) options.command.push_back(std::move(argument));
    options.environment = Environment::from(environ);
    options.environment.set("GCOV_PREFIX", folder_);
    options.environment.unset("GCOV_PREFIX_STRIP");
    options.environment.set("LLVM_PROFILE_FILE", folder_ + "/%p/%m.profraw");
    // Before the RUNPATH: a stripped program takes the libraries beside it.
    options.environment.set("LD_LIBRARY_PATH",
                            options.command[0].substr(0, options.command[0].rfind('/')));
    options.stdin_fd = gate.get();
    options.stdout_fd = arrival.get();
    options.death_signal = SIGKILL;
    pid_ = spawn(options);
    close_and_wait(arrival, arrived);
  }
  CountedProcess(const CountedProcess&) = delete;
  CountedProcess& operator=(const CountedProcess&) = delete;
  ~CountedProcess() {
    if (pid_ != 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    if (own_folder_) remove_tree(folder_);
  }

  int pid() const { return pid_; }
  const std::string& folder() const { return folder_; }

  // When it has come to a system call and waits there: proc(5), /proc/PID/syscall.
  std::uint64_t stack_pointer() const {
    for (;;) {
      const std::string text = read_file("/proc/" + std::to_string(pid_) + "/syscall");
      const std::size_t last = text.rfind(' ');
      if (text.starts_with("running") || last == std::string::npos) {
        ::sched_yield();
        continue;
      }
      const std::size_t before = text.rfind(' ', last - 1);
      return std::stoull(text.substr(before + 1, last - before - 1), nullptr, 16);
    }
  }

  // What the runtime has written till now, by the path that the program knows.
  std::map<std::string, std::string> written() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      const std::string path = entry.path().string();
      files[path.substr(folder_.size())] = read_file(path);
    }
    return files;
  }

  void open_gate() { gate_.reset(); }

  // Opens the gate; true if it exits with status 0.
  bool exits() {
    open_gate();
    int status = -1;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  static void close_and_wait(const UniqueFd& arrival, const UniqueFd& arrived) {
    // Our own copy of the pipe goes, so that a program that ends early is seen as its end.
    const UniqueFd nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    ::dup3(nothing.get(), arrival.get(), O_CLOEXEC);
    char byte = 0;
    EXPECT_EQ(::read(arrived.get(), &byte, 1), 1) << "the program did not come to its gate";
  }

  std::string folder_;
  bool own_folder_;
  UniqueFd gate_;
  int pid_ = 0;
};

}  // namespace gentle
