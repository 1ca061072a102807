#include "coverage/keep/coverage_keeper.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/signal_name.h"
#include "coverage/image/traceable.h"
#include "coverage/keep/instrumented_images.h"
#include "coverage/keep/written_data.h"
#include "os/file.h"
#include "os/process.h"
#include "os/processor.h"
#include "os/spawn.h"

namespace gentle {
namespace {

// Why the runtime has not written: the exit functions were not run, or not to their end.
std::string why_rescued(const EndStatus& end) {
  return end.by_signal ? signal_name(end.value) : "_exit";
}

bool is_instrumented(const ImageCache::Image& image) {
  return image && (!image->gcov_roots.empty() || image->clang_gcov || image->llvm.counters);
}

}  // namespace

CoverageKeeper::CoverageKeeper(std::string folder, const std::string& coverage_folder)
    : folders_(std::move(folder)),
      notes_(coverage_folder + "/files-" GENTLE_VERSION),  // another version may find other things
      cache_(notes_),
      tracer_({[this](int pid, int parent) { begin(pid, parent); },
               [this](int pid, bool shared_memory) { return replace(pid, shared_memory); },
               [this](int pid, int child) { return_memory(pid, child); },
               [this](int pid, int thread) { read(pid, thread); }}) {}

bool CoverageKeeper::follow(int pid, const std::string& program) {
  main_ = pid;
  Process& process = processes_[pid];
  process.unfollowed = why_not_followed(program);
  if (!process.unfollowed.empty()) folders_.make();
  if (process.unfollowed.empty()) process.unfollowed = tracer_.follow(pid);
  if (process.unfollowed.empty()) return true;
  let_go_ = process.unfollowed;
  try {
    process.instrumented = kRescuesCounters ? is_instrumented(cache_.image_of(FileMemory(program)))
                                            : looks_instrumented(program);
  } catch (const Error&) {
    // Then it cannot be executed either.
  }
  if (process.instrumented) warn_unfollowed(process.unfollowed);
  return false;
}

bool CoverageKeeper::handle(int task, int wait_status) {
  const bool is_ours = tracer_.handle(task, wait_status);
  if (new_program_.file) look_at_new_program();
  if (is_ours) return true;
  lent_.erase(task);
  const auto found = processes_.find(task);
  if (found == processes_.end()) return false;
  const Process process = std::move(found->second);
  processes_.erase(found);
  end(task, process, end_status_from_wait(wait_status));
  return false;
}

void CoverageKeeper::begin(int pid, int parent) {
  Process& process = processes_[pid];
  process.forked = true;
  try {
    const auto found = inherited_.reset(pid, parent, cache_);
    process.instrumented = found.any;
    if (!found.own_file) process.llvm_owner = parent;
  } catch (const Error& error) {
    warn("counts of pid " + std::to_string(pid) +
         " cannot be told from its parent's: " + error.cause());
  }
}

bool CoverageKeeper::replace(int pid, bool shared_memory) {
  if (shared_memory) {
    // gcc's wrapper of exec has written what is its parent's.
    lent_[pid] = gcda_stamps_below(folders_.folder_of(pid));
    discard(pid);
  } else {
    leave_program(pid, processes_[pid]);
  }
  const std::string file = "/proc/" + std::to_string(pid) + "/exe";
  Process& process = processes_[pid] = {};
  process.program = program_of(pid);
  process.version = file_version(file);
  process.unfollowed = why_let_go({process.program, process.version, file}, notes_);
  if (!process.unfollowed.empty()) let_go_ = process.unfollowed;
  const std::string missing = missing_rights(pid);
  if (!missing.empty()) warn(missing);
  try {
    if (const auto image = cache_.known_image(process.version)) {
      look_at_image(process, *image);
    } else {
      new_program_ = {pid, std::make_unique<FileMemory>(file)};
    }
  } catch (const Error&) {
    // It has ended meanwhile, or nobody may know what it is.
  }
  return process.unfollowed.empty();
}

void CoverageKeeper::leave_program(int pid, const Process& process) {
  const bool counts = process.instrumented && !process.forked;
  const bool has_written = counts ? has_written_before_exec(pid, process) : folders_.has_files(pid);
  folders_.set_aside(pid);
  if (has_written) {
    ++ledger_.written;
  } else if (counts) {
    ++ledger_.lost[kLostByExec];
  }
}

void CoverageKeeper::look_at_new_program() {
  const NewProgram program = std::exchange(new_program_, {});
  look_at_image(processes_[program.pid], cache_.image_of(*program.file));
}

void CoverageKeeper::look_at_image(Process& process, const ImageCache::Image& image) {
  process.instrumented = is_instrumented(image);
  if (process.instrumented && !process.unfollowed.empty()) warn_unfollowed(process.unfollowed);
}

void CoverageKeeper::discard(int pid) {
  try {
    folders_.discard(pid);
  } catch (const Error& error) {
    ++ledger_.lost["what it wrote for its parent counts twice: " + error.cause()];
  }
}

// A library that was unloaded before has written as well.
bool CoverageKeeper::has_written_before_exec(int pid, const Process& process) const {
  if (!folders_.has_files(pid)) return folders_.has_clang_gcov_data();
  if (file_version(process.program) != process.version) return true;  // nobody can tell
  try {
    return has_data_of(process.program, folders_.folder_of(pid));
  } catch (const Error&) {
    return true;  // it has just been removed
  }
}

// What the child has written by then: either event may be the first.
void CoverageKeeper::return_memory(int pid, int child) {
  const auto known = lent_.find(child);
  const auto stamps =
      known == lent_.end() ? gcda_stamps_below(folders_.folder_of(child)) : known->second;
  lent_.erase(child);
  if (stamps.empty()) return;
  try {
    InheritedCounters::take_back(pid, stamps, cache_);
  } catch (const Error&) {
    // Then they are read at its end.
  }
}

void CoverageKeeper::read(int pid, int thread) {
  Process& process = processes_[pid];
  const int llvm_owner = process.llvm_owner == 0 ? pid : process.llvm_owner;
  process.remains =
      read_remains(thread, {folders_.folder_of(pid), folders_.folder_of(llvm_owner)}, cache_);
}

void CoverageKeeper::end(int pid, const Process& process, const EndStatus& end) {
  if (!process.unfollowed.empty() || !process.remains) return end_unread(pid, process);
  const Remains& remains = *process.remains;
  if (!remains.instrumented && !process.instrumented) return;
  if (!remains.none()) {
    try {
      write_remains(remains, folders_.folder_of(pid));
    } catch (const Error& error) {
      ++ledger_.lost["what was rescued cannot be written: " + error.cause()];
      return;
    }
  }
  close_folder(pid);
  if (!remains.lost.empty()) {
    ++ledger_.lost[remains.lost.front()];
  } else if (remains.clang_gcov && (end.by_signal || !folders_.has_clang_gcov_data())) {
    ++ledger_.lost[kLostByClangGcov];
  } else if (!remains.instrumented) {
    ++ledger_.lost["its memory could not be read"];
  } else if (!remains.none()) {
    ++ledger_.rescued[why_rescued(end)];
  } else {
    ++ledger_.written;
  }
}

// For the next process of this pid, of which there is none after the main one: it saves a test the
// time.
void CoverageKeeper::close_folder(int pid) {
  if (pid == main_) {
    main_counts_ = true;
  } else {
    folders_.set_aside(pid);
  }
}

// Whatever it has written is all that there is.
void CoverageKeeper::end_unread(int pid, const Process& process) {
  const bool has_written = folders_.has_files(pid);
  close_folder(pid);
  if (!process.instrumented) return;
  if (process.unfollowed.empty()) {
    ++ledger_.lost["nothing told of its end"];
  } else if (has_written) {
    ++ledger_.written;
  } else {
    ++ledger_.lost[process.unfollowed];
  }
}

void CoverageKeeper::note_unfollowed(const std::vector<int>& pids) {
  if (let_go_.empty()) return;
  for (const int pid : pids) {
    if (tracer_.follows(pid) || !counts(pid, false)) continue;
    Process& process = processes_[pid];
    process.instrumented = true;
    if (process.unfollowed.empty()) process.unfollowed = traced_by(pid);
    if (process.unfollowed.empty()) process.unfollowed = let_go_;
    warn_unfollowed(process.unfollowed);
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
    if (process.instrumented || counts(pid, true)) return;
  }
  needless_ = tracer_.follows_any();
  tracer_.let_all_go();
  processes_.clear();
}

void CoverageKeeper::follow_again(const std::vector<int>& pids) {
  if (!needless_) return;
  for (const int pid : pids) {
    if (tracer_.follows(pid) || !counts(pid, false)) continue;
    processes_[pid].instrumented = true;
    processes_[pid].unfollowed = tracer_.follow_running(pid);
  }
}

void CoverageKeeper::count_the_rest() {
  for (const int pid : folders_.open_folders()) {
    if (pid == main_ && main_counts_) continue;
    if (folders_.set_aside(pid)) ++ledger_.written;
    processes_.erase(pid);
  }
  for (const auto& [pid, process] : processes_) {
    if (!process.instrumented) continue;
    ++ledger_.lost[process.unfollowed.empty() ? "nobody saw its end" : process.unfollowed];
  }
  processes_.clear();
}

CoverageLedger CoverageKeeper::ledger() const {
  CoverageLedger ledger = ledger_;
  for (const auto& [pid, process] : processes_) ledger.running += process.instrumented ? 1 : 0;
  return ledger;
}

bool CoverageKeeper::counts(int pid, bool unknown) {
  try {
    return !find_instrumented_images(pid, ProcessMemory(pid), cache_).none();
  } catch (const Error&) {
    return unknown;
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
