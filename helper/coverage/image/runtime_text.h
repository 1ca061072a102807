// What can be told of a program by the texts in it alone: where it is stripped, and where it is of
// a kind that is not read otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coverage/image/process_memory.h"

namespace gentle {

// Which of these texts stand in this part of the file, in their order. A file that ends before that
// is no error.
std::vector<bool> find_texts(const Memory& file, std::uint64_t offset, std::uint64_t size,
                             const std::vector<std::string>& texts);

inline constexpr std::uint64_t kWholeFile = UINT64_MAX;

// The runtimes that write counters, by their messages, which stay when a program is stripped.
struct RuntimeTexts {
  bool gcc = false;
  bool clang_gcov = false;      // of clang's --coverage
  bool llvm = false;            // of clang's source-based coverage: the name of a section
  bool resets_at_fork = false;  // each fork is by gcc's wrapper, as far as symbols tell

  bool any() const { return gcc || clang_gcov || llvm; }

  bool operator==(const RuntimeTexts&) const = default;
};

RuntimeTexts find_runtime_texts(const Memory& file, std::uint64_t offset, std::uint64_t size);

}  // namespace gentle
