// Whatever the bytes are, state_from_json gives a state that survives being written and read
// again, or throws Error.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "fuzz.h"
#include "model/state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gentle::fuzz::require;
  try {
    const gentle::State state =
        gentle::state_from_json(gentle::fuzz::text(data, size), "state.json");
    const std::string written = gentle::to_json(state);
    const gentle::State again = gentle::state_from_json(written, "state.json");
    require(gentle::to_json(again) == written, "what is written reads the same");
    require(state.supervisor.pid >= 0 && state.main.pid >= 0, "no pid is negative");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
