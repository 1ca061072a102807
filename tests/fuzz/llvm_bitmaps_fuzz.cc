// Whatever llvm-profdata prints, it gives bitmaps of functions, or Error.
#include <cstdint>

#include "base/error.h"
#include "coverage/llvm/llvm_bitmaps.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto text = gentle::fuzz::text(data, size);
    for (const auto& [function, bitmap] : gentle::read_llvm_bitmaps(text, "p")) {
      require(!function.first.empty(), "a function has a name");
      require(!bitmap.empty(), "a bitmap has bytes");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
