// The coverage step around a test run: remove the old data, and afterwards report the new.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/unit_gathering.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Makes the .gcda files beside the .gcno of what all processes have counted. Returns warnings, one
// line each, about what cannot be counted.
std::vector<std::string> merge_coverage(const CoverageSpec& spec, const WorkFiles& work);

// Removes the .gcda files of the targets and the old reports; with APPEND only what holds no
// counts. Throws Error, and removes nothing, if FILTER or EXCLUDE is wrong.
void reset_coverage(const CoverageSpec& spec, const WorkFiles& work,
                    const Environment& environment);

struct CoverageReport {
  bool skipped = false;               // nobody asked for a report here: none, and no mistake
  std::string text;                   // for people, on standard output
  std::vector<std::string> warnings;  // lines about data that is not in the report
  std::vector<Error> failures;        // limits that are not reached, formats that are not written
};

// How it comes that there is a report to make.
enum class TestRun {
  kWhole,  // or nobody knows
  kPart,   // ctest was asked for some of its tests only
};

// Reports what the .gcda files hold. Throws Error if there is no report to be made; that nothing
// was executed is no mistake of a part of the tests.
CoverageReport report_coverage(CoverageSpec spec, const WorkFiles& work,
                               const Environment& environment, TestRun tests,
                               const Progress& progress = {});

// Why the gcovr that a report would use cannot write these formats, for people; "" if it can, or if
// that is not known: the report itself says then what is wrong with gcovr. `gcovr`: "" for that of
// PATH.
std::string unwritable_formats(const std::vector<std::string>& formats, const std::string& gcovr,
                               const Environment& environment);

}  // namespace gentle
