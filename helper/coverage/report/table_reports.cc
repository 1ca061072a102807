#include "coverage/report/table_reports.h"

#include <algorithm>
#include <future>
#include <optional>
#include <string>

#include "base/exit_code.h"
#include "coverage/formats/tracefile_format.h"
#include "coverage/report/gcovr_reports.h"
#include "coverage/report/native_reports.h"
#include "os/file.h"

namespace gentle {
namespace {

bool has_format(const CoverageSpec& spec, std::string_view name) {
  return std::find(spec.formats.begin(), spec.formats.end(), name) != spec.formats.end();
}

bool is_native(const std::string& name) {
  const ReportFormat* format = find_report_format(name);
  return format != nullptr && format->is_native();
}

std::string names_of(const std::vector<std::string>& formats) {
  std::string names;
  for (const std::string& name : formats) names += (names.empty() ? "" : ", ") + name;
  return names;
}

// The native `json` is for the gcovr of this machine, if there is one; for other formats it has to
// be there.
std::optional<GcovrCall> gcovr_for(CoverageSpec& by_gcovr, bool json, const WorkFiles& work,
                                   const Environment& environment, std::vector<Error>& failures) {
  if (by_gcovr.formats.empty() && !json) return std::nullopt;
  try {
    GcovrCall call = find_gcovr(by_gcovr, work, environment);
    check_gcovr_version(call.version);
    return call;
  } catch (Error& error) {
    if (by_gcovr.formats.empty()) {
      // There is one, and it could not be asked: no process could be made.
      if (error.exit_code() == kExitOwnFailure) {
        failures.push_back(error.note("json is written for the newest gcovr"));
      }
      return std::nullopt;
    }
    failures.push_back(error.notes({"not written: " + names_of(by_gcovr.formats)}));
    by_gcovr.formats.clear();
    return std::nullopt;
  }
}

template <typename T>
void append_all(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

TableReports write_table_reports(CoverageSpec& spec, const WorkFiles& work,
                                 const CoverageTable& table, const Environment& environment) {
  CoverageSpec by_gcovr = spec;
  std::erase_if(by_gcovr.formats, is_native);
  const FormatOptions options = format_options(spec, environment);
  TableReports reports;
  // gcovr takes a good part of a second to tell its version, for which only `json` has to wait.
  const std::shared_future<std::optional<GcovrCall>> call =
      std::async([&, json = has_format(spec, "json")] {
        return gcovr_for(by_gcovr, json, work, environment, reports.failures);
      });
  const auto gcovr = [&call] { return call.get() ? call.get()->version : newest_tracefile(); };
  reports.summary = summarize(table, options);
  const std::vector<Error> native =
      write_native_reports(spec, {table, reports.summary, options, gcovr});
  call.wait();
  append_all(reports.failures, native);
  if (call.get() && !by_gcovr.formats.empty()) {
    write_parts_atomically(
        work.tracefile, [&](PartedText& text) { write_tracefile(table, options, gcovr(), text); });
    append_all(reports.failures, write_gcovr_reports(by_gcovr, work, *call.get(), environment));
  }
  std::erase_if(spec.formats, [&](const std::string& name) {
    return !is_native(name) && !has_format(by_gcovr, name);
  });
  return reports;
}

}  // namespace gentle
