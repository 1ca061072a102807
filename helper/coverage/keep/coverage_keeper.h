// Keeps the coverage of all processes of a service or of a test, however they end: gives each its
// own folder, follows them, reads what they leave unwritten, and counts what became of each.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/end_status.h"
#include "base/environment.h"
#include "coverage/fold/background_fold.h"
#include "coverage/image/file_notes.h"
#include "coverage/image/image_cache.h"
#include "coverage/keep/process_folders.h"
#include "coverage/keep/recorded_processes.h"
#include "coverage/keep/remains.h"
#include "coverage/keep/rescue_time.h"
#include "coverage/languages/go_files.h"
#include "model/coverage_ledger.h"
#include "model/language.h"
#include "os/tracer.h"

namespace gentle {

class CoverageKeeper {
 public:
  // The folder for their data, absolute, and the one of the build (coverage_paths.h).
  CoverageKeeper(std::string folder, const std::string& coverage_folder);

  // Has its processes record themselves. Before add_environment(). `spec_path`: as
  // coverage_spec_beside() takes it.
  void record(Language language, const std::string& spec_path);

  void add_environment(Environment& environment) const;

  // Follows a process and all that it will start. To be called between its fork and its exec, with
  // the program that it will execute. Returns whether it does.
  bool follow(int pid, const std::string& program);

  // From now on what the main process writes is written in its place as well. Before that it writes
  // by itself: the kernel tells it to end when this process is killed, and a breakpoint would then
  // be its death.
  void write_for_main();

  // Before it begins: adds up what earlier processes of the build have left, if that is much.
  void fold_earlier_data() { fold_.look(); }
  // Before this process ends.
  void stop_folding() { fold_.stop(); }

  // What waitpid(-1, ..., __WALL) has told. True: that was nobody's business but the tracer's.
  // False: a process has ended, and its data is where it belongs.
  bool handle(int task, int wait_status);

  // Whether it needs a SIGCONT, though that may not show: see Tracer.
  bool is_stopped(int pid) const { return tracer_.is_stopped(pid); }

  // Of these processes, which a program that was let go may have started: notes the instrumented
  // ones that are not followed. Their end is not seen, and nothing is read from them.
  void note_unfollowed(const std::vector<int>& pids);

  // Of these, follows what is instrumented by now and was let go because nothing was.
  void follow_again(const std::vector<int>& pids);

  // Stops following, so that whatever runs on does so by itself.
  void let_go();

  // The same if nothing that runs is instrumented: then nothing is kept from a debugger.
  void let_go_unless_instrumented();

  // Once all have ended: counts those whose end nobody was told of, by the data that is there.
  void count_the_rest();

  CoverageLedger ledger() const;
  // What is missing here for coverage that survives any end, one line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Process {
    std::string program;             // which it has executed; "": it has not
    std::string version;             // of its file
    std::int64_t began = go_time();  // that, or the process
    bool instrumented = false;       // the program is
    bool forked = false;             // and has not executed one since
    unsigned forks = 0;              // so often
    std::string unfollowed;          // why not; "": it is followed
    int llvm_owner = 0;              // whose file clang's runtime writes; 0: its own
    std::optional<Remains> remains;  // at its last end so far: see Tracer
    std::set<std::uint64_t> taken;   // what we have written in its place (writing_calls.h)
    bool has_data = false;           // of ours in its folder
    // All that it has loaded, as long as it stops whenever that changes; else nullptr.
    std::shared_ptr<const InstrumentedImages> images;
    std::size_t held = 0;          // what the remains take in memory
    ProcessTime time;              // of all looks at it
    bool could_not_write = false;  // itself, where we have
    std::optional<Loss> lost;      // what is read of it cannot be written
    std::string command;           // line of it, where its counts may be lost
  };

  void begin(int pid, int parent);
  bool replace(int pid, const Tracer::Exec& exec);
  void leave_program(int pid, Process process, bool ended_last);
  void stop_at_writing_calls(int pid, int thread);
  bool stops_where_it_writes(int pid) const;
  void know_images(int pid, const std::shared_ptr<const InstrumentedImages>& images);
  CallFate write_in_its_place(const Tracer::Call& call);
  bool store(Process& process, int pid, const Remains& remains);
  void look_at_new_program();
  void look_at_image(int pid, Process& process, const ImageCache::Image& image);
  void return_memory(int pid, int child);
  void discard(int pid);
  void read(int pid, int thread);
  RecordedProcesses::Outcome end_recorded(int pid, bool by_signal);
  void end(int pid, Process process, const EndStatus& end);
  void lose(const Loss& loss, int pid, const Process& process);
  std::optional<Loss> loss_of_unread(int pid, const Process& process, const EndStatus& end);
  void end_counted(int pid, Process& process, const EndStatus& end);
  void end_unread(int pid, const Process& process);
  void close_folder(int pid, bool has_data = false);
  void set_aside(int pid, bool has_data = false);
  bool has_go_files(int pid, const Process& process) const;
  bool has_written_before_exec(int pid, const Process& process) const;
  // `unknown`: what to say of one that cannot be looked at, such as one at its end.
  bool counts(int pid, bool unknown);
  void warn_unfollowed(const std::string& why);
  void warn(const std::string& line);

  ProcessFolders folders_;
  BackgroundFold fold_;
  std::string coverage_folder_;
  std::string go_folder_;
  std::string build_dir_;
  std::optional<RecordedProcesses> recorded_;  // nothing: no recorder was asked for
  FileNotes notes_;
  ImageCache cache_;
  InheritedCounters inherited_;
  Tracer tracer_;
  int main_ = 0;  // the process that all others come from
  enum class Main {
    kWritesItself,
    kWrittenFor,  // see write_for_main()
    kCounted,     // it has ended, and is in the ledger
  };
  Main main_stage_ = Main::kWritesItself;
  std::map<int, Process> processes_;
  // By the version of the file: with all that they are linked with, nothing of them counts.
  std::set<std::string> quiet_programs_;
  std::map<int, std::set<std::uint32_t>> lent_;  // what children of vfork have written at exec
  bool needless_ = false;                        // all were let go, since nothing was instrumented
  std::string let_go_;                           // why some were; "": none was
  // What a process has just become, if nobody has looked at it yet: that is done when it runs, so
  // that it does not wait for it.
  struct NewProgram {
    int pid = 0;
    std::unique_ptr<FileMemory> file;
  };
  NewProgram new_program_;
  RescueTime time_;
  ProcessTime others_time_;  // of processes that are not followed
  // What was read at a call, and is written when the process runs on.
  struct Taken {
    int pid = 0;
    Remains remains;
    std::size_t held = 0;
  };
  std::vector<Taken> taken_;
  CoverageLedger ledger_;
  std::vector<std::string> warnings_;
};

// For processes that a keeper has followed which was killed: none is stopped any more where it
// writes, which would kill it.
void let_write_by_themselves(const std::vector<int>& pids, const std::string& coverage_folder);

}  // namespace gentle
