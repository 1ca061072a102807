#include "base/process_id.h"

#include "base/number.h"

namespace gentle {
namespace {

constexpr int kMostPid = 1 << 30;

}  // namespace

std::string to_text(const ProcessId& id) {
  return std::to_string(id.pid) + "-" + std::to_string(id.start_time);
}

std::optional<ProcessId> parse_process_id(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto pid = parse_integer<int>(text.substr(0, dash), 1, kMostPid);
  const auto start_time = parse_integer<std::uint64_t>(text.substr(dash + 1), 0, UINT64_MAX);
  if (!pid || !start_time) return std::nullopt;
  return ProcessId{*pid, *start_time};
}

}  // namespace gentle
