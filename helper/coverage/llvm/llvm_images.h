// Which programs and libraries a process had loaded that count by clang's runtime, or Rust's: what
// llvm-cov has to read beside the profiles. A text file in the process's own folder.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace gentle {

// So begins the name of a profile that was read from the memory of a process.
inline constexpr std::string_view kRescuedProfile = "rescued-";

// Adds these paths to those that are noted in the folder. Does nothing if it cannot: the binaries
// of INSTRUMENT are known without it.
void note_llvm_images(const std::string& folder, const std::set<std::string>& paths);

// The paths that are noted there; none if nothing is.
std::set<std::string> noted_llvm_images(const std::string& folder);

// Notes that the process was forked, so often since its program was executed. The report counts
// apart what forked processes have counted (report/forked_llvm.h).
void note_forks(const std::string& folder, unsigned forks);

// 0 if nothing is noted there.
unsigned noted_forks(const std::string& folder);

}  // namespace gentle
