// The .gcda files of clang: any two that look like them are added up without harm. The first half
// of the input is one, the second half the other.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "coverage/gcov/clang_gcda.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = gentle::fuzz::text(data, size);
  const std::string_view into = bytes.substr(0, size / 2);
  const std::string_view from = bytes.substr(size / 2);
  gentle::is_clang_gcda(bytes);
  try {
    const std::string sum = gentle::merge_clang_gcda(into, from, "from");
    require(sum.size() == into.size(), "a sum has as many counters");
    require(sum.starts_with(into.substr(0, 12)), "a sum has the header of both");
    require(gentle::is_clang_gcda(sum) == gentle::is_clang_gcda(into), "a sum is of the same kind");
    require(gentle::merge_clang_gcda(sum, from, "again").size() == sum.size(), "more can be added");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
