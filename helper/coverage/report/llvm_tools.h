// The llvm-profdata of each release of LLVM that is installed: none reads the profiles of all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"

namespace gentle {

struct LlvmTool {
  std::string path;
  unsigned release = 0;  // 19 of LLVM 19.1.7; 0: it does not tell

  bool operator==(const LlvmTool&) const = default;
};

// The newest first, each once: llvm-profdata and llvm-profdata-<n> in the folders of PATH, in
// /usr/lib/llvm-<n>/bin, and the one that came with the Rust of PATH.
std::vector<LlvmTool> find_llvm_profdata(const Environment& environment);

// From what a tool prints for --version, "LLVM version 22.1.0-rust-1.95.0-stable"; 0 if that is not
// in it.
unsigned llvm_release_of(std::string_view version_text);

// The llvm-cov of the same release: "/usr/bin/llvm-profdata-14" -> "/usr/bin/llvm-cov-14"; "" if
// there is none.
std::string llvm_cov_beside(const std::string& profdata);

}  // namespace gentle
