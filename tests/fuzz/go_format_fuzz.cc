// What a Go process has left in our folder, or somebody else in its place: any bytes give
// meta-data, counters, or an error. What was read is written and read again.
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "coverage/languages/go_format.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

template <typename Parse>
void parse(const Parse& parse) {
  try {
    parse();
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = gentle::fuzz::text(data, size);
  parse([&] {
    for (const auto& package : gentle::parse_go_meta(text, "covmeta.x").packages) {
      for (const auto& function : package.functions) {
        for (const auto& block : function.blocks) {
          require(block.first_line <= block.last_line, "a block ends where it begins, or behind");
        }
      }
    }
  });
  parse([&] {
    const auto counters = gentle::parse_go_counters(text, "covcounters.x");
    const auto again = gentle::parse_go_counters(gentle::go_counter_file(counters), "again");
    require(again.functions == counters.functions, "what is written is read again");
  });
  return 0;
}
