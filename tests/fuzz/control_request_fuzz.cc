// What anybody of the same user sends to a supervisor.
#include <cstdint>

#include "fuzz.h"
#include "model/control_request.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = gentle::parse_control_request(gentle::fuzz::text(data, size));
  if (!request) return 0;
  require(request->owner.pid >= 0, "a pid is not negative");
  const auto again = gentle::parse_control_request(gentle::to_text(*request));
  require(again.has_value() && again->verb == request->verb, "it is read as it was written");
  return 0;
}
