// What the compiler's gcov writes about all objects, for gcovr: text files that name their sources
// by the paths that reports show.
//
// gcovr would run gcov itself, but it has to guess where the compiler ran, and loses what was named
// relative to another place without a word.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Into work.gcov_files, of the sources in `counted` only. Returns the objects that gcov ended badly
// over.
std::vector<Error> write_gcov_files(const CoverageSpec& spec, const WorkFiles& work,
                                    const std::vector<CompiledObject>& objects,
                                    const std::set<std::string>& counted,
                                    const Environment& environment);

}  // namespace gentle
