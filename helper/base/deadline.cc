#include "base/deadline.h"

namespace gentle {

std::string describe(Duration d) {
  const long long ms = milliseconds(d);
  if (ms < 1000) return std::to_string(ms) + " ms";
  const long long s = ms / 1000;
  if (s >= 60) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
  const long long tenth = ms % 1000 / 100;
  return std::to_string(s) + (tenth > 0 ? "." + std::to_string(tenth) : "") + " s";
}

}  // namespace gentle
