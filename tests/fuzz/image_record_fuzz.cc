// The notes of what ELF files hold: whatever is read is written the same way again.
#include <cstdint>
#include <string>

#include "coverage/image/image_record.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = gentle::parse_image_record(gentle::fuzz::text(data, size));
  if (!image) return 0;
  const auto again = gentle::parse_image_record(gentle::image_record(*image));
  require(again == image, "a record tells the whole image");
  return 0;
}
