// Raw profiles of clang: any bytes are looked at without harm.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "coverage/llvm/llvm_profile.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = gentle::fuzz::text(data, size);
  try {
    const gentle::LlvmRawProfile profile = gentle::parse_llvm_profile(bytes, "file");
    const std::string written = gentle::serialize(profile);
    require(written.size() == bytes.size(), "what is read is all that is there");
    require(gentle::parse_llvm_profile(written, "again") == profile,
            "what is written is read the same");
    gentle::find_fault(profile);
    require(gentle::is_whole_llvm_profile(bytes), "what can be read is whole");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
    require(!gentle::is_whole_llvm_profile(bytes), "what cannot be read is not whole");
  }
  return 0;
}
