#include "os/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/unique_fd.h"
#include "os/descriptors.h"
#include "os/exec_error.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr int kFirstListenFd = 3;  // SD_LISTEN_FDS_START: sd_listen_fds(3)

// What the child reports through the pipe: why it could not become the program.
struct Report {
  enum Kind { kWorkingDirectory, kDescriptors, kExec } kind;
  int error;  // errno
};

// All that the child needs, made before the fork: after it no memory is allocated.
struct Prepared {
  std::string program;
  std::vector<char*> argv;
  std::vector<std::string> environment;
  std::vector<char*> envp;
  char* listen_pid_digits = nullptr;  // where LISTEN_PID's value stands in `environment`
};

struct Pipe {
  explicit Pipe(const std::string& program) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw errno_error("make a pipe for", program, errno);
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }

  UniqueFd read_end;
  UniqueFd write_end;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

std::string resolve_program(const std::string& name, const Environment& environment) {
  if (name.find('/') != std::string::npos) return name;
  const std::string path = environment.get("PATH");
  const std::string found =
      find_program(name, path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path);
  if (!found.empty()) return found;
  throw Error("start program", name, "not found on PATH")
      .hint(hint_for_missing(name, "build or install it, or give COMMAND its path"))
      .exit_code(kExitNotFound);
}

Prepared prepare(const SpawnOptions& options) {
  Prepared prepared;
  prepared.program = resolve_program(options.command.at(0), options.environment);
  prepared.argv = pointers(options.command);
  Environment environment = options.environment;
  for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) environment.unset(name);
  prepared.environment = environment.entries();
  if (!options.listen_fds.empty()) {
    std::string names;
    for (const std::string& name : options.listen_names) names += (names.empty() ? "" : ":") + name;
    prepared.environment.push_back("LISTEN_FDS=" + std::to_string(options.listen_fds.size()));
    prepared.environment.push_back("LISTEN_FDNAMES=" + names);
    // The pid is known only in the child: it writes its digits here (room for ten, zero-ended).
    prepared.environment.emplace_back("LISTEN_PID=0000000000");
    prepared.listen_pid_digits = prepared.environment.back().data() + std::strlen("LISTEN_PID=");
  }
  prepared.envp = pointers(prepared.environment);
  return prepared;
}

// From here to exec the child calls only what signal-safety(7) allows.

void write_digits(char* out, int number) {
  char digits[12];
  int count = 0;
  for (; number > 0; number /= 10) digits[count++] = static_cast<char>('0' + number % 10);
  while (count > 0) *out++ = digits[--count];
  *out = '\0';
}

// A shell's `cmd &` starts everything with SIGINT and SIGQUIT ignored, and exec keeps that: a
// gentle stop would do nothing. So all is set back.
void reset_signals(bool keeps_nohup) {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGHUP || !keeps_nohup) ::signal(signal, SIG_DFL);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool place(int from, int to) {
  // dup2 onto itself keeps close-on-exec.
  if (from == to) return ::fcntl(to, F_SETFD, 0) == 0;
  return ::dup2(from, to) >= 0;
}

// `report` is moved out of the way of the descriptors that are handed over.
bool place_descriptors(const SpawnOptions& options, int& report) {
  const int stdio[] = {options.stdin_fd, options.stdout_fd, options.stderr_fd};
  for (int fd = 0; fd < 3; ++fd) {
    if (stdio[fd] >= 0 && !place(stdio[fd], fd)) return false;
  }
  const int count = static_cast<int>(options.listen_fds.size());
  if (count > 0) {
    const int free_from = kFirstListenFd + 2 * count + 1;
    report = ::fcntl(report, F_DUPFD_CLOEXEC, free_from);
    if (report < 0) return false;
    // In two rounds, since a source may stand where another one has to go.
    int moved[64];
    for (int i = 0; i < count; ++i) {
      moved[i] =
          ::fcntl(options.listen_fds[static_cast<std::size_t>(i)], F_DUPFD_CLOEXEC, free_from);
      if (moved[i] < 0) return false;
    }
    for (int i = 0; i < count; ++i) {
      if (!place(moved[i], kFirstListenFd + i)) return false;
    }
  }
  return true;
}

// Until the parent has closed its end: then it is given, or never will be. True if the parent
// will have this process leave its processor again.
bool wait_for_permission(const Pipe& permission) {
  ::close(permission.write_end.get());
  char byte = 0;
  ssize_t got = -1;
  do {
    got = ::read(permission.read_end.get(), &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

void stay_on_processor() {
  const int processor = ::sched_getcpu();
  if (processor < 0 || processor >= CPU_SETSIZE) return;
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  ::sched_setaffinity(0, sizeof only, &only);
}

[[noreturn]] void report_and_exit(int pipe, const Report& report) {
  const ssize_t put = ::write(pipe, &report, sizeof report);
  ::_exit(put == sizeof report ? kExitOwnFailure : kExitNotExecutable);
}

[[noreturn]] void become_program(const SpawnOptions& options, const Prepared& prepared,
                                 const Pipe& permission, int report, int parent) {
  const auto fail = [&](Report::Kind kind) { report_and_exit(report, {kind, errno}); };
  if (options.own_group) ::setpgid(0, 0);
  if (prepared.listen_pid_digits != nullptr) write_digits(prepared.listen_pid_digits, ::getpid());
  reset_signals(options.keeps_nohup);
  if (options.death_signal != 0) {
    ::prctl(PR_SET_PDEATHSIG, options.death_signal);
    // It died before the prctl. In a child of vfork(2), musl's raise(3) means the parent's thread.
    if (::getppid() != parent) ::kill(::getpid(), options.death_signal);
  }
  // As late as can be, so that it is given by now as a rule and nobody has to be woken; but before
  // other descriptors take its place.
  if (options.before_exec && wait_for_permission(permission)) stay_on_processor();
  if (!place_descriptors(options, report)) fail(Report::kDescriptors);
  if (!options.working_directory.empty() && ::chdir(options.working_directory.c_str()) != 0) {
    fail(Report::kWorkingDirectory);
  }
  ::execve(prepared.program.c_str(), prepared.argv.data(), prepared.envp.data());
  fail(Report::kExec);
  ::_exit(kExitOwnFailure);
}

// Lets a child that stands still before its exec go on, as ptrace(2) says.
void let_go_on(int pid, int event, int signal) {
  // SIGTRAP: it is no longer stopped.
  if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
    ::ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
  } else {
    ::ptrace(PTRACE_CONT, pid, nullptr, reinterpret_cast<void*>(event == 0 ? long{signal} : 0));
  }
}

// Until a child that is followed has executed its program or has ended, which is left to be waited
// for. Before that it stands still at each signal and at its end, and nobody but us lets it go on.
void wait_for_exec(int pid) {
  for (;;) {
    siginfo_t info{};
    const int failed =
        ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WEXITED | WNOWAIT | __WALL);
    if (failed && errno == EINTR) continue;
    if (failed || info.si_code != CLD_TRAPPED) return;
    const int event = info.si_status >> 8;
    if (event == PTRACE_EVENT_EXEC) return;
    int status = 0;
    if (::waitpid(pid, &status, __WALL) == pid) let_go_on(pid, event, WSTOPSIG(status));
  }
}

// Returns when the program runs: exec has closed the pipe then.
void hear_report(const SpawnOptions& options, const Prepared& prepared, const UniqueFd& pipe,
                 int child) {
  Report failure{};
  ssize_t got = -1;
  do {
    got = ::read(pipe.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof failure) return;
  ::waitpid(child, nullptr, 0);
  switch (failure.kind) {
    case Report::kWorkingDirectory:
      throw errno_error("change to folder", options.working_directory, failure.error);
    case Report::kDescriptors:
      throw errno_error("hand descriptors to", prepared.program, failure.error);
    case Report::kExec:
      break;
  }
  throw exec_error(prepared.program, failure.error);
}

// As in a signal handler.
void close_from(int first) {
  if (close_range_of_descriptors(first, INT_MAX)) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  for (int fd = first; fd < static_cast<int>(limit.rlim_cur); ++fd) ::close(fd);
}

bool is_closed_within(int pipe, std::chrono::milliseconds limit) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + limit;
  for (;;) {
    const auto rest = deadline - steady_clock::now();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(rest).count();
    pollfd waits{pipe, POLLIN, 0};
    const int ready = ::poll(&waits, 1, static_cast<int>(std::max<long long>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

}  // namespace

int spawn(const SpawnOptions& options) {
  if (options.listen_fds.size() > 64) {
    throw Error("hand descriptors to", options.command.at(0), "more than 64 LISTEN ports");
  }
  const Prepared prepared = prepare(options);
  Pipe reports(prepared.program);
  Pipe permission(prepared.program);
  const int parent = ::getpid();
  // A copy of our memory would only be thrown away: it is made for who looks at the child before
  // its exec, and so has to run beside it.
  const pid_t pid = options.before_exec ? ::fork() : ::vfork();
  if (pid < 0) throw errno_error("fork for", prepared.program, errno);
  if (pid == 0) {
    become_program(options, prepared, permission, reports.write_end.get(), parent);
  }
  // Also here, so that the group exists whoever runs first; it fails after exec, harmlessly.
  if (options.own_group) ::setpgid(pid, pid);
  const bool is_followed = options.before_exec && options.before_exec(pid);
  cpu_set_t processors;
  const bool stays = is_followed && options.short_lived &&
                     ::sched_getaffinity(0, sizeof processors, &processors) == 0 &&
                     ::write(permission.write_end.get(), "", 1) == 1;
  permission.write_end.reset();
  reports.write_end.reset();
  if (is_followed) wait_for_exec(pid);
  if (stays) ::sched_setaffinity(pid, sizeof processors, &processors);
  hear_report(options, prepared, reports.read_end, pid);
  return pid;
}

int fork_detached(const std::string& purpose, int input, int output) {
  const Pipe told(purpose);
  std::fflush(nullptr);             // once, and not by both
  const pid_t between = ::vfork();  // until it exits, it only forks
  if (between < 0) throw errno_error("fork for", purpose, errno);
  int copy = 0;
  if (between == 0) {
    ::setsid();
    copy = ::fork();
    if (copy != 0) {
      const int value = copy < 0 ? -errno : copy;
      ::_exit(::write(told.write_end.get(), &value, sizeof value) == sizeof value ? 0 : 1);
    }
    reset_signals(false);
    if (!place(input, 0) || !place(output, 1) || !place(output, 2)) ::_exit(kExitOwnFailure);
    return 0;
  }
  int status = 0;
  while (::waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  const bool heard = status == 0 && ::read(told.read_end.get(), &copy, sizeof copy) > 0;
  if (!heard || copy < 0) throw errno_error("fork for", purpose, heard ? -copy : ECHILD);
  return copy;
}

bool ends_in_child(const std::function<void()>& work, std::chrono::milliseconds limit) {
  Pipe end("a child that may wait for ever");
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Its end closes the last descriptor of the pipe that may be written to.
    if (::dup2(end.write_end.get(), 3) == 3) {
      close_from(4);
      work();
    }
    ::_exit(0);
  }
  end.write_end.reset();
  const bool has_ended = is_closed_within(end.read_end.get(), limit);
  if (!has_ended) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, has_ended ? 0 : WNOHANG) < 0 && errno == EINTR) {
  }
  return has_ended;
}

void exec_program(const SpawnOptions& options) {
  const Prepared prepared = prepare(options);
  const std::string& folder = options.working_directory;
  if (!folder.empty() && ::chdir(folder.c_str()) != 0) {
    throw errno_error("change to folder", folder, errno);
  }
  reset_signals(options.keeps_nohup);
  ::execve(prepared.program.c_str(), prepared.argv.data(), prepared.envp.data());
  throw exec_error(prepared.program, errno);
}

EndStatus end_status_from_wait(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {true, WTERMSIG(wait_status)};
  return {false, WEXITSTATUS(wait_status)};
}

void end_like(const EndStatus& end) {
  std::fflush(nullptr);
  if (!end.by_signal) ::_exit(end.value);
  const rlimit no_core{};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::prctl(PR_SET_DUMPABLE, 0);  // core patterns that pipe to a program ignore the limit
  ::signal(end.value, SIG_DFL);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, end.value);
  ::raise(end.value);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::_exit(128 + end.value);
}

}  // namespace gentle
