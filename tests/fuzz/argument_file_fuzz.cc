// Whatever the bytes are, parse_argument_file gives arguments that another such file can carry, or
// throws Error.
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "fuzz.h"
#include "model/argument_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gentle::fuzz::require;
  try {
    const std::vector<std::string> arguments =
        gentle::parse_argument_file(gentle::fuzz::text(data, size), "fuzz.arguments");
    std::string again = "gentle-arguments 1\n";
    for (const std::string& argument : arguments) again += "argument " + argument + "\n";
    again += "end\n";
    require(gentle::parse_argument_file(again, "again") == arguments, "they arrive as they were");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
