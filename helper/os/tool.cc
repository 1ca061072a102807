#include "os/tool.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/spawn.h"

namespace gentle {
namespace {

// A file in memory instead of a pipe: the tool writes as it likes, and it is read when it has
// ended.
UniqueFd open_output(const std::string& log) {
  const int fd = log.empty() ? ::memfd_create("output", MFD_CLOEXEC)
                             : ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0) throw errno_error("open log", log, errno);
  return UniqueFd(fd);
}

std::string read_from_begin(int fd) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw errno_error("read output", "", errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

ToolEnd run_tool(const ToolRun& run) {
  const UniqueFd output = open_output(run.log);
  SpawnOptions options;
  options.command = run.command;
  options.environment = run.environment;
  options.working_directory = run.working_directory;
  options.stdout_fd = output.get();
  UniqueFd errors;
  if (run.log.empty() && !run.error_log.empty()) errors = open_output(run.error_log);
  if (!run.log.empty()) options.stderr_fd = output.get();
  if (errors) options.stderr_fd = errors.get();
  options.death_signal = SIGTERM;
  const int pid = spawn(options);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw errno_error("wait for", run.command.front(), errno);
  }
  return {end_status_from_wait(status), run.log.empty() ? read_from_begin(output.get()) : ""};
}

}  // namespace gentle
