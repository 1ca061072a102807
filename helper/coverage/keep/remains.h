// The counters that a process leaves in its memory because its runtime has not written them. They
// are read while it stands still at its end, and become files in its own folder after that.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "coverage/gcov/gcov_counters.h"
#include "coverage/image/image_cache.h"
#include "coverage/keep/go_remains.h"
#include "coverage/keep/instrumented_images.h"
#include "model/coverage_ledger.h"

namespace gentle {

struct GcovRemains {  // of one program or library
  bool is_program = false;
  bool is_dumping = false;  // its end came while libgcov wrote
  bool adds = false;        // to what we have written for it before
  GcovCounters counters;
};

struct LlvmRemains {
  std::string profile;                // the bytes of a .profraw
  std::vector<std::string> replaced;  // paths of files that hold a part of it
};

struct Remains {
  bool instrumented = false;
  std::vector<GcovRemains> gcov;
  std::vector<LlvmRemains> llvm;
  std::vector<GoRemains> go;
  std::set<std::string> llvm_images;         // paths of all that count so (llvm_images.h)
  bool clang_gcov = false;                   // see instrumented_images.h: written, if it exits
  ForeignKind foreign = ForeignKind::kNone;  // likewise
  bool resets_at_fork = false;               // see elf_image.h
  bool could_not_write = false;              // its runtime had nowhere to write to
  std::vector<Loss> lost;

  bool none() const {
    return gcov.empty() && llvm.empty() && lost.empty() &&
           std::all_of(go.begin(), go.end(), [](const auto& one) { return one.is_stored(); });
  }
  // Whether the runtimes themselves have written all that there is, even if more was counted after
  // that.
  bool were_written() const {
    return gcov.empty() && llvm.empty() && lost.empty() && !go.empty() &&
           std::all_of(go.begin(), go.end(), [](const auto& one) { return one.has_written; });
  }
};

// Where the runtimes of a process write; the one of clang may still write where its parent's does.
struct DataFolders {
  std::string gcov;
  std::string llvm;
  GoPlace go = {};
};

// Of the process that `thread` belongs to, which stands still. `taken`: the places of the counters
// that were read when it was about to write them (writing_calls.h).
// `known`: all that it has loaded, or nullptr if that is not known.
Remains read_remains(int thread, const DataFolders& folders, const std::set<std::uint64_t>& taken,
                     const InstrumentedImages* known, ImageCache& cache, RescueBudget& budget);

// Writes what the runtime would have written, into <run>/<pid>, or of Go into the folder for all of
// its processes: folders and files of our own user alone, whatever the umask. Throws Error, also if
// a link or a folder of another user is there.
void write_remains(const Remains& remains, const std::string& folder, const std::string& go_folder,
                   RescueBudget& budget);

// Counters that two processes share, or seem to.
class InheritedCounters {
 public:
  struct Found {
    bool any = false;
    bool own_file = true;  // clang's runtime in the child writes into a file of its own from now on
  };
  // A child that was forked has its parent's counts: takes them away, so that they are not counted
  // twice. Throws Error if they cannot be taken away.
  Found reset(int child, int parent, const InstrumentedImages& images, RescueBudget& budget);

  // gcc's wrapper of exec, in a child that has its parent's memory, marks the counters of both as
  // written. Those of these compilations have still to be written, by the parent.
  static void take_back(int parent, const std::set<std::uint32_t>& stamps, ImageCache& cache,
                        RescueBudget& budget);

 private:
  // The image, its bias and its root.
  using Place = std::tuple<std::shared_ptr<const ElfImage>, std::uint64_t, std::uint64_t>;
  // Where they are, which is the same in a parent and its children.
  std::map<Place, std::vector<CounterRange>> ranges_;
};

}  // namespace gentle
