// What the report program of Java has answered, or somebody else in its place: any bytes give
// sources, or an error.
#include <cstdint>

#include "base/error.h"
#include "coverage/report/java_answer.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const gentle::JavaAnswer answer = gentle::parse_java_answer(gentle::fuzz::text(data, size));
    for (const auto& [path, source] : answer.sources) {
      for (const auto& [number, line] : source.lines) {
        require(line.count == 0 || line.count == 1, "a line is executed or not");
      }
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
