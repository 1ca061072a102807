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

class LlvmLacking {
 public:
  // As llvm-cov has told it.
  void add(const LlvmFunction& function);

  // Of the program, or the objects, that it was asked for: one sentence each. `record_size` as of
  // LlvmFormat.
  std::vector<std::string> find(const std::vector<std::string>& files,
                                std::size_t record_size) const;

 private:
  std::size_t told_ = 0;
  std::map<std::uint64_t, LlvmFunction> named_;  // without its counts
};

}  // namespace gentle
