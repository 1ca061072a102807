// What a gcov prints, whichever it is: any bytes are looked at without harm.
#include <cstdint>

#include "base/error.h"
#include "coverage/gcov/gcov_output.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

void look_at(const gentle::GcovOutput& output) {
  for (const gentle::SourceCount& source : output.unit.sources) {
    for (const gentle::LineCount& line : source.lines) {
      require(line.function == gentle::kNoFunction || line.function < source.functions.size(),
              "a line is of a function of its source");
      require(line.branches.begin + line.branches.size <= output.unit.branches.size(),
              "a line has branches that there are");
    }
  }
}

template <typename Read>
void try_to_read(const Read& read, std::string_view text) {
  try {
    look_at(read(text, "a.gcno"));
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = gentle::fuzz::text(data, size);
  try_to_read(gentle::read_gcov_json, text);
  try_to_read(gentle::read_gcov_listing, text);
  return 0;
}
