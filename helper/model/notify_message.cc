#include "model/notify_message.h"

#include <limits>

#include "base/number.h"
#include "base/plain_text.h"
#include "base/printable.h"

namespace gentle {
namespace {

constexpr int kLargestErrno = 4095;                                        // of Linux
constexpr std::uint64_t kLongestExtension = 7ULL * 24 * 3600 * 1'000'000;  // a week, microseconds

void read_line(NotifyMessage& message, std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view name = line.substr(0, equals);
  const std::string_view value = line.substr(equals + 1);
  if (name == "READY") {
    message.ready = value == "1";
  } else if (name == "STOPPING") {
    message.stopping = value == "1";
  } else if (name == "STATUS") {
    message.status = printable(PlainText().take(value));
  } else if (name == "ERRNO") {
    message.error_number = parse_integer<int>(value, 1, kLargestErrno);
  } else if (name == "MAINPID") {
    message.main_pid = parse_integer<int>(value, 1, std::numeric_limits<int>::max());
  } else if (name == "EXTEND_TIMEOUT_USEC") {
    if (const auto micros = parse_integer<std::uint64_t>(value, 0, kLongestExtension)) {
      message.extend_timeout = std::chrono::microseconds(*micros);
    }
  }
}

}  // namespace

NotifyMessage parse_notify_message(std::string_view text) {
  NotifyMessage message;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    read_line(message, text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
  return message;
}

}  // namespace gentle
