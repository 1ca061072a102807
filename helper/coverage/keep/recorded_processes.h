// Of the processes of a service or a test whose language has a recorder: which of them run, and
// what their recorder has left when they end.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/environment.h"
#include "model/coverage_ledger.h"
#include "model/coverage_spec.h"
#include "model/language.h"

namespace gentle {

class RecordedProcesses {
 public:
  // Writes the recorder below the coverage folder of the build. Throws Error if it cannot.
  RecordedProcesses(Language language, const std::string& coverage_folder,
                    const CoverageSpec& spec);

  // `folder` is where each process gets one of its own (process_folders.h).
  void add_environment(Environment& environment, const std::string& folder) const;

  void executes(int pid, const std::string& program);
  void forked(int pid, int parent);

  // Whether it is a process of the language.
  bool runs(int pid) const { return starts_.contains(pid); }

  struct Outcome {
    bool any = false;  // it has recorded something
    std::optional<Loss> lost = {};
  };
  using FolderOf = std::function<std::string(int pid)>;
  // When it has ended, by a signal or not, or executes something else.
  Outcome end(int pid, bool by_signal, const FolderOf& folder_of);

 private:
  struct Start {
    bool forked = false;
    std::string program;
    std::string why_unrecorded;  // "": its recorder starts
  };

  Outcome recorded_in(const std::string& own_folder) const;
  bool starts_recorders(const std::string& program, const FolderOf& folder_of) const;

  Language language_;
  std::string recorder_;  // a folder
  bool branches_;         // of Python, too
  std::map<int, Start> starts_;
  std::set<std::string> recorded_programs_;  // of processes that have ended
};

}  // namespace gentle
