// What a Go program of `go build -cover` has counted, in its memory: found without symbols, by the
// runtime's own tables. docs/go-coverage.md describes them; they are the same from Go 1.20 to 1.26.
#pragma once

#include <string>
#include <vector>

#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/languages/go_format.h"

namespace gentle {

struct GoSnapshot {
  GoMode mode = GoMode::kSet;
  // The meta-data of each package that has been initialised; none: nothing of the project has run
  // yet.
  std::vector<std::string> packages;
  GoCounters counters;
};

// Of an image with ElfImage::go_functions, in a process that stands still. All is checked, by its
// place, size and hash: Error with what is not as Go makes it, and OverBudget.
GoSnapshot read_go_program(const Memory& memory, const ElfImage& image, std::uint64_t bias);

// Sets all counters to 0, as ClearCounters() of runtime/coverage: of a child that was forked, whose
// counts so far are its parent's. Throws Error if it cannot.
void reset_go_counters(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias);

}  // namespace gentle
