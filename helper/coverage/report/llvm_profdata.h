// What clang's source-based coverage, and Rust's, is reported by: one merged profile, for llvm-cov.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/report/llvm_programs.h"
#include "coverage/report/llvm_tools.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// The merged profile of one program (llvm_programs.h).
struct LlvmPart {
  std::string program;  // "": nobody knows it
  std::string profdata;
  LlvmTool tool;       // which has merged it, and so reads it
  unsigned forks = 0;  // as of LlvmProgram
};

struct LlvmParts {
  std::vector<LlvmPart> parts;
  std::vector<LlvmTool> tools;   // all that are installed, the newest first
  std::optional<Error> failure;  // why some of it could not be merged
};

// Merges the .profraw files of each program into a file in the work folder. Profiles of each
// version are read by the newest llvm-profdata that can.
LlvmParts merge_llvm_parts(const std::vector<LlvmProgram>& programs, const WorkFiles& work,
                           const Environment& environment);

struct LlvmProfdata {
  std::string text;              // for people; "": there is none
  std::optional<Error> failure;  // why it could not be made
};

// Merges all parts into <output>/coverage.profdata.
LlvmProfdata merge_llvm_profile(const std::vector<LlvmPart>& parts, const CoverageSpec& spec,
                                const WorkFiles& work, const Environment& environment);

// "apt-get install llvm-19 (LLVM 19 or newer); ...": what brings the tools that read profiles of
// this version.
std::string llvm_install_hint(std::uint64_t version);

}  // namespace gentle
