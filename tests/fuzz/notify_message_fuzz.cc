// Whatever a service sends to NOTIFY_SOCKET, parse_notify_message takes what it knows and skips the
// rest.
#include <cstdint>

#include "fuzz.h"
#include "model/notify_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gentle::fuzz::require;
  const gentle::NotifyMessage message =
      gentle::parse_notify_message(gentle::fuzz::text(data, size));
  if (message.status) {
    require(message.status->find('\n') == std::string::npos, "a status is one line");
    require(message.status->size() <= size, "a status was sent");
  }
  if (message.extend_timeout) {
    const auto extended = *message.extend_timeout;
    require(extended >= gentle::Duration::zero(), "no extension is negative");
    require(gentle::Clock::now() + extended >= gentle::Clock::now() - std::chrono::hours(1),
            "an extension can be added to the present");
  }
  return 0;
}
