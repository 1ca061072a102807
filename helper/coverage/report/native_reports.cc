#include "coverage/report/native_reports.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>

#include "base/exit_code.h"
#include "base/number.h"
#include "base/parted_text.h"
#include "coverage/formats/cobertura_format.h"
#include "coverage/formats/demangled.h"
#include "coverage/formats/json_summary_format.h"
#include "coverage/formats/lcov_format.h"
#include "coverage/formats/markdown_format.h"
#include "coverage/formats/text_format.h"
#include "coverage/formats/tracefile_format.h"
#include "coverage/merge/object_files.h"
#include "coverage/page/write_page.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

std::int64_t report_time(const Environment& environment) {
  const auto wanted =
      parse_integer<std::int64_t>(environment.get("SOURCE_DATE_EPOCH"), 0, INT64_MAX);
  return wanted ? *wanted : static_cast<std::int64_t>(std::time(nullptr));
}

struct NativeFormat {
  std::string_view name;
  void (*write)(const NativeReports& reports, const std::string& folder, PartedText& text);
};

constexpr NativeFormat kNativeFormats[] = {
    {"cobertura", [](const NativeReports& r, const std::string&,
                     PartedText& text) { write_cobertura(r.table, r.options, text); }},
    {"lcov", [](const NativeReports& r, const std::string&,
                PartedText& text) { write_lcov(r.table, r.options, text); }},
    {"json", [](const NativeReports& r, const std::string&,
                PartedText& text) { write_tracefile(r.table, r.options, r.gcovr(), text); }},
    {"json-summary",
     [](const NativeReports& r, const std::string& folder, PartedText& text) {
       text.part() += json_summary_text(r.summary, r.options, folder);
     }},
    {"txt", [](const NativeReports& r, const std::string&,
               PartedText& text) { text.part() += text_table(r.table, r.options); }},
    {"markdown", [](const NativeReports& r, const std::string&,
                    PartedText& text) { text.part() += markdown_text(r.summary, r.options); }},
};

constexpr std::string_view kPage = "html";
constexpr std::string_view kTracefile = "json";

std::string time_text(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  char text[64] = "";
  if (::gmtime_r(&time, &parts) != nullptr) {
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  }
  return text;
}

std::optional<std::string> read_source(const std::string& path) {
  try {
    return read_data_file(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_html(const NativeReports& reports, const std::string& folder) {
  PageOptions page;
  page.folder = folder;
  page.root = reports.options.root;
  page.title = reports.options.title;
  page.timestamp = time_text(reports.options.timestamp);
  page.throw_branches = reports.options.throw_branches;
  page.read_source = read_source;
  write_page(reports.table, page);
}

const NativeFormat* find_native_format(std::string_view name) {
  for (const NativeFormat& format : kNativeFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace

FormatOptions format_options(const CoverageSpec& spec, const Environment& environment) {
  FormatOptions options;
  options.root = path_without_links(spec.root);
  options.timestamp = report_time(environment);
  if (!spec.title.empty()) options.title = spec.title;
  options.throw_branches = spec.throw_branches;
  return options;
}

std::vector<Error> write_native_reports(CoverageSpec& spec, const NativeReports& reports) {
  std::vector<std::string> wanted;
  for (const std::string& name : spec.formats) {
    if (name == kPage || find_native_format(name) != nullptr) wanted.push_back(name);
  }
  // The one that takes longest comes first.
  if (std::erase(wanted, kTracefile) > 0) wanted.insert(wanted.begin(), std::string(kTracefile));
  const std::string folder = path_without_links(spec.output_dir);
  std::map<std::string, Error> failures;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  run_workers(wanted.size(), [&] {
    for (std::size_t i = next++; i < wanted.size(); i = next++) {
      const std::string& name = wanted[i];
      try {
        if (name == kPage) {
          write_html(reports, spec.output_dir);
          continue;
        }
        if (name == kTracefile) reports.gcovr();  // before there is a file
        write_public_parts(
            spec.output_dir + "/" + std::string(find_report_format(name)->file),
            [&](PartedText& text) { find_native_format(name)->write(reports, folder, text); });
      } catch (const Error& error) {
        const std::lock_guard lock(mutex);
        failures.emplace(name, Error("write report", name, error.cause()).exit_code(kExitFailed));
      }
    }
  });
  std::vector<Error> all;
  for (const auto& [name, error] : failures) {
    std::erase(spec.formats, name);
    all.push_back(error);
  }
  return all;
}

}  // namespace gentle
