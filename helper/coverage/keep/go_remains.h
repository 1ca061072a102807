// What a Go program of `go build -cover` leaves at its end: the counts in its memory, and whether
// its runtime has written them.
#pragma once

#include <cstdint>
#include <string>

#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"

namespace gentle {

struct GoRemains {
  // Whether the runtime wrote its counts, here or into a GOCOVERDIR of the user's own. It may count
  // on until the process is gone, so that there is more in the memory.
  bool has_written = false;
  // The names and contents of the files that are still to be written; "": that one is there.
  std::string meta_name;
  std::string meta;
  std::string counters_name;
  std::string counters;
  std::string replaced;  // the path of a file that holds a part of these counts; "": none does

  bool is_stored() const { return meta.empty() && counters.empty(); }
};

// Where Go's runtime writes in this process.
struct GoPlace {
  std::string folder;      // ours
  std::int64_t since = 0;  // go_time() when the program began: older files are another process's
};

// Of the process of `thread`, which stands still. Throws Error if its memory is not as Go makes it,
// and OverBudget.
GoRemains read_go_remains(int thread, const Memory& memory, const ElfImage& image,
                          std::uint64_t bias, const GoPlace& place);

}  // namespace gentle
