// What in a process counts: its program and its shared libraries, as far as they are loaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/gcov/gcov_counters.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/image_cache.h"
#include "coverage/image/process_memory.h"
#include "model/coverage_ledger.h"

namespace gentle {

struct LoadedImage {
  std::string path;
  std::shared_ptr<const ElfImage> elf;
  std::uint64_t bias = 0;
  bool is_program = false;  // and no library
};

// With one copy of libgcov.
struct GcovImage {
  LoadedImage loaded;
  ElfSymbol root;
};

struct InstrumentedImages {
  std::vector<LoadedImage> loaded;           // all that matter: these, and the loader of libraries
  std::vector<GcovImage> gcov;               // by address
  std::vector<LoadedImage> llvm;             // of clang's source-based coverage
  std::vector<LoadedImage> go;               // programs of `go build -cover`
  bool clang_gcov = false;                   // clang's --coverage, which cannot be read
  ForeignKind foreign = ForeignKind::kNone;  // of a program that cannot be read, but counts
  bool resets_at_fork = false;               // that one
  bool of_fuse = false;                      // some are: to be asked before each look
  std::size_t mapped_programs = 0;           // of any kind: the program, its loader, libraries
  // Why something that the process has loaded cannot be looked at, one for each such file.
  std::vector<Error> unreadable;
  std::vector<Error> unread_counters;  // likewise, of the program and of libraries that count

  bool none() const {
    return gcov.empty() && llvm.empty() && go.empty() && !clang_gcov &&
           foreign == ForeignKind::kNone;
  }
};

// Images with and without symbols. The process has to be stopped, or it may load and unload
// libraries meanwhile; nothing is found in one that has ended. Throws Error if the process may not
// be looked at.
InstrumentedImages find_instrumented_images(int pid, const Memory& memory, ImageCache& cache);

GcovCounters read_gcov_counters(const Memory& memory, const GcovImage& image);

// What the ledger says of such a process if it has not written.
Loss why_lost(ForeignKind kind);

}  // namespace gentle
