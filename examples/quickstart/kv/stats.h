#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace kv {

// What the server counts while it runs; written by all its threads.
struct Stats {
  const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> connections_accepted = 0;
  std::atomic<std::uint64_t> connections_open = 0;
  std::array<std::atomic<std::uint64_t>, 6> responses = {};  // by the first digit of the status

  void count_response(int status) { ++responses.at(static_cast<std::size_t>(status) / 100); }
};

}  // namespace kv
