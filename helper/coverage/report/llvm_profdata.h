// What clang's source-based coverage is reported by: one merged profile, for llvm-cov.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

struct LlvmProfdata {
  std::string text;                   // for people; "": there was nothing to merge
  std::vector<std::string> warnings;  // one line each
};

// Merges these .profraw files into <output>/coverage.profdata, by the llvm-profdata that belongs to
// the llvm-cov of the spec, or is in PATH.
LlvmProfdata merge_llvm_profiles(const std::vector<std::string>& profiles, const CoverageSpec& spec,
                                 const WorkFiles& work, const Environment& environment);

}  // namespace gentle
