// What clang's source-based coverage, and Rust's, has counted, as lines of the same table as gcc's:
// by `llvm-cov export` of the release that has merged the profiles.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "coverage/combine/packed_llvm.h"
#include "coverage/llvm/llvm_export.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/llvm_lacking.h"
#include "coverage/report/llvm_profdata.h"
#include "coverage/report/source_names.h"
#include "coverage/report/work_files.h"
#include "coverage/table/coverage_table.h"
#include "model/coverage_spec.h"

namespace gentle {

// A program that could be read.
struct LlvmCounted {
  CompiledObject object;  // with its sources; `notes` is its path
  LlvmExport sources;
  Counting counting = Counting::kEach;
  // For sums over several runs, with the names of sources that the compiler gave:
  LlvmSegments segments = {};
  std::vector<PackedPart> functions = {};
  LlvmLack lack = {};                    // what llvm-cov does not tell of it
  std::set<std::string> undecided = {};  // sources with decisions of which it lacks the paths
};

struct LlvmGathered {
  std::vector<LlvmPart> parts;  // for coverage.profdata
  std::vector<LlvmCounted> programs;
  std::vector<Error> failures;        // what cannot be counted, and why
  std::vector<std::string> warnings;  // files that never ran and that llvm-cov cannot read
};

// Of the programs that have written these profiles, and of the spec's instrumented files that have
// not run: these with counts of 0. A program that is gone or was built again is a failure, and the
// rest stands.
LlvmGathered gather_llvm(const std::vector<std::string>& profiles, const CoverageSpec& spec,
                         const SourceNames& names, const WorkFiles& work,
                         const Environment& environment);

// What the summary tells of profiles that were read from memory, as a line; "" if none was. Clang
// and rustc count what stands behind a loop or a call by a difference: how often that began, less
// how often it went on elsewhere. What had not ended with its process seems to have ended.
std::string rescued_profiles_text(const std::vector<std::string>& profiles);

// Functions that llvm-cov takes for each other, of the sources of `counted`.
std::vector<std::string> namesake_warnings(const LlvmGathered& gathered,
                                           const std::set<std::string>& counted);

// Adds what it has counted in the sources of `counted` to the table.
void add_llvm_counts(const LlvmGathered& gathered, const std::set<std::string>& counted,
                     CoverageTable& table);

}  // namespace gentle
