#include "os/process.h"

#include <dirent.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <set>
#include <string_view>

#include "base/deadline.h"
#include "base/number.h"
#include "base/printable.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kShownCommandLine = 200;
// The kernel lets a program have 6 MiB of arguments and environment (execve(2)); but a process may
// tell it later that it has terabytes (PR_SET_MM).
constexpr std::size_t kLargestProcFile = std::size_t{8} << 20;
// It takes less than a millisecond, unless the program lies on a disk that does not answer.
constexpr auto kLongestExecve = std::chrono::seconds(1);
constexpr auto kLongestLook = std::chrono::seconds(2);

std::string proc_path(int pid, const char* file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

// A file of /proc; a process that ends while it is read makes the text empty.
std::string read_proc(const std::string& path) {
  try {
    return read_file_if_there(path, kLargestProcFile).value_or("");
  } catch (const std::exception&) {
    return "";
  }
}

// A line of /proc/PID/status, without its key.
std::optional<std::string> status_value(const std::string& status, const std::string& key) {
  const std::string start = "\n" + key + ":\t";
  std::size_t at = status.find(start);
  if (at == std::string::npos) return std::nullopt;
  at += start.size();
  return status.substr(at, status.find('\n', at) - at);
}

std::optional<int> status_number(int pid, const std::string& key) {
  const auto value = status_value(read_proc(proc_path(pid, "status")), key);
  return value ? parse_integer<int>(*value, 0, 1 << 30) : std::nullopt;
}

std::uint64_t signal_bit(int signal) { return std::uint64_t{1} << (signal - 1); }

// Of signals, one bit each.
std::uint64_t status_signals(const std::string& status, const std::string& key) {
  return std::strtoull(status_value(status, key).value_or("").c_str(), nullptr, 16);
}

// The numeric entries of a folder of /proc: pids or thread ids.
std::vector<int> numbers_in(const std::string& folder) {
  std::vector<int> numbers;
  DIR* stream = ::opendir(folder.c_str());
  if (stream == nullptr) return numbers;
  while (const dirent* entry = ::readdir(stream)) {
    if (const auto number = parse_integer<int>(entry->d_name, 1, 1 << 30)) {
      numbers.push_back(*number);
    }
  }
  ::closedir(stream);
  return numbers;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return text = {};
  text.remove_prefix(begin);
  const std::string_view word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

// "ctest", or with a version as distributions name it: "ctest3", "ctest-3.28".
bool names_ctest(const std::string& word) {
  constexpr std::string_view kCtest = "ctest";
  const std::string name = word.substr(word.find_last_of('/') + 1);
  return name.starts_with(kCtest) &&
         name.find_first_not_of("-.0123456789", kCtest.size()) == std::string::npos;
}

// Where a thread has its environment, by the fields of proc(5). While it executes a program, which
// is between its first and its last write to these, nobody can tell.
struct EnvironmentPlace {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  bool is_over = false;   // the thread has ended, or is the kernel's
  bool is_known = false;  // not while it executes a program

  // Now and later: it was given an empty one.
  bool is_nowhere() const { return is_over || (is_known && start == end); }
  bool operator==(const EnvironmentPlace&) const = default;
};

EnvironmentPlace environment_place(int thread) {
  const std::string text = read_proc(proc_path(thread, "stat"));
  std::string_view rest = std::string_view(text).substr(std::min(text.rfind(')'), text.size()));
  next_word(rest);                        // its parenthesis
  std::array<std::uint64_t, 52> field{};  // numbered from 1; the name is the second
  for (std::size_t i = 3; i < field.size(); ++i) {
    field[i] = parse_integer<std::uint64_t>(next_word(rest), 0, UINT64_MAX).value_or(0);
  }
  const std::uint64_t vsize = field[23], startcode = field[26];
  return {field[50], field[51], vsize == 0, startcode != 0 && field[51] != 0};
}

// Its environment cannot be read while it goes from one program to the next (execve), though it has
// one then as ever. Some processes have unmapped theirs: it cannot be read, wherever it stays.
std::string environment_of_thread(int thread) {
  constexpr int kOftenEnough = 3;  // a program that was executed meanwhile is read the second time
  const std::string path = proc_path(thread, "environ");
  const TimePoint last = Clock::now() + kLongestExecve;
  try {
    auto entries = read_file_if_there(path, kLargestProcFile);
    EnvironmentPlace place;
    for (int same = 0; entries && entries->empty() && Clock::now() < last;) {
      const EnvironmentPlace now = environment_place(thread);
      same = now.is_known && now == place ? same + 1 : 0;
      if (now.is_nowhere() || same == kOftenEnough) break;
      place = now;
      ::sched_yield();
      entries = read_file_if_there(path, kLargestProcFile);
    }
    return entries.value_or("");
  } catch (const std::exception&) {
    return "";  // of another user, or it ended
  }
}

// Of its first thread that has not ended yet.
std::string environment_of(int pid) {
  std::string entries = environment_of_thread(pid);
  if (!entries.empty()) return entries;
  for (const int thread : numbers_in(proc_path(pid, "task"))) {
    if (thread != pid) entries = environment_of_thread(thread);
    if (!entries.empty()) break;
  }
  return entries;
}

// Runs a program that is another than its own executable: valgrind, qemu-user.
bool is_emulator(const ProcessStat& stat, const std::string& program) {
  return stat.name.starts_with("qemu-") || program.find("/valgrind/") != std::string::npos;
}

// Of an interpreter: the first argument that is no option.
std::string script_among(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  const auto script = std::find_if(words.begin() + 1, words.end(),
                                   [](const std::string& word) { return !word.starts_with('-'); });
  return script == words.end() ? "" : *script;
}

// By the program that runs, or the name that a process has; but a script has the name of its file.
// Of another user's process only the name is told.
bool is_ctest(const ProcessStat& stat, int pid) {
  constexpr std::string_view kDeleted = " (deleted)";  // it was updated meanwhile
  std::string program = program_of(pid);
  if (program.ends_with(kDeleted)) program.resize(program.size() - kDeleted.size());
  if (names_ctest(program)) return true;
  const bool is_emulated = is_emulator(stat, program);
  if (!is_emulated && !names_ctest(stat.name)) return false;
  const std::vector<std::string> words = arguments_of(pid);
  if (is_emulated && std::any_of(words.begin(), words.end(), names_ctest)) return true;
  return names_ctest(stat.name) && (program.empty() || !names_ctest(script_among(words)));
}

std::optional<ProcessId> ctest_at_or_above(int pid) {
  while (pid > 1) {
    const auto stat = process_stat(pid);
    if (!stat) break;
    if (is_ctest(*stat, pid)) return ProcessId{pid, stat->start_time};
    pid = stat->parent;
  }
  return std::nullopt;
}

}  // namespace

std::string program_of(int pid) {
  char path[4096];
  const ssize_t length = ::readlink(proc_path(pid, "exe").c_str(), path, sizeof path);
  return {path, static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

// readlink(2), but of thread-self: what is in /proc/self, qemu-user answers for its guest.
const std::string& emulator() {
  static const std::string path = [] {
    char real[4096];
    const ssize_t length = ::readlink("/proc/thread-self/exe", real, sizeof real);
    const std::string program(real, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    return program.find("/qemu-") == program.rfind('/') ? program : std::string();
  }();
  return path;
}

// Of this process under qemu-user /proc/PID/stat has another start time, the one that nobody else
// reads there, so that is_alive() of us would be false; its first thread's is the kernel's.
std::optional<ProcessStat> process_stat(int pid) {
  const std::string own_thread = "task/" + std::to_string(pid) + "/stat";
  const char* const file = pid == ::getpid() ? own_thread.c_str() : "stat";
  char buffer[2048];  // 52 numbers and a name
  return parse_process_stat(read_once(proc_path(pid, file), buffer, sizeof buffer));
}

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  // The name stands in parentheses and may hold any byte, a ')' too: proc(5).
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  ProcessStat stat;
  stat.name = text.substr(open + 1, close - open - 1);
  std::string_view rest = text.substr(close + 1);
  const std::string_view state = next_word(rest);
  if (!state.empty()) stat.state = state.front();
  stat.parent = parse_integer<int>(next_word(rest), 0, 1 << 30).value_or(0);
  stat.group = parse_integer<int>(next_word(rest), 0, 1 << 30).value_or(0);
  stat.session = parse_integer<int>(next_word(rest), 0, 1 << 30).value_or(0);
  for (int field = 7; field < 20; ++field) next_word(rest);
  stat.threads = parse_integer<int>(next_word(rest), 0, 1 << 30).value_or(0);
  next_word(rest);
  stat.start_time = parse_integer<std::uint64_t>(next_word(rest), 0, UINT64_MAX).value_or(0);
  return stat;
}

ProcessId identify(int pid) {
  const auto stat = process_stat(pid);
  return {pid, stat ? stat->start_time : 0};
}

// Asked several times for each test. After a fork it is another one.
const ProcessId& ourselves() {
  static ProcessId id;
  if (id.pid != ::getpid()) id = identify(::getpid());
  return id;
}

bool is_alive(const ProcessId& id) {
  if (id.pid <= 0) return false;
  const auto stat = process_stat(id.pid);
  return stat && stat->start_time == id.start_time && !stat->is_over();
}

bool runs(int pid) {
  if (const auto stat = process_stat(pid)) return !stat->is_over();
  return ::kill(pid, 0) == 0 || errno == EPERM;
}

std::string command_line(int pid) {
  std::string text = read_proc(proc_path(pid, "cmdline"));
  while (!text.empty() && text.back() == '\0') text.pop_back();
  if (text.empty()) {
    const auto stat = process_stat(pid);
    return stat ? "[" + stat->name + "]" : "";
  }
  for (char& c : text) {
    if (c == '\0') c = ' ';
  }
  if (text.size() > kShownCommandLine) text = text.substr(0, kShownCommandLine) + "...";
  return printable(text);
}

std::vector<std::string> arguments_of(int pid) {
  const std::string text = read_proc(proc_path(pid, "cmdline"));
  std::vector<std::string> arguments;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    arguments.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return arguments;
}

std::vector<int> children_of(int pid) {
  std::vector<int> children;
  const std::string tasks = proc_path(pid, "task");
  for (const int thread : numbers_in(tasks)) {
    const auto text = read_file_if_there(tasks + "/" + std::to_string(thread) + "/children");
    if (!text) {
      if (process_stat(pid)) return children_by_parent(pid);
      continue;
    }
    std::string_view rest = *text;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      if (const auto child = parse_integer<int>(word, 1, 1 << 30)) children.push_back(*child);
    }
  }
  return children;
}

std::vector<int> children_by_parent(int pid) {
  std::vector<int> children;
  for (const int candidate : numbers_in("/proc")) {
    const auto stat = process_stat(candidate);
    if (stat && stat->parent == pid) children.push_back(candidate);
  }
  return children;
}

bool has_children_lists() { return file_exists("/proc/thread-self/children"); }

std::vector<int> descendants_of(int root) {
  std::vector<int> all = children_of(root);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<int> more = children_of(all[i]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

bool descends_from(int pid, int ancestor) {
  while (pid > 1) {
    const auto stat = process_stat(pid);
    if (!stat) return false;
    if (stat->parent == ancestor) return true;
    pid = stat->parent;
  }
  return false;
}

std::optional<ProcessId> owning_ctest() { return ctest_at_or_above(::getppid()); }

std::optional<ProcessId> owning_ctest(int pid) {
  const auto stat = process_stat(pid);
  return stat ? ctest_at_or_above(stat->parent) : std::nullopt;
}

SignalFate signal_fate(int pid, int signal) {
  const std::string status = read_proc(proc_path(pid, "status"));
  const auto is_in = [&](const char* key) {
    return (status_signals(status, key) & signal_bit(signal)) != 0;
  };
  if (status.empty()) return SignalFate::kUnknown;
  if (is_in("SigCgt") || is_in("SigBlk")) return SignalFate::kHandled;
  return is_in("SigIgn") ? SignalFate::kIgnored : SignalFate::kDefault;
}

bool is_job_control(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

bool may_be_stopped(int pid) {
  const std::string status = read_proc(proc_path(pid, "status"));
  if (status.empty()) return true;
  const std::uint64_t stops =
      signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU);
  const std::uint64_t pending = status_signals(status, "SigPnd") | status_signals(status, "ShdPnd");
  // The first thread may have ended before the others.
  const std::vector<int> threads = threads_of(pid);
  const bool stopped = std::any_of(threads.begin(), threads.end(), [](int thread) {
    const auto stat = process_stat(thread);
    return stat && (stat->state == 'T' || stat->state == 't');
  });
  // Asked last: what was seen may be the work of another tracer, who lets it run on himself. Of our
  // own, a SIGCONT too much has a price: it wakes all threads, and one that does not wait for a
  // signal may get the one that was just sent.
  const auto tracer = tracer_of(pid);
  return (!tracer || *tracer == ::getpid()) && (stopped || (pending & stops) != 0);
}

std::vector<int> threads_of(int pid) { return numbers_in(proc_path(pid, "task")); }

std::optional<int> process_of_thread(int id) { return status_number(id, "Tgid"); }

std::optional<int> tracer_of(int pid) {
  const auto tracer = status_number(pid, "TracerPid");
  return tracer == 0 ? std::nullopt : tracer;
}

bool is_debugged(int pid) {
  const auto tracer = tracer_of(pid);
  const auto stat = tracer ? process_stat(*tracer) : std::nullopt;
  if (!stat) return false;
  // gdb-multiarch, aarch64-linux-gnu-gdb, gdbserver, lldb-server-14
  return stat->name.find("gdb") != std::string::npos ||
         stat->name.find("lldb") != std::string::npos;
}

int pid_as_it_sees_it(int pid) {
  const auto pids = status_value(read_proc(proc_path(pid, "status")), "NSpid").value_or("");
  return parse_integer<int>(pids.substr(pids.rfind('\t') + 1), 1, INT_MAX).value_or(pid);
}

std::optional<uid_t> user_of(int pid) {
  struct stat info {};
  if (::stat(("/proc/" + std::to_string(pid)).c_str(), &info) != 0) return std::nullopt;
  return info.st_uid;
}

// By hand: getpwuid(3) would load what nsswitch.conf names, which a static program cannot.
bool reaches_our_files(int pid) {
  struct stat ours {};
  struct stat theirs {};
  const bool same_root = ::stat("/", &ours) == 0 &&
                         ::stat(proc_path(pid, "root/").c_str(), &theirs) == 0 &&
                         ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
  // The last of the four is for files: proc(5).
  const auto users = status_value(read_proc(proc_path(pid, "status")), "Uid").value_or("");
  const auto user = parse_integer<uid_t>(users.substr(users.rfind('\t') + 1), 0, UINT32_MAX);
  return same_root && (user == ::geteuid() || user == 0U);
}

std::string describe_user(uid_t user) {
  const std::string table = read_proc("/etc/passwd");
  const std::string id = std::to_string(user);
  for (std::string_view rest = table; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    // name:password:id:...
    const std::size_t name = line.find(':');
    if (name == 0 || name == std::string_view::npos) continue;
    const std::size_t number = line.find(':', name + 1);
    if (number == std::string_view::npos) continue;
    const std::string_view found = line.substr(number + 1);
    if (found.substr(0, found.find(':')) == id) return "user " + std::string(line.substr(0, name));
  }
  return "user id " + id;
}

bool has_variable(int pid, const std::string& variable) {
  const std::string entries = '\0' + environment_of(pid) + '\0';
  return entries.find('\0' + variable + '\0') != std::string::npos;
}

std::vector<int> processes_with(const std::string& variable) {
  std::vector<int> pids;
  std::set<int> seen;
  // /proc lists upwards, so of a process that forks and ends it names one of the two; but what has
  // ended by the time we look at it may have forked before that, and this may not be on the list.
  // So nothing is found only if a list names nothing new; and one more, as numbers begin anew once
  // in a while.
  // While others fork without end each list names something new.
  const TimePoint last = Clock::now() + kLongestLook;
  for (int quiet = 0; quiet < 2 && pids.empty() && Clock::now() < last; ++quiet) {
    for (const int pid : numbers_in("/proc")) {
      if (!seen.insert(pid).second) continue;
      quiet = -1;
      if (has_variable(pid, variable)) pids.push_back(pid);
    }
  }
  return pids;
}

std::string variable_value(int pid, const std::string& name) {
  const std::string entries = '\0' + environment_of(pid) + '\0';
  const std::string start = '\0' + name + '=';
  const std::size_t at = entries.find(start);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + start.size();
  return entries.substr(begin, entries.find('\0', begin) - begin);
}

std::vector<int> processes_where(const std::function<bool(const ProcessStat&)>& is_wanted) {
  std::vector<int> pids = numbers_in("/proc");
  std::erase_if(pids, [&](int pid) {
    const auto stat = process_stat(pid);
    return !stat || !is_wanted(*stat);
  });
  return pids;
}

std::string boot_id() {
  std::string id = read_proc("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace gentle
