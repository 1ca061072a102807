#include "coverage/fold/data_sum.h"

#include <utility>

#include "base/error.h"
#include "coverage/gcov/clang_gcda.h"

namespace gentle {

void DataSum::add(std::string_view bytes, const std::string& name) {
  if (is_clang_gcda(bytes)) {
    if (gcc_) throw Error("read", name, "it was written by another compiler");
    clang_ = clang_.empty() ? std::string(bytes) : merge_clang_gcda(clang_, bytes, name);
    return;
  }
  if (!clang_.empty()) throw Error("read", name, "it was written by another compiler");
  Gcda data = parse_gcda(bytes, name);
  if (gcc_) {
    merge(*gcc_, data, name);
  } else {
    gcc_ = std::move(data);
  }
}

}  // namespace gentle
