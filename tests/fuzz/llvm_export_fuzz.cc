// Whatever llvm-cov prints, its readers give counts of lines, functions and branches, or throw
// Error.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "coverage/llvm/llvm_export.h"
#include "fuzz.h"

namespace {

using gentle::fuzz::require;

void check(const gentle::LlvmExport& result) {
  for (const auto& [name, source] : result) {
    for (const auto& [line, count] : source.lines) {
      require(line > 0 && count >= 0, "a line has a number and a count");
    }
    for (const auto& [place, branch] : source.branches) {
      require(place.first > 0 && branch.taken >= 0 && branch.not_taken >= 0, "a branch has counts");
    }
    for (const auto& [key, function] : source.functions) {
      require(key.second > 0 && function.count >= 0, "a function has a line and a count");
      require(function.regions_executed <= function.regions, "no more regions than there are");
    }
  }
}

template <typename Read>
void expect_counts_or_error(Read&& read) {
  gentle::LlvmExport result;
  try {
    read(result);
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  check(result);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = gentle::fuzz::text(data, size);
  expect_counts_or_error([&](auto& result) { gentle::read_exported_lines(text, "a", result); });
  expect_counts_or_error([&](auto& result) { gentle::read_exported_functions(text, "a", result); });
  return 0;
}
