// Where in a process libgcov counts: its program and its shared libraries, as far as they are
// loaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/elf_image.h"
#include "coverage/gcov_counters.h"
#include "coverage/process_memory.h"

namespace gentle {

struct GcovImage {
  std::string path;
  std::shared_ptr<const ElfImage> elf;
  std::uint64_t bias = 0;
  ElfSymbol root;
};

struct GcovImages {
  std::vector<GcovImage> images;  // by address
  // Why something that the process has loaded cannot be looked at, one for each such file.
  std::vector<Error> unreadable;
};

// Images with and without symbols. The process has to be stopped, or it may load and unload
// libraries meanwhile; nothing is found in one that has ended. Throws Error if the process may not
// be looked at.
GcovImages find_gcov_images(int pid, const Memory& memory);

GcovCounters read_gcov_counters(const Memory& memory, const GcovImage& image);

}  // namespace gentle
