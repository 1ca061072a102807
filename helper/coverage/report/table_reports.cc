#include "coverage/report/table_reports.h"

#include <algorithm>
#include <string>

#include "coverage/formats/tracefile_format.h"
#include "coverage/report/gcovr_reports.h"
#include "coverage/report/native_reports.h"
#include "os/file.h"

namespace gentle {
namespace {

// Leaves in `formats` those that are written.
std::vector<Error> write_by_gcovr(std::vector<std::string>& formats, const CoverageSpec& spec,
                                  const WorkFiles& work, const CoverageTable& table,
                                  const AskedGcovr& gcovr, const FormatOptions& options,
                                  const Environment& environment) {
  if (!gcovr.call()) formats.clear();
  if (formats.empty()) return {};
  write_parts_atomically(work.tracefile, [&](PartedText& text) {
    write_tracefile(table, options, gcovr.tracefile(), text);
  });
  CoverageSpec theirs = spec;
  theirs.formats = formats;
  std::vector<Error> failures = write_gcovr_reports(theirs, work, *gcovr.call(), environment);
  formats = theirs.formats;
  return failures;
}

template <typename T>
void append_all(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

TableReports write_table_reports(CoverageSpec& spec, const WorkFiles& work,
                                 const CoverageTable& table, const AskedGcovr& gcovr,
                                 const Environment& environment) {
  const std::vector<std::string> wanted = formats_of_gcovr(spec.formats);
  const FormatOptions options = format_options(spec, environment);
  TableReports reports;
  reports.summary = summarize(table, options);
  const std::vector<Error> native = write_native_reports(
      spec, {table, reports.summary, options, [&] { return gcovr.tracefile(); }});
  append_all(reports.failures, gcovr.failures());
  append_all(reports.failures, native);
  std::vector<std::string> written = wanted;
  append_all(reports.failures,
             write_by_gcovr(written, spec, work, table, gcovr, options, environment));
  std::erase_if(spec.formats, [&](const std::string& name) {
    const auto has = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    return has(wanted) && !has(written);
  });
  return reports;
}

}  // namespace gentle
