#include "coverage/fold/data_sum.h"

#include <utility>

#include "base/error.h"
#include "coverage/gcov/clang_gcda.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcov_version.h"

namespace gentle {

DataSum::Kind DataSum::kind_of(std::string_view bytes) {
  if (is_clang_gcda(bytes)) return Kind::kClang;
  const GcdaReader reader(bytes);
  const std::uint32_t version = reader.header().version;
  const bool is_unknown = reader.is_gcda() && !reader.is_truncated() &&
                          !reader.header().big_endian && gcc_major_of(version) > 0 &&
                          find_gcov_format(version) == nullptr;
  return is_unknown ? Kind::kUnknownGcc : Kind::kGcc;
}

void DataSum::add(std::string_view bytes, const std::string& name) {
  const Kind kind = kind_of(bytes);
  if (!empty() && kind != kind_) throw Error("read", name, "it was written by another compiler");
  if (kind == Kind::kClang) {
    other_ = other_.empty() ? std::string(bytes) : merge_clang_gcda(other_, bytes, name);
  } else if (kind == Kind::kUnknownGcc) {
    if (!empty()) {
      throw Error("read", name,
                  "it is one of several processes, and the counts of " +
                      describe_gcov_version(GcdaReader(bytes).header().version) +
                      " cannot be added up here; known are " + supported_gcov_versions());
    }
    other_ = bytes;
  } else {
    Gcda data = parse_gcda(bytes, name);
    if (gcc_) {
      merge(*gcc_, data, name);
    } else {
      gcc_ = std::move(data);
    }
  }
  kind_ = kind;
}

}  // namespace gentle
