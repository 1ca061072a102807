// A source in Go as programs have counted it: by the compiler's blocks, whose counts add up. Counts
// of lines do not: that of a line is the largest one of its blocks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coverage/combine/packed.h"
#include "coverage/languages/go_format.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct CountedGoFunction {
  std::string name;  // with the path of its package; "": of a literal
  std::vector<GoBlock> blocks;
  std::vector<std::uint32_t> counts;  // of each block
};

struct GoSource {
  std::vector<CountedGoFunction> functions;
  bool sums = true;  // false if a program has counted in the mode `set`: then counts are 0 or 1

  // Whether the counts belong to the same blocks.
  bool has_blocks_of(const GoSource& other) const;
  // Adds counts of the same blocks, as high as Go can tell them.
  void add(const GoSource& other);
};

// A line counts if a block covers a part of it, and has the highest of their counts.
TableSource go_table_source(const GoSource& source);

void pack_go_source(const GoSource& source, Packer& packer);
// Throws Error, with a cause alone; the lines of the result are in proportion to the bytes.
GoSource unpack_go_source(Unpacker& unpacker);

}  // namespace gentle
