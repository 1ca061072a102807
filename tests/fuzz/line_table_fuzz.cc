// Line tables of debugging information: any bytes are looked at without harm.
#include <cstdint>
#include <string_view>

#include "coverage/image/line_table.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = gentle::fuzz::text(data, size);
  for (const gentle::LineUnit& unit : gentle::parse_line_tables({bytes, bytes, bytes})) {
    for (const std::string& file : unit) require(file.starts_with('/'), "a path is absolute");
  }
  return 0;
}
