// Which of the sources that were compiled with counters the report counts, and why the others are
// not in it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

enum class SourceFate {
  kCounted,
  kGone,        // would count if it were there
  kUnreadable,  // likewise
  kNotMatched,  // by FILTER
  kExcluded,    // by EXCLUDE
  kInBuild,     // generated or fetched
  kOutside,     // of ROOT
  kNoSource,    // of a class in a jar with libraries: the project has none
  kSystem,      // of the compiler or the system
};

// By the path that reports show (source_names.h). FILTER and EXCLUDE are Python's regular
// expressions: if there are any, Python is asked, once. Throws Error if it is not there.
std::map<std::string, SourceFate> choose_sources(const CoverageSpec& spec,
                                                 const std::string& real_root,
                                                 const std::vector<std::string>& paths,
                                                 const WorkFiles& work,
                                                 const Environment& environment);

}  // namespace gentle
