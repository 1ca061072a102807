#include "coverage/keep/coverage_keeper.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/signal_name.h"
#include "coverage/image/traceable.h"
#include "coverage/keep/container_client.h"
#include "coverage/keep/coverage_paths.h"
#include "coverage/keep/instrumented_images.h"
#include "coverage/keep/writing_calls.h"
#include "coverage/keep/written_data.h"
#include "coverage/llvm/llvm_images.h"
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

// Another version may find other things in the same files.
std::string notes_path(const std::string& coverage_folder) {
  return coverage_folder + "/files-" GENTLE_VERSION;
}

bool is_instrumented(const ImageCache::Image& image) { return image && may_count(*image); }

}  // namespace

CoverageKeeper::CoverageKeeper(std::string folder, const std::string& coverage_folder)
    : folders_(std::move(folder)),
      fold_(coverage_folder),
      coverage_folder_(coverage_folder),
      go_folder_(coverage_folder + kGoFolder),
      build_dir_(build_dir_of(coverage_folder)),
      notes_(notes_path(coverage_folder)),
      cache_(notes_),
      tracer_({[this](int pid, int parent) { begin(pid, parent); },
               [this](int pid, const Tracer::Exec& exec) { return replace(pid, exec); },
               [this](int pid, int child) { return_memory(pid, child); },
               [this](const Tracer::Call& call) { return write_in_its_place(call); },
               [this](int pid) { stop_at_writing_calls(pid, pid); },
               [this](int pid, int thread) { read(pid, thread); }}) {}

void CoverageKeeper::record(Language language, const std::string& spec_path) {
  const auto spec = coverage_spec_beside(spec_path);
  recorded_.emplace(language, coverage_folder_, spec ? *spec : CoverageSpec{});
}

void CoverageKeeper::add_environment(Environment& environment) const {
  folders_.add_environment(environment);
  add_go_folder(environment, go_folder_);
  if (recorded_) recorded_->add_environment(environment, folders_.folder());
}

bool CoverageKeeper::follow(int pid, const std::string& program) {
  main_ = pid;
  Process& process = processes_[pid];
  process.unfollowed = why_not_followed(program);
  if (!process.unfollowed.empty()) {
    folders_.make();
    make_go_folder(go_folder_);
  }
  if (process.unfollowed.empty()) process.unfollowed = tracer_.follow(pid);
  if (process.unfollowed.empty()) return true;
  let_go_ = process.unfollowed;
  try {
    process.instrumented = is_instrumented(cache_.image_of(FileMemory(program)));
  } catch (const Error&) {
    // Then it cannot be executed either.
  }
  if (process.instrumented) warn_unfollowed(process.unfollowed);
  return false;
}

bool CoverageKeeper::handle(int task, int wait_status) {
  const bool is_ours = tracer_.handle(task, wait_status);
  if (new_program_.file) look_at_new_program();
  for (const Taken& taken : std::exchange(taken_, {})) {
    store(processes_[taken.pid], taken.pid, taken.remains);
    time_.release(taken.held);
  }
  if (is_ours) return true;
  lent_.erase(task);
  const auto found = processes_.find(task);
  if (found == processes_.end()) return false;
  Process process = std::move(found->second);
  processes_.erase(found);
  time_.release(process.held);
  end(task, std::move(process), end_status_from_wait(wait_status));
  return false;
}

void CoverageKeeper::begin(int pid, int parent) {
  const auto known = processes_.find(parent);
  const unsigned forks = known == processes_.end() ? 0 : known->second.forks;
  Process& process = processes_[pid];
  process.forked = true;
  process.forks = forks + 1;
  if (recorded_) recorded_->forked(pid, parent);
  try {
    Look look(time_, process.time);
    const ProcessMemory memory(pid, &look.budget());
    const auto images =
        std::make_shared<const InstrumentedImages>(find_instrumented_images(pid, memory, cache_));
    // Its parent may have ended before its own birth was told.
    if (stops_where_it_writes(pid) && !tracer_.stops_at_calls(pid)) {
      tracer_.stop_at(pid, pid, writing_calls(*images));
    }
    know_images(pid, images);
    const auto found = inherited_.reset(pid, parent, *images, look.budget());
    process.instrumented = found.any;
    if (!found.own_file) process.llvm_owner = parent;
  } catch (const OverBudget& over) {
    process.instrumented = true;
    process.lost = Loss{Loss::Code::kOverLimit, over.cause()};
  } catch (const Error& error) {
    warn("counts of pid " + std::to_string(pid) +
         " cannot be told from its parent's: " + error.cause());
  }
}

// What it loads or unloads from now on it tells of, by a call of its loader.
void CoverageKeeper::know_images(int pid, const std::shared_ptr<const InstrumentedImages>& images) {
  const bool are_known = !images->of_fuse && tells_of_libraries(tracer_, pid, *images);
  processes_[pid].images = are_known ? images : nullptr;
}

bool CoverageKeeper::stops_where_it_writes(int pid) const {
  return kRescuesCounters && (pid != main_ || main_stage_ != Main::kWritesItself);
}

bool CoverageKeeper::replace(int pid, const Tracer::Exec& exec) {
  folders_.take_over(pid_as_it_sees_it(pid), pid);
  if (exec.shared_memory) {
    // gcc's wrapper of exec has written what is its parent's.
    lent_[pid] = gcda_stamps_below(folders_.folder_of(pid));
    discard(pid);
  } else {
    time_.release(processes_[pid].held);
    leave_program(pid, std::move(processes_[pid]), exec.ended_last);
  }
  const std::string file = "/proc/" + std::to_string(pid) + "/exe";
  const Duration spent = processes_[pid].time.spent;
  Process& process = processes_[pid] = {};
  process.time.spent = spent;
  process.program = program_of(pid);
  if (recorded_) recorded_->executes(pid, process.program);
  if (!cache_.fuse().answer_for_program(pid)) {
    let_go_ = process.unfollowed =
        process.program + " is on a FUSE file system that does not answer";
    warn_unfollowed(process.unfollowed);
    return false;
  }
  process.version = file_version(file);
  process.unfollowed = why_let_go({process.program, process.version, file}, notes_);
  if (!process.unfollowed.empty()) {
    let_go_ = process.unfollowed;
    process.command = command_line(pid);
    make_go_folder(go_folder_);
  }
  for (const std::string& line :
       {missing_rights(pid), why_container_unseen(pid, process.program, build_dir_)}) {
    if (!line.empty()) warn(line);
  }
  try {
    if (const auto image = cache_.known_image(process.version)) {
      look_at_image(pid, process, *image);
    } else {
      new_program_ = {pid, std::make_unique<FileMemory>(file)};
      // Before it runs on: its runtime looks for the folder at once.
      if (is_go_program(*new_program_.file)) make_go_folder(go_folder_);
    }
  } catch (const Error&) {
    // It has ended meanwhile, or nobody may know what it is.
  }
  if (quiet_programs_.contains(process.version)) {
    tracer_.stop_at(pid, pid, {});  // nor its children
  } else if (process.unfollowed.empty()) {
    stop_at_writing_calls(pid, pid);
  }
  return process.unfollowed.empty();
}

// `ended_last`: what it left was read when its other threads were ended for the exec.
void CoverageKeeper::leave_program(int pid, Process process, bool ended_last) {
  const bool is_read = ended_last && process.remains && !process.remains->none();
  if (is_read && !process.lost) store(process, pid, *process.remains);
  const bool counts = process.instrumented && !process.forked;
  const bool has_written = counts ? has_written_before_exec(pid, process) : folders_.has_files(pid);
  const auto recorded = recorded_ ? end_recorded(pid, false) : RecordedProcesses::Outcome{};
  set_aside(pid);
  if (recorded.lost) {
    lose(*recorded.lost, pid, process);
  } else if (process.lost) {
    lose(*process.lost, pid, process);
  } else if (is_read) {
    ++ledger_.rescued["exec"];
  } else if (has_written) {
    ++ledger_.written;
  } else if (counts) {
    lose({Loss::Code::kExec, ""}, pid, process);
  }
}

void CoverageKeeper::write_for_main() {
  if (main_stage_ == Main::kWritesItself) main_stage_ = Main::kWrittenFor;
  // While its first thread stands still, a signal goes to another one. Python's handlers would run
  // only when the first one wakes up by itself.
  if (recorded_ && main_ != 0 && !counts(main_, true)) return;
  tracer_.stop_for_us(main_);
}

void CoverageKeeper::stop_at_writing_calls(int pid, int thread) {
  if (!stops_where_it_writes(pid)) return;
  try {
    Look look(time_, processes_[pid].time);
    const ProcessMemory memory(thread, &look.budget());
    const auto images = std::make_shared<const InstrumentedImages>(
        find_instrumented_images(thread, memory, cache_));
    tracer_.stop_at(pid, thread, writing_calls(*images));
    know_images(pid, images);
  } catch (const Error&) {
    // It has just been killed, or nobody may look at it: then it writes by itself.
  }
}

CallFate CoverageKeeper::write_in_its_place(const Tracer::Call& call) {
  if (processes_[call.pid].lost) return CallFate::kReturns;  // its counts and its parent's are one
  try {
    Look look(time_, processes_[call.pid].time);
    const auto known = call.memory_owner == call.pid ? processes_[call.pid].images : nullptr;
    WritingCall read = read_writing_call(call, known.get(), cache_, look.budget());
    if (read.places) {
      tracer_.stop_at(call.pid, call.thread, *read.places);
      processes_[call.memory_owner].images = nullptr;
      if (read.fate == CallFate::kReturns) know_images(call.memory_owner, read.images);
      if (read.fate == CallFate::kRuns) quiet_programs_.insert(processes_[call.pid].version);
    }
    if (read.taken.empty()) return read.fate;
    Process& process = processes_[call.memory_owner];
    process.instrumented = true;
    process.taken.merge(read.taken);
    process.could_not_write = process.could_not_write || !reaches_our_files(call.thread);
    time_.hold(look.budget().kept());
    taken_.push_back({call.memory_owner, std::move(read.remains), look.budget().kept()});
    return read.fate;
  } catch (const Error&) {
    // Without its breakpoint it may not tell of libraries any more.
    processes_[call.memory_owner].images = nullptr;
    return CallFate::kRuns;
  }
}

bool CoverageKeeper::store(Process& process, int pid, const Remains& remains) {
  try {
    Look look(time_, process.time);
    write_remains(remains, folders_.folder_of(pid), go_folder_, look.budget());
    process.has_data = process.has_data || !remains.gcov.empty() || !remains.llvm.empty();
    if (process.forks > 0 && !remains.llvm.empty()) {
      note_forks(folders_.folder_of(pid), process.forks);
    }
    return true;
  } catch (const OverBudget& over) {
    process.lost = Loss{Loss::Code::kOverLimit, over.cause()};
    return false;
  } catch (const Error& error) {
    process.lost = Loss{Loss::Code::kNotStored, error.cause()};
    return false;
  }
}

void CoverageKeeper::look_at_new_program() {
  const NewProgram program = std::exchange(new_program_, {});
  Process& process = processes_[program.pid];
  try {
    Look look(time_, process.time);
    program.file->bound_by(&look.budget());
    look_at_image(program.pid, process, cache_.image_of(*program.file));
  } catch (const Error&) {
    // Its end tells of it: nobody knows yet whether it counts.
  }
}

void CoverageKeeper::look_at_image(int pid, Process& process, const ImageCache::Image& image) {
  process.instrumented = is_instrumented(image);
  if (image && image->go_functions) {
    make_go_folder(go_folder_);
    if (process.unfollowed.empty()) tracer_.ask_second_thread(pid);
  }
  if (process.instrumented && !process.unfollowed.empty()) warn_unfollowed(process.unfollowed);
}

void CoverageKeeper::discard(int pid) {
  try {
    folders_.discard(pid);
  } catch (const Error& error) {
    lose({Loss::Code::kCountsTwice, error.cause()}, pid, {});
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
    Look look(time_, processes_[pid].time);
    InheritedCounters::take_back(pid, stamps, cache_, look.budget());
  } catch (const Error&) {
    // Then they are read at its end.
  }
}

void CoverageKeeper::read(int pid, int thread) {
  folders_.take_over(pid_as_it_sees_it(pid), pid);
  Process& process = processes_[pid];
  const int llvm_owner = process.llvm_owner == 0 ? pid : process.llvm_owner;
  if (process.time.is_over && process.remains) return;  // each of its threads tells of its end
  time_.release(std::exchange(process.held, 0));
  process.remains.reset();
  Look look(time_, process.time);
  const DataFolders folders{
      folders_.folder_of(pid), folders_.folder_of(llvm_owner), {go_folder_, process.began}};
  process.remains =
      read_remains(thread, folders, process.taken, process.images.get(), cache_, look.budget());
  const Remains& read = *process.remains;
  const bool may_be_lost = recorded_ || process.lost || !read.lost.empty() || read.clang_gcov ||
                           read.foreign != ForeignKind::kNone;
  if (may_be_lost) process.command = command_line(pid);
  process.held =
      read.gcov.empty() && read.llvm.empty() && read.go.empty() ? 0 : look.budget().kept();
  time_.hold(process.held);
}

RecordedProcesses::Outcome CoverageKeeper::end_recorded(int pid, bool by_signal) {
  return recorded_->end(pid, by_signal, [this](int other) { return folders_.folder_of(other); });
}

void CoverageKeeper::end(int pid, Process process, const EndStatus& end) {
  if (!recorded_) return end_counted(pid, process, end);
  const auto recorded = end_recorded(pid, end.by_signal);
  const CoverageLedger before = ledger_;
  end_counted(pid, process, end);
  if (!recorded.any && !recorded.lost) return;
  if (folders_.has_files(pid)) close_folder(pid, true);
  if (recorded.lost) {
    lose(*recorded.lost, pid, process);
  } else if (ledger_ == before) {
    ++ledger_.written;
  }
}

void CoverageKeeper::lose(const Loss& loss, int pid, const Process& process) {
  ++ledger_.lost[loss];
  const std::string& name = process.command.empty() ? process.program : process.command;
  ledger_.first_lost.try_emplace(
      loss, "pid " + std::to_string(pid) + (name.empty() ? "" : " (" + name + ")"));
}

void CoverageKeeper::end_counted(int pid, Process& process, const EndStatus& end) {
  if (!process.unfollowed.empty() || !process.remains) return end_unread(pid, process);
  const Remains& remains = *process.remains;
  if (!remains.instrumented && !process.instrumented) return;
  if (!remains.none() && !process.lost) store(process, pid, remains);
  if (!remains.llvm_images.empty() && folders_.has_files(pid)) {
    note_llvm_images(folders_.folder_of(pid), remains.llvm_images);
    if (process.forks > 0) note_forks(folders_.folder_of(pid), process.forks);
  }
  const auto unread_loss = loss_of_unread(pid, process, end);
  close_folder(pid, process.has_data && !unread_loss);
  if (process.lost) {
    lose(*process.lost, pid, process);
  } else if (unread_loss) {
    lose(*unread_loss, pid, process);
  } else if (!remains.lost.empty()) {
    lose(remains.lost.front(), pid, process);
  } else if (remains.clang_gcov && (end.by_signal || !folders_.has_clang_gcov_data())) {
    lose({Loss::Code::kClangGcov, ""}, pid, process);
  } else if (!remains.instrumented && process.taken.empty()) {
    lose({Loss::Code::kMemoryGone, ""}, pid, process);
  } else if (process.could_not_write || remains.could_not_write) {
    ++ledger_.rescued["could not write"];
  } else if (!remains.none() && (end.by_signal || !remains.were_written())) {
    ++ledger_.rescued[why_rescued(end)];
  } else {
    ++ledger_.written;
  }
}

// Of a process whose program cannot be read; nothing if it has written its counts, or can be read.
std::optional<Loss> CoverageKeeper::loss_of_unread(int pid, const Process& process,
                                                   const EndStatus& end) {
  const Remains& remains = *process.remains;
  if (remains.foreign == ForeignKind::kNone) return std::nullopt;
  const bool has_written = folders_.has_files(pid) || folders_.has_clang_gcov_data();
  if (end.by_signal || !has_written) return why_lost(remains.foreign);
  if (!process.forked || remains.resets_at_fork) return std::nullopt;
  discard(pid);
  return Loss{Loss::Code::kForkOfUnread, ""};
}

// For the next process of this pid, of which there is none after the main one: it saves a test the
// time.
void CoverageKeeper::close_folder(int pid, bool has_data) {
  if (pid == main_) {
    main_stage_ = Main::kCounted;
  } else {
    set_aside(pid, has_data);
  }
}

void CoverageKeeper::set_aside(int pid, bool has_data) {
  if (folders_.set_aside(pid, has_data)) fold_.add_folder();
}

// Whatever it has written is all that there is.
void CoverageKeeper::end_unread(int pid, const Process& process) {
  const bool has_written = folders_.has_files(pid) || has_go_files(pid, process);
  close_folder(pid);
  if (!process.instrumented) return;
  if (process.unfollowed.empty()) {
    lose({Loss::Code::kEndNotTold, ""}, pid, process);
  } else if (has_written) {
    ++ledger_.written;
  } else {
    lose({Loss::Code::kNotFollowed, process.unfollowed}, pid, process);
  }
}

bool CoverageKeeper::has_go_files(int pid, const Process& process) const {
  return !go_counter_files(go_folder_, "", pid, process.began).empty();
}

void CoverageKeeper::note_unfollowed(const std::vector<int>& pids) {
  if (let_go_.empty()) return;
  for (const int pid : pids) {
    if (tracer_.follows(pid) || !counts(pid, false)) continue;
    Process& process = processes_[pid];
    process.instrumented = true;
    process.command = command_line(pid);
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
  if (recorded_) return;
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
    if (pid == main_ && main_stage_ == Main::kCounted) continue;
    if (folders_.set_aside(pid)) ++ledger_.written;
    processes_.erase(pid);
  }
  for (const auto& [pid, process] : processes_) {
    if (!process.instrumented) continue;
    if (has_go_files(pid, process)) {
      ++ledger_.written;
      continue;
    }
    const auto code =
        process.unfollowed.empty() ? Loss::Code::kEndNotSeen : Loss::Code::kNotFollowed;
    lose({code, process.unfollowed}, pid, process);
  }
  processes_.clear();
}

CoverageLedger CoverageKeeper::ledger() const {
  CoverageLedger ledger = ledger_;
  for (const auto& [pid, process] : processes_) {
    const bool records = recorded_ && recorded_->runs(pid);
    ledger.running += process.instrumented || records ? 1 : 0;
  }
  return ledger;
}

bool CoverageKeeper::counts(int pid, bool unknown) {
  try {
    Look look(time_, processes_.contains(pid) ? processes_[pid].time : others_time_);
    return !find_instrumented_images(pid, ProcessMemory(pid, &look.budget()), cache_).none();
  } catch (const Error&) {
    return unknown;
  }
}

void let_write_by_themselves(const std::vector<int>& pids, const std::string& coverage_folder) {
  FileNotes notes(notes_path(coverage_folder));
  ImageCache cache(notes);
  for (const int pid : pids) {
    try {
      put_code_back(pid, writing_calls(find_instrumented_images(pid, ProcessMemory(pid), cache)));
    } catch (const Error&) {
      // It has ended meanwhile.
    }
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
