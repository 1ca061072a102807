// Keeps what a report counts for `gentle coverage combine`: a file beside each report.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "coverage/combine/run_record.h"
#include "coverage/formats/format_options.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/llvm_gathering.h"
#include "coverage/report/work_files.h"
#include "coverage/table/coverage_table.h"
#include "coverage/table/exclusion_markers.h"
#include "model/coverage_spec.h"

namespace gentle {

class RunRecording {
 public:
  // Throws Error if the kernel gives no name for this run.
  RunRecording(const CoverageSpec& spec, const WorkFiles& work, const FormatOptions& options);

  // From several threads at once. Of the sources in `counted` only.
  void add_object(const CompiledObject& object, const UnitNotes& notes,
                  const UnitCounters& counters, const std::set<std::string>& counted);
  // Of clang and rustc, as llvm-cov tells it twice. A source of which they do not add up is
  // lacking.
  void add_program(const LlvmCounted& program, const std::set<std::string>& counted);
  // Lines and ways that were executed or not, of which no more is known; otherwise it is lacking.
  // Each source once.
  void add_marked(const std::string& path, const TableSource& source);
  void add_go(const std::string& path, const GoSource& source);
  // A source of which the probes do not tell what JaCoCo has counted is lacking.
  void add_java(const std::string& path, const ProbedSource& probed, const TableSource& counted);
  // A source that is in no report of this run, though processes may have executed it.
  void add_uncounted(const std::string& path);
  // Those that another program has counted: nothing of it is kept, but that it is lacking.
  void add_lacking(const std::string& path);
  void add_source(const std::string& path, std::string_view text, const ExclusionMarkers& markers);

  RunRecord take() { return std::move(record_); }

 private:
  std::string name_of_object(const std::string& notes) const;
  std::vector<PackedPart> pack_lines(const LlvmCounted& program,
                                     const std::map<std::string, std::string>& shown);

  const FormatOptions options_;
  const std::string build_dir_;
  std::mutex mutex_;
  RunRecord record_;
};

// In the folder of the reports.
inline constexpr const char* kRunFile = "coverage.run";

// Nothing if it is written.
std::optional<Error> write_run_record(const CoverageSpec& spec, const RunRecord& record);

}  // namespace gentle
