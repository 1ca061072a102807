#include "coverage/report/run_gcovr.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/exit_code.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kLinesOfLog = 20;
constexpr std::size_t kLinesOfTraceback = 5000;  // Python shows at most 1000 calls
constexpr std::string_view kTraceback = "Traceback (most recent call last):";
constexpr std::string_view kRecursion = "RecursionError";

bool is_in_log(const std::string& log, std::string_view text) {
  return read_file_if_there(log).value_or("").find(text) != std::string::npos;
}

std::string hint_of(const std::string& log) {
  const std::string place = "all that it printed is in " + log;
  if (!is_in_log(log, kRecursion)) return place;
  return "another version of gcovr may do: pip install gcovr==8.3, or leave the file out by "
         "EXCLUDE; " +
         place;
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
  if (lines.size() > kLinesOfLog) lines.erase(lines.begin(), lines.end() - kLinesOfLog);
  for (std::string& line : lines) line = printable(line);
  return lines;
}

void run_gcovr(const ToolRun& run) {
  const ToolEnd end = run_tool(run);
  if (end.end == EndStatus{}) return;
  throw Error("report coverage", run.command.front(), "it ended with " + describe(end.end))
      .notes(words_of_gcovr(run.log))
      .hint(hint_of(run.log))
      .exit_code(kExitFailed);
}

void run_gcovr_to_gather(const ToolRun& run, GcovrVersion version) {
  try {
    run_gcovr(run);
  } catch (const Error&) {
    // Before 6.0 it asserts that a function begins on one line, which a macro may change from unit
    // to unit. Lines and branches are merged by their number all the same.
    if (version >= kMergeModes || !is_in_log(run.log, "in merge_function")) throw;
    ToolRun again = run;
    again.environment.set("PYTHONOPTIMIZE", "1");           // without assertions
    again.environment.set("PYTHONDONTWRITEBYTECODE", "1");  // beside the installed files
    write_file_atomically(run.log, "");
    run_gcovr(again);
  }
}

}  // namespace gentle
