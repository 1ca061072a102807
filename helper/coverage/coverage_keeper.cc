#include "coverage/coverage_keeper.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/signal_name.h"
#include "coverage/instrumented_images.h"
#include "coverage/traceable.h"
#include "os/process.h"
#include "os/spawn.h"

namespace gentle {
namespace {

// Why the runtime has not written: the exit functions were not run, or not to their end.
std::string why_rescued(const EndStatus& end) {
  return end.by_signal ? signal_name(end.value) : "_exit";
}

}  // namespace

CoverageKeeper::CoverageKeeper(std::string folder)
    : own_(std::move(folder)),
      tracer_({[this](int pid) { begin(pid); },
               [this](int pid, bool shared_memory) { return replace(pid, shared_memory); },
               [this](int pid) { read(pid); }}) {}

void CoverageKeeper::follow(int pid, const std::string& program) {
  Process& process = processes_[pid];
  process.unfollowed = why_not_followed(program);
  if (process.unfollowed.empty()) process.unfollowed = tracer_.follow(pid);
  if (process.unfollowed.empty()) return;
  process.instrumented = is_instrumented(program);
  if (process.instrumented) warn_unfollowed(process.unfollowed);
}

bool CoverageKeeper::handle(int task, int wait_status) {
  if (tracer_.handle(task, wait_status)) return true;
  const auto found = processes_.find(task);
  if (found == processes_.end()) return false;
  const Process process = std::move(found->second);
  processes_.erase(found);
  end(task, process, end_status_from_wait(wait_status));
  return false;
}

void CoverageKeeper::begin(int pid) {
  Process& process = processes_[pid];
  process.forked = true;
  try {
    process.instrumented = inherited_.reset(pid, cache_);
  } catch (const Error& error) {
    warn("counts of pid " + std::to_string(pid) +
         " cannot be told from its parent's: " + error.cause());
  }
}

bool CoverageKeeper::replace(int pid, bool shared_memory) {
  Process& process = processes_[pid];
  if (shared_memory) {
    own_.discard(pid);  // gcc's wrapper of exec has written what is its parent's
  } else if (own_.set_aside(pid)) {
    ++ledger_.written;
  } else if (process.instrumented && !process.forked) {
    ++ledger_.lost["it executed another program without writing its counts before"];
  }
  process = {};
  const std::string program = "/proc/" + std::to_string(pid) + "/exe";
  process.instrumented = is_instrumented(program);
  process.unfollowed = why_let_go(program);
  if (process.instrumented && !process.unfollowed.empty()) warn_unfollowed(process.unfollowed);
  return process.unfollowed.empty();
}

void CoverageKeeper::read(int pid) {
  processes_[pid].remains = read_remains(pid, stack_pointer_of(pid), own_, cache_);
}

void CoverageKeeper::end(int pid, const Process& process, const EndStatus& end) {
  const Remains& remains = process.remains;
  if (!remains.instrumented && !process.instrumented) return;
  if (!remains.none()) {
    try {
      write_remains(remains, pid, own_);
    } catch (const Error& error) {
      ++ledger_.lost["what was rescued cannot be written: " + error.cause()];
      return;
    }
  }
  const bool has_data = own_.set_aside(pid);
  if (!remains.lost.empty()) {
    ++ledger_.lost[remains.lost.front()];
  } else if (!has_data) {
    ++ledger_.lost[process.unfollowed.empty() ? "its memory was gone" : process.unfollowed];
  } else if (!remains.none()) {
    ++ledger_.rescued[why_rescued(end)];
  } else {
    ++ledger_.written;
  }
}

void CoverageKeeper::let_go() {
  tracer_.let_all_go();
  while (tracer_.follows_any()) {
    int status = 0;
    const pid_t task = ::waitpid(-1, &status, __WALL);
    if (task > 0) handle(task, status);
    if (task < 0 && errno != EINTR) return;
  }
}

void CoverageKeeper::let_go_unless_instrumented() {
  for (const auto& [pid, process] : processes_) {
    try {
      if (process.instrumented) return;
      if (!find_instrumented_images(pid, ProcessMemory(pid), cache_).none()) return;
    } catch (const Error&) {
      return;  // what cannot be looked at now may be at its end
    }
  }
  tracer_.let_all_go();
  processes_.clear();
}

void CoverageKeeper::count_the_rest() {
  for (const int pid : own_.open_folders()) {
    if (own_.set_aside(pid)) ++ledger_.written;
  }
}

CoverageLedger CoverageKeeper::ledger() const {
  CoverageLedger ledger = ledger_;
  for (const auto& [pid, process] : processes_) ledger.running += process.instrumented ? 1 : 0;
  return ledger;
}

bool CoverageKeeper::is_instrumented(const std::string& program) {
  try {
    const auto image = cache_.image_of(FileMemory(program));
    return image && (!image->gcov_roots.empty() || image->llvm.counters);
  } catch (const Error&) {
    return false;
  }
}

void CoverageKeeper::warn_unfollowed(const std::string& why) {
  warn("only a process that exits by itself keeps its coverage: " + why);
}

void CoverageKeeper::warn(const std::string& line) {
  if (std::find(warnings_.begin(), warnings_.end(), line) == warnings_.end()) {
    warnings_.push_back(line);
  }
}

}  // namespace gentle
