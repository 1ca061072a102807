// One program's counts of clang's source-based coverage, or of Rust's, of processes that it was
// executed in and of those that these have forked. The counters of a forked child begin at 0, but
// it is in the middle of functions. So llvm-cov's differences of counters may be below zero for it:
// of the code behind `if (fork() == 0) { ...; exit(0); }`, say, which it has never come to. Added
// to what its parent has counted there, such a number would take away the parent's.
#pragma once

#include <vector>

#include "coverage/report/llvm_gathering.h"

namespace gentle {

struct LlvmGeneration {
  unsigned forks = 0;  // since the program was executed
  LlvmCounted counted;
};

// The sum of exports of one program, where a number below zero of forked processes is 0.
LlvmCounted sum_of_generations(std::vector<LlvmGeneration> generations);

}  // namespace gentle
