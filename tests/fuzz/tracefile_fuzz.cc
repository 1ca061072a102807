// Whatever stands in place of gcovr's JSON, its readers give lines and shares, or throw Error.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "coverage/report/tracefile.h"
#include "fuzz.h"

namespace {

using gentle::fuzz::require;

template <typename Read>
void expect_value_or_error(Read&& read) {
  try {
    read();
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = gentle::fuzz::text(data, size);
  expect_value_or_error([&] {
    for (const auto& [file, lines] : gentle::counted_lines_of_tracefile(text, "/src", "t.json")) {
      require(!file.empty() && std::is_sorted(lines.begin(), lines.end()), "lines ascend");
    }
  });
  expect_value_or_error([&] { gentle::parse_coverage_summary(text, "summary.json"); });
  return 0;
}
