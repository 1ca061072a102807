// What llvm-cov does not tell of a program, or tells of the wrong function: whoever reads the
// report has to know it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coverage/llvm/llvm_export.h"

namespace gentle {

// Static functions of one name, which are counted as one.
struct LlvmNamesakes {
  std::string source;  // of one of them, as the compiler has named it
  std::string cause;   // a sentence
};

struct LlvmLack {
  std::size_t functions = 0;  // of which it tells nothing
  std::vector<LlvmNamesakes> namesakes;
};

class LlvmLacking {
 public:
  // As llvm-cov has told it.
  void add(const LlvmFunction& function);

  // Of the program, or the objects, that it was asked for. `record_size` as of LlvmFormat.
  LlvmLack find(const std::vector<std::string>& files, std::size_t record_size) const;

 private:
  std::size_t told_ = 0;
  std::map<std::uint64_t, LlvmFunction> named_;  // without its counts
};

}  // namespace gentle
