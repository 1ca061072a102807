// How much of something was executed.
#pragma once

#include <cstdint>
#include <string>

namespace gentle {

struct Share {
  std::uint64_t covered = 0;
  std::uint64_t total = 0;

  bool operator==(const Share&) const = default;
  void add(const Share& more) {
    covered += more.covered;
    total += more.total;
  }
};

// All of nothing is 100.
double percent_of(const Share& share);

// To one decimal; 100 only if all is covered, 0 only if nothing is.
double rounded_percent(const Share& share);

// "83.9%"; "-" of nothing.
std::string percent_text(const Share& share);

}  // namespace gentle
