// Which program or shared library has written each profile: llvm-cov needs both. A profile names no
// path, so it is compared with what the processes had loaded, and with what INSTRUMENT builds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/coverage_spec.h"

namespace gentle {

// The profiles of one program, all of one version of raw profile, so that one tool reads them.
struct LlvmProgram {
  std::string path;  // "": nobody knows it any more
  std::uint64_t version = 0;
  std::vector<std::string> profiles;
  unsigned forks = 0;  // since it was executed, of the processes that have written these
};

struct LlvmPrograms {
  std::vector<LlvmProgram> programs;  // by version, path and forks
  std::vector<Error> failures;        // programs that are gone or were built again, one each
  std::vector<Error> ambiguities;     // profiles that several programs may have written
  std::vector<std::string> warnings;  // of plain tests: they may be of another project's program
};

// By the build id or, without one, by the names and hashes of all functions.
LlvmPrograms find_llvm_programs(const std::vector<std::string>& profiles, const CoverageSpec& spec);

}  // namespace gentle
