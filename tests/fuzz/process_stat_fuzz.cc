// /proc/PID/stat: the name in it is the process's own choice.
#include <cstdint>

#include "fuzz.h"
#include "os/process.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = gentle::fuzz::text(data, size);
  const auto stat = gentle::parse_process_stat(text);
  if (!stat) return 0;
  require(stat->parent >= 0 && stat->group >= 0 && stat->session >= 0, "no id is negative");
  require(stat->threads >= 0, "nor a number of threads");
  require(text.find(stat->name) != text.npos, "the name stands in the text");
  return 0;
}
