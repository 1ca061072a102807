#include <unistd.h>

#include <optional>

#include "base/environment.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "cli/coverage_report.h"
#include "cli/options.h"
#include "cli/subcommands.h"
#include "coverage/report/combined_report.h"
#include "model/coverage_spec.h"
#include "model/nearest.h"
#include "model/report_format.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle coverage combine [<option>...] <report>...

Makes one report of those of several machines, of the parts of a test run, say.
A report is the folder that add_fixture_coverage writes, whatever its FORMATS:
the result is that of one whole run. Or a report is a tracefile (coverage.json,
gcovr --json): its counts are added, other details are not known.

  --output <folder>        where the report goes [coverage-combined]
  --root <folder>          the checkout, whose sources are shown [.]
  --format <name>          write it; may be repeated [those of the first report]
  --parts <n>              fail if there are the counts of more or fewer runs
  --fail-under-line <p>    fail if less than p percent of lines were executed
  --fail-under-branch <p>  the same of the branches

exit codes: 0 good, 1 there is no report or a limit is not reached, 2 wrong
  command line, 125 gentle itself failed
)";

constexpr int kMostParts = 1'000'000;

Error wrong(const std::string& object, const std::string& cause) {
  return Error("read command line of 'gentle coverage combine'", object, cause)
      .hint("gentle coverage combine --help")
      .exit_code(kExitUsage);
}

std::optional<double> percent(const std::string& name, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto value = parse_percent(text);
  if (!value) throw wrong(name + " " + text, "no percentage from 0 to 100");
  return value;
}

void check_formats(const std::vector<std::string>& formats) {
  std::vector<std::string> known;
  for (const ReportFormat& format : report_formats()) known.emplace_back(format.name);
  for (const std::string& name : formats) {
    if (find_report_format(name) != nullptr) continue;
    const std::string near = nearest(name, known);
    throw wrong("--format " + name, near.empty() ? "unknown" : "did you mean '" + near + "'?");
  }
}

}  // namespace

int run_coverage_combine(const Arguments& arguments) {
  CombineRequest request;
  std::string root = ".";
  std::string output = "coverage-combined";
  std::string fail_under_line;
  std::string fail_under_branch;
  Options options("coverage combine", kHelp);
  options.option("--output", output);
  options.option("--root", root);
  options.option("--format", request.formats);
  options.option("--parts", request.parts, 1, kMostParts);
  options.option("--fail-under-line", fail_under_line);
  options.option("--fail-under-branch", fail_under_branch);
  options.rest(request.inputs);
  options.parse(arguments);
  if (request.inputs.empty()) throw wrong("<report>", "missing");
  check_formats(request.formats);
  request.fail_under_line = percent("--fail-under-line", fail_under_line);
  request.fail_under_branch = percent("--fail-under-branch", fail_under_branch);
  if (!is_folder(root)) throw wrong("--root " + root, "there is no such folder");
  request.root = absolute_path(root);
  request.output = absolute_path(output);
  const Environment environment = Environment::from(environ);
  return print_coverage_report(combine_reports(request, environment), environment);
}

}  // namespace gentle
