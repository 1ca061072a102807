#include "os/activity.h"

#include <sys/syscall.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

std::string read_of_thread(int pid, int thread, const char* name) {
  const std::string path =
      "/proc/" + std::to_string(pid) + "/task/" + std::to_string(thread) + "/" + name;
  try {
    return read_file_if_there(path).value_or("");
  } catch (const Error&) {
    return "";  // not ours to read, or it has ended
  }
}

// What stands after `key` in a status file.
std::string value_of(const std::string& status, const std::string& key) {
  const std::size_t line = status.find("\n" + key + ":\t");
  if (line == std::string::npos) return "";
  const std::size_t begin = line + key.size() + 3;
  return status.substr(begin, status.find('\n', begin) - begin);
}

class ThreadStatus {
 public:
  ThreadStatus(int pid, int thread) : text_(read_of_thread(pid, thread, "status")) {}

  bool sleeps() const {
    const std::string state = value_of(text_, "State");
    return state.starts_with('S') || state.starts_with('D') || state.starts_with('I');
  }
  std::uint64_t pending() const { return signals("SigPnd") | signals("ShdPnd"); }
  std::uint64_t blocked() const { return signals("SigBlk"); }
  std::uint64_t switches() const {
    return number("voluntary_ctxt_switches", 10) + number("nonvoluntary_ctxt_switches", 10);
  }

 private:
  std::uint64_t signals(const char* key) const { return number(key, 16); }
  std::uint64_t number(const char* key, int base) const {
    return std::strtoull(value_of(text_, key).c_str(), nullptr, base);
  }

  std::string text_;
};

// /proc/PID/syscall, proc(5): the number of the call in which it sleeps, and its arguments.
struct Call {
  long number = -1;
  std::vector<unsigned long> arguments;
};

Call call_of(int pid, int thread) {
  Call call;
  std::istringstream words(read_of_thread(pid, thread, "syscall"));
  if (!(words >> call.number)) return {};
  for (std::string word; words >> word;) {
    call.arguments.push_back(std::strtoul(word.c_str(), nullptr, 16));
  }
  return call;
}

bool waits_for_child(const Call& call) {
#ifdef SYS_wait4
  if (call.number == SYS_wait4) return true;
#endif
  return call.number == SYS_waitid;
}

bool waits_for_events(const Call& call) {
#ifdef SYS_epoll_pwait
  return call.number == SYS_epoll_pwait;
#else
  return false;
#endif
}

// Wrappers whose runtime could do anything later, Node's loop or Go's scheduler; but these pass a
// signal on at once (npm 11.19 to its shell, which does not) or never (go 1.26).
bool never_tells_later(int pid) {
  const auto stat = process_stat(pid);
  if (!stat) return false;
  const std::string name = stat->name.substr(0, stat->name.find(' '));
  return name == "go" || name == "npm" || name == "npx" || name == "yarn" || name == "pnpm";
}

// Another thread of its would have to wake it.
bool waits_for_thread(const Call& call, bool at_any_time) {
  constexpr std::size_t kTimeout = 3;
#ifdef SYS_futex
  return call.number == SYS_futex && call.arguments.size() > kTimeout &&
         (at_any_time || call.arguments[kTimeout] == 0);
#else
  return false;
#endif
}

}  // namespace

std::optional<std::uint64_t> sleeps_of(int pid) {
  const std::vector<int> threads = threads_of(pid);
  if (threads.empty()) return std::nullopt;
  std::uint64_t sum = threads.size();
  for (const int thread : threads) {
    const ThreadStatus status(pid, thread);
    if (!status.sleeps() || status.pending() != 0) return std::nullopt;
    sum += status.switches();
  }
  return sum;
}

bool only_waits_for_children(int pid) {
  const bool is_known = never_tells_later(pid);
  bool waits = false;
  for (const int thread : threads_of(pid)) {
    const ThreadStatus status(pid, thread);
    if (!status.sleeps() || (status.pending() & ~status.blocked()) != 0) return false;
    const Call call = call_of(pid, thread);
    const bool for_child = waits_for_child(call) || (is_known && waits_for_events(call));
    if (!for_child && !waits_for_thread(call, is_known)) return false;
    waits = waits || for_child;
  }
  return waits;
}

}  // namespace gentle
