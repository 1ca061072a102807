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
  // Of gcc, or of clang's --coverage; of a gcc that is not known, one alone, as it is. Throws Error
  // with `name`, the path of the file, if the bytes cannot be added: then nothing has changed.
  void add(std::string_view bytes, const std::string& name);

  bool empty() const { return !gcc_ && other_.empty(); }
  std::string bytes() const { return gcc_ ? serialize(*gcc_) : other_; }

 private:
  enum class Kind { kNone, kGcc, kClang, kUnknownGcc };
  static Kind kind_of(std::string_view bytes);

  Kind kind_ = Kind::kNone;
  std::optional<Gcda> gcc_;
  std::string other_;
};

}  // namespace gentle
