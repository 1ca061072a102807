#include "coverage/report/gcovr.h"

#include "base/exit_code.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kVersionText = "gcovr ";
constexpr GcovrVersion kIgnoresMissingSources = {7, 0};
constexpr GcovrVersion kDoubtsHighCounts = {8, 3};
constexpr GcovrVersion kLinesOfEachFunction = {8, 4};

std::string text_of(GcovrVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

// A word of a shell line: gcovr splits --gcov-executable as a shell does.
std::string shell_quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// As a pattern of glob(3) that matches just it.
std::string glob_of(const std::string& path) {
  std::string glob;
  for (const char c : path) {
    if (c == '[' || c == '*' || c == '?') {
      glob += std::string("[") + c + "]";
    } else {
      glob += c;
    }
  }
  return glob;
}

// Which sources count, the same for both calls: gcovr filters a tracefile as well.
void append_common(const CoverageSpec& spec, const GcovrCall& call,
                   std::vector<std::string>& words) {
  words.insert(words.end(),
               {call.program, "--config", call.empty_config, "--root", spec.source_dir});
  for (const std::string& filter : spec.filters) words.push_back("--filter=" + filter);
  for (const std::string& exclude : spec.excludes) words.push_back("--exclude=" + exclude);
  // Not gcovr's own default of all below --root: before 6.0 that finds nothing behind a link.
  // Generated and fetched code counts only if FILTER asks for it.
  if (spec.filters.empty()) {
    words.push_back("--filter=" + python_regex_of(call.real_source_dir) + "/");
    // A build in the source folder, or above it, cannot be told from the sources.
    const bool apart = !(call.real_source_dir + "/").starts_with(call.real_build_dir + "/");
    if (apart) words.push_back("--exclude=" + python_regex_of(call.real_build_dir) + "/");
  }
  // The same inline function may begin on different lines in two units (a macro): gcovr would stop.
  if (call.version >= kMergeModes) words.emplace_back("--merge-mode-functions=separate");
}

}  // namespace

std::string python_regex_of(const std::string& text) {
  std::string regex;
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) regex += '\\';
    regex += c;
  }
  return regex;
}

std::optional<GcovrVersion> parse_gcovr_version(std::string_view text) {
  if (!text.starts_with(kVersionText)) return std::nullopt;
  text.remove_prefix(kVersionText.size());
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  const std::string_view tail = text.substr(point + 1);
  const auto major = parse_integer<int>(text.substr(0, point), 0, 999);
  const auto minor =
      parse_integer<int>(tail.substr(0, tail.find_first_not_of("0123456789")), 0, 999);
  if (!major || !minor) return std::nullopt;
  return GcovrVersion{*major, *minor};
}

void check_gcovr_version(GcovrVersion version) {
  if (version >= kOldestGcovr) return;
  throw Error("report coverage", "gcovr " + text_of(version),
              "it is too old; version " + text_of(kOldestGcovr) + " or newer is needed")
      .hint("pip install gcovr, and put its folder first in PATH")
      .exit_code(kExitFailed);
}

std::optional<Error> format_error(const std::string& format, GcovrVersion version) {
  const ReportFormat* known = find_report_format(format);
  if (known == nullptr || version >= known->since) return std::nullopt;
  return Error("write report", format,
               "gcovr " + text_of(version) + " cannot write it; version " + text_of(known->since) +
                   " or newer is needed")
      .hint("pip install gcovr, or take '" + format + "' off FORMATS of add_fixture_coverage")
      .exit_code(kExitFailed);
}

std::string formats_cause(const std::vector<std::string>& formats, GcovrVersion version) {
  std::string wrong;
  for (const std::string& name : formats) {
    const ReportFormat* format = find_report_format(name);
    if (format == nullptr || version >= format->since) continue;
    wrong +=
        (wrong.empty() ? "'" : ", '") + name + "' (needs gcovr " + text_of(format->since) + ")";
  }
  if (wrong.empty()) return "";
  std::string can;
  for (const ReportFormat& format : report_formats()) {
    if (version >= format.since) can += (can.empty() ? "" : " ") + std::string(format.name);
  }
  return "gcovr " + text_of(version) + " cannot write " + wrong + ". It can write: " + can + ".";
}

std::vector<std::string> gather_command(const CoverageSpec& spec, const GcovrCall& call,
                                        const std::vector<std::string>& folders, unsigned jobs) {
  std::vector<std::string> words;
  append_common(spec, call, words);
  std::string gcov;
  for (const std::string& word : spec.gcov) gcov += (gcov.empty() ? "" : " ") + shell_quoted(word);
  words.insert(words.end(), {"--gcov-executable", gcov, "--object-directory", spec.build_dir});
  // If one of its threads fails, before 6.0 the others may wait for it for ever.
  if (call.version < kMergeModes) jobs = 1;
  words.insert(words.end(), {"-j", std::to_string(jobs), "--json", call.tracefile});
  // Threads that lost counts leave negative ones, and hot loops go beyond 2^32: neither is a reason
  // to give no report. Before 6.0 the option takes no value and means just the negative ones.
  words.emplace_back(call.version >= kMergeModes
                         ? "--gcov-ignore-parse-errors=negative_hits.warn_once_per_file"
                         : "--gcov-ignore-parse-errors");
  if (call.version >= kDoubtsHighCounts) words.emplace_back("--gcov-suspicious-hits-threshold=0");
  // The object file of a source that was renamed stays in the build folder.
  if (call.version >= kIgnoresMissingSources) {
    words.emplace_back("--gcov-ignore-errors=source_not_found");
  }
  words.insert(words.end(), folders.begin(), folders.end());
  return words;
}

std::vector<std::string> render_command(const CoverageSpec& spec, const GcovrCall& call,
                                        const std::string& summary) {
  std::vector<std::string> words;
  append_common(spec, call, words);
  // A line of a template counts once, however many instances it has: so does gcov.
  if (call.version >= kLinesOfEachFunction) words.emplace_back("--merge-lines");
  words.insert(words.end(),
               {"--add-tracefile", glob_of(call.tracefile), "--json-summary", summary});
  for (const std::string& name : spec.formats) {
    const ReportFormat* format = find_report_format(name);
    // Given twice, the option would write one file only; that of the summary is copied.
    if (format == nullptr || format->option.empty() || format->option == "--json-summary") continue;
    words.emplace_back(format->option);
    words.push_back(spec.output_dir + "/" + std::string(format->file));
  }
  return words;
}

}  // namespace gentle
