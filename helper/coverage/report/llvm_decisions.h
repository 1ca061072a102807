// Which paths through the decisions of a program were taken (-fcoverage-mcdc). llvm-cov tells of
// one profile which terms it has shown to decide alone; two parts of a run may show together what
// neither has shown. So the mapping in the program and the bitmaps of its profile are read here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "coverage/llvm/llvm_bitmaps.h"
#include "coverage/llvm/llvm_export.h"
#include "coverage/llvm/llvm_mapping.h"
#include "coverage/report/llvm_tools.h"

namespace gentle {

class LlvmDecisions {
 public:
  // Of a program, or of objects. `merger` has made the profile, and writes it as a text; "" for a
  // profile in which nothing has run. `log` is for what it says.
  LlvmDecisions(std::vector<std::string> files, std::string profdata, LlvmTool merger,
                std::string log, const Environment& environment);

  // Adds to each decision of the function where it is, its paths, and how often they were taken.
  // False if it has run, and not all are known or what llvm-cov tells of them. Reads files and
  // profile once, and only for a function that has decisions.
  bool complete(LlvmFunction& function);

 private:
  void read();
  LlvmMapping read_mapping() const;
  void read_bitmaps();
  bool take_paths(const MappedFunction& mapped, std::string_view bitmap,
                  LlvmFunction& function) const;

  std::vector<std::string> files_;
  std::string profdata_;
  LlvmTool merger_;
  std::string log_;
  const Environment& environment_;
  std::optional<LlvmMapping> mapping_;  // once it was read
  LlvmBitmaps bitmaps_;                 // none if they cannot be read
};

}  // namespace gentle
