// Where the own folders of all processes are (process_folders.h), in the build folder of a project
// that collects coverage:
//   <data>/services/<service>/<run>/<pid>/...  and  <data>/tests/<run>/<pid>/...
// A run is a supervisor or a `gentle run`, by pid and start time. And
// <data>/files-<version> (file_notes.h).
#pragma once

#include <optional>
#include <string>

#include "base/process_id.h"
#include "model/coverage_spec.h"

namespace gentle {

std::string coverage_folder(const std::string& build_dir);

// The build folder of a coverage_folder(); "" if it is none.
std::string build_dir_of(std::string coverage_folder);

// The coverage.spec of the project of this service's spec; nothing if it collects no coverage: then
// there is none beside it. Throws Error if that one is of no use.
std::optional<CoverageSpec> coverage_spec_beside(const std::string& spec_path);
std::optional<std::string> coverage_folder_beside(const std::string& spec_path);

std::string service_coverage_folder(const std::string& data, const std::string& service,
                                    const ProcessId& run);
std::string test_coverage_folder(const std::string& data, const ProcessId& run);

}  // namespace gentle
