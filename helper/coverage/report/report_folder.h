// The folder that the reports of a project are written to, and the one beside the spec.
#pragma once

#include <string>

#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Whether the folder holds nothing but reports, which were written here.
bool is_report_folder(const std::string& folder);

// Throws Error, and removes nothing, if the folder holds anything else.
void remove_reports(const CoverageSpec& spec);
void make_report_folder(const CoverageSpec& spec);

void make_work_folder(const WorkFiles& work);

}  // namespace gentle
