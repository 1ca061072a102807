#include "process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

Run run(const std::vector<std::string>& command, const std::string& log) {
  const std::vector<char*> argv = pointers(command);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  Run result;
  int pid = 0;
  int status = 0;
  rusage usage{};
  result.began = now_ns();
  const int error = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  while (error == 0 && ::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  result.ended = now_ns();
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(command[0] + ": " + std::strerror(error));
  if (status != 0) {
    std::string words;
    for (const std::string& word : command) words += " " + word;
    throw std::runtime_error("wait status " + std::to_string(status) + " of" + words);
  }
  result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return result;
}
