// Whatever the bytes are, parse_coverage_spec gives a spec from which gcovr can be called, or
// throws Error.
#include <cstdint>

#include "base/error.h"
#include "coverage/report/gcovr.h"
#include "fuzz.h"
#include "model/coverage_spec.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const gentle::CoverageSpec spec =
        gentle::parse_coverage_spec(gentle::fuzz::text(data, size), "fuzz.spec");
    require(spec.source_dir.starts_with('/'), "the source folder is absolute");
    require(!spec.gcov.empty(), "there is a gcov");
    require(spec.fail_under_line.value_or(0) <= 100, "no limit is beyond 100 percent");
    const gentle::GcovrCall call{"gcovr", {8, 8}, "/cfg", "/trace", spec.source_dir};
    require(!render_command(spec, call).empty(), "every format is known");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
