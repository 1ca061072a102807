// The .gcda of many processes for one object file, as one process would have written it that did
// what they all did.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coverage/gcov/gcda.h"

namespace gentle {

class DataSum {
 public:
  // Of gcc, or of clang's --coverage. Throws Error with `name`, the path of the file, if the bytes
  // cannot be added: then nothing has changed.
  void add(std::string_view bytes, const std::string& name);

  bool empty() const { return !gcc_ && clang_.empty(); }
  std::string bytes() const { return gcc_ ? serialize(*gcc_) : clang_; }

 private:
  std::optional<Gcda> gcc_;
  std::string clang_;
};

}  // namespace gentle
