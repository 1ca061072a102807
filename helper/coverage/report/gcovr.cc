#include "coverage/report/gcovr.h"

#include "base/exit_code.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::string_view kVersionText = "gcovr ";
constexpr GcovrVersion kLinesOfEachFunction = {8, 4};
constexpr std::string_view kPageTitle = "--html-title";  // which every gcovr has

std::string text_of(GcovrVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
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

void append_common(const GcovrCall& call, std::vector<std::string>& words) {
  // All that it is given counts: by default only what lies below the root would.
  words.insert(words.end(),
               {call.program, "--config", call.empty_config, "--root", call.root, "--filter=.*"});
  // The same inline function may begin on different lines in two units (a macro): gcovr would stop.
  if (call.version >= kMergeModes) words.emplace_back("--merge-mode-functions=separate");
}

// Given with an option that this gcovr does not have, it would write nothing.
void append_titles(const CoverageSpec& spec, GcovrVersion version,
                   std::vector<std::string>& words) {
  if (spec.title.empty()) return;
  for (const std::string& name : spec.formats) {
    const ReportFormat* format = find_report_format(name);
    if (format == nullptr || format->title_option.empty()) continue;
    if (version < kTitles && format->title_option != kPageTitle) continue;
    words.push_back(std::string(format->title_option) + "=" + spec.title);
  }
}

}  // namespace

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
    if (format == nullptr || format->is_native() || version >= format->since) continue;
    wrong +=
        (wrong.empty() ? "'" : ", '") + name + "' (needs gcovr " + text_of(format->since) + ")";
  }
  if (wrong.empty()) return "";
  std::string can;
  for (const ReportFormat& format : report_formats()) {
    if (format.is_native() || version >= format.since)
      can += (can.empty() ? "" : " ") + std::string(format.name);
  }
  return "gcovr " + text_of(version) + " cannot write " + wrong + ". It can write: " + can + ".";
}

std::vector<std::string> formats_of_gcovr(std::vector<std::string> formats) {
  std::erase_if(formats, [](const std::string& name) {
    const ReportFormat* format = find_report_format(name);
    return format != nullptr && format->is_native();
  });
  return formats;
}

std::vector<std::string> render_command(const CoverageSpec& spec, const GcovrCall& call) {
  std::vector<std::string> words;
  append_common(call, words);
  // A line of a template counts once, however many instances it has: so does gcov.
  if (call.version >= kLinesOfEachFunction) words.emplace_back("--merge-lines");
  words.insert(words.end(), {"--add-tracefile", glob_of(call.tracefile)});
  append_titles(spec, call.version, words);
  for (const std::string& name : spec.formats) {
    const ReportFormat* format = find_report_format(name);
    if (format == nullptr || format->is_native()) continue;
    words.emplace_back(format->option);
    words.push_back(spec.output_dir + "/" + std::string(format->file));
  }
  return words;
}

}  // namespace gentle
