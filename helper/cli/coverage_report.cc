#include "cli/coverage_report.h"

#include <unistd.h>

#include "base/colour_choice.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "base/printable.h"
#include "cli/coloured_summary.h"
#include "cli/print.h"

namespace gentle {

int print_coverage_report(const CoverageReport& report, const Environment& environment) {
  for (const std::string& warning : report.warnings) print(stderr, warning + "\n");
  if (wants_colour(environment, ::isatty(STDOUT_FILENO) == 1)) {
    write_as_it_is(stdout, coloured_summary(printable(report.text)));
  } else {
    print(stdout, report.text);
  }
  for (const Error& failure : report.failures) print(stderr, failure.message());
  if (report.skipped) return kExitSkipped;
  return report.failures.empty() ? kExitOk : kExitFailed;
}

}  // namespace gentle
