#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/environment.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/coverage_report.h"
#include "cli/coverage_sharing.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/progress_line.h"
#include "cli/subcommands.h"
#include "coverage/report/coverage_step.h"
#include "coverage/report/ctest/ctest_gcov.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"
#include "model/ctest_arguments.h"
#include "model/nearest.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle coverage reset <spec>
       gentle coverage merge <spec>
       gentle coverage report <spec>
       gentle coverage combine <report>...

The tests that add_fixture_coverage puts around a test run.

  reset    remove the .gcda files of the project's targets, and of all else that
           was counted, and the old reports; with APPEND, keep them
  merge    add up what each process has counted, into the .gcda files beside the
           .gcno; data that cannot be counted is named and set aside
  report   merge, count, print a summary, write reports; name the sources that
           were compiled with counters and are in no report. The summary has
           colours on a terminal, unless NO_COLOR is set; CLICOLOR_FORCE=1 has
           them always
  combine  make one report of those of several machines; has a --help of its own

exit codes: 0 good, 1 there is no report or a limit (FAIL_UNDER_LINE,
  FAIL_UNDER_BRANCH) is not reached, 77 nothing is instrumented or measured, or
  none of the tests that ctest was asked for has executed any of it,
  125 gentle itself failed
)";

CoverageSpec load(const std::string& path) { return parse_coverage_spec(read_file(path), path); }

void write_to_stderr(std::string_view text) { write_as_it_is(stderr, text); }

int reset(const std::string& spec) {
  const CoverageSpec coverage = load(spec);
  reset_coverage(coverage, WorkFiles(spec), Environment::from(environ));
  if (!coverage.append) note_reset(spec);
  return kExitOk;
}

int merge(const std::string& spec) {
  for (const std::string& warning : merge_coverage(load(spec), WorkFiles(spec)))
    print(stderr, warning + "\n");
  return kExitOk;
}

// Only the ctest that has called decides: there may be others above it.
TestRun test_run() {
  const auto ctest = owning_ctest();
  if (!ctest || ctest->pid != ::getppid()) return TestRun::kWhole;
  return selects_tests(arguments_of(ctest->pid)) ? TestRun::kPart : TestRun::kWhole;
}

// Progress is for people who wait, not for logs.
CoverageReport make_report(const std::string& spec, const Environment& environment) {
  std::optional<ProgressLine> line;
  Progress progress;
  if (::isatty(STDERR_FILENO) == 1) {
    line.emplace("Counting objects", write_to_stderr);
    progress = [&line](std::size_t done, std::size_t all) { line->show(done, all); };
  }
  return report_coverage(load(spec), WorkFiles(spec), environment, test_run(), progress);
}

int report(const std::string& spec) {
  const Environment environment = Environment::from(environ);
  print(stderr, sharing_warning(spec));
  return print_coverage_report(make_report(spec, environment), environment);
}

// Not for people: what DartConfiguration.tcl names as the CoverageCommand of ctest.
int gcov_of_ctest(const Arguments& arguments) {
  if (arguments.empty()) throw Error("run gcov", "", "the folder of the coverage spec is missing");
  const CtestGcovEnd end = run_ctest_gcov(
      arguments.front(), {arguments.begin() + 1, arguments.end()}, Environment::from(environ));
  print(stdout, end.output);
  return end.exit_code;
}

}  // namespace

int run_coverage(const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() == "gcov") {
    return gcov_of_ctest({arguments.begin() + 1, arguments.end()});
  }
  if (!arguments.empty() && arguments.front() == "combine") {
    return run_coverage_combine({arguments.begin() + 1, arguments.end()});
  }
  std::string step;
  std::string spec;
  Options options("coverage", kHelp);
  options.required("step", step);
  options.required("spec", spec);
  options.parse(arguments);
  spec = std::filesystem::absolute(spec).string();  // gcovr runs in another folder
  if (step == "reset") return reset(spec);
  if (step == "merge") return merge(spec);
  if (step == "report") return report(spec);
  const std::string near = nearest(step, {"reset", "merge", "report", "combine"});
  throw Error("find coverage step", step, near.empty() ? "unknown" : "did you mean '" + near + "'?")
      .hint("gentle coverage --help")
      .exit_code(kExitUsage);
}

}  // namespace gentle
