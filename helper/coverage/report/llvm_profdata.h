// What clang's source-based coverage, and Rust's, is reported by: one merged profile, for llvm-cov.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

struct LlvmProfdata {
  std::string text;              // for people; "": there is none
  std::optional<Error> failure;  // why some of it could not be merged
};

// Merges these .profraw files into <output>/coverage.profdata. Profiles of each version are read by
// the newest llvm-profdata that can.
LlvmProfdata merge_llvm_profiles(const std::vector<std::string>& profiles, const CoverageSpec& spec,
                                 const WorkFiles& work, const Environment& environment);

}  // namespace gentle
