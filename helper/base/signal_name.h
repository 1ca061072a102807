// Signals by name: the stop plan, the exit codes and all messages speak of SIGINT, not of 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gentle {

// "SIGINT" -> 2. Only names with their SIG are known, as CMake's TIMEOUT_SIGNAL_NAME wants them.
std::optional<int> signal_number(std::string_view name);

// 2 -> "SIGINT"; a real-time signal reads "SIGRTMIN+3", any other "signal 77".
std::string signal_name(int number);

}  // namespace gentle
