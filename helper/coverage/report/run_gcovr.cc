#include "coverage/report/run_gcovr.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/printable.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLinesOfGcovr = 20;
constexpr std::size_t kLinesOfTraceback = 5000;  // Python shows at most 1000 calls
constexpr std::string_view kTraceback = "Traceback (most recent call last):";
constexpr std::string_view kRecursion = "RecursionError";

bool is_in_log(const std::string& log, std::string_view text) {
  return read_file_if_there(log).value_or("").find(text) != std::string::npos;
}

// Read by Python before gcovr, from a folder of PYTHONPATH: 1000 calls within each other are too
// few for it on the nested templates of GoogleMock's own tests.
constexpr const char* kStartFile = "sitecustomize.py";
constexpr const char* kStartText = "import sys\n\nsys.setrecursionlimit(20000)\n";

// The same again, if it gave up over what is no mistake of the user's.
std::optional<ToolRun> another_try(const ToolRun& run, GcovrVersion version) {
  ToolRun again = run;
  again.environment.set("PYTHONDONTWRITEBYTECODE", "1");  // beside the installed files
  // Before 6.0 it asserts that a function begins on one line, which a macro may change from unit to
  // unit. Lines and branches are merged by their number all the same.
  if (version < kMergeModes && is_in_log(run.log, "in merge_function")) {
    again.environment.set("PYTHONOPTIMIZE", "1");  // without assertions
    return again;
  }
  if (!is_in_log(run.log, kRecursion)) return std::nullopt;
  const std::string folder = run.log.substr(0, run.log.rfind('/')) + "/python";
  make_folders(folder, 0777);
  write_file_atomically(folder + "/" + kStartFile, kStartText);
  const std::string path = run.environment.get("PYTHONPATH");
  again.environment.set("PYTHONPATH", path.empty() ? folder : folder + ":" + path);
  return again;
}

}  // namespace

std::vector<std::string> without_tracebacks(const std::vector<std::string>& lines) {
  std::vector<std::string> left;
  bool inside = false;
  for (const std::string& line : lines) {
    if (line.ends_with(kTraceback)) inside = true;
    const bool is_frame = line.starts_with(' ') || line.ends_with(kTraceback);
    if (inside && is_frame) continue;
    inside = false;
    // The same is said by each thread, and by the program at its end.
    if (std::find(left.begin(), left.end(), line) == left.end()) left.push_back(line);
  }
  return left;
}

std::vector<std::string> words_of_gcovr(const std::string& log) {
  std::vector<std::string> lines = without_tracebacks(last_lines(log, kLinesOfTraceback));
  if (lines.size() > kLinesOfGcovr) lines.erase(lines.begin(), lines.end() - kLinesOfGcovr);
  for (std::string& line : lines) line = printable(line);
  return lines;
}

void run_gcovr(const ToolRun& run, GcovrVersion version) {
  EndStatus end = run_tool(run).end;
  if (end == EndStatus{}) return;
  if (const auto again = another_try(run, version)) end = run_tool(*again).end;
  if (end == EndStatus{}) return;
  throw Error("report coverage", run.command.front(), "it ended with " + describe(end))
      .notes(words_of_gcovr(run.log))
      .hint("all that it printed is in " + run.log)
      .exit_code(kExitFailed);
}

}  // namespace gentle
