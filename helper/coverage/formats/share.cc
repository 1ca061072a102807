#include "coverage/formats/share.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace gentle {
namespace {

std::string one_decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

}  // namespace

double percent_of(const Share& share) {
  if (share.total == 0) return 100;
  return 100.0 * static_cast<double>(share.covered) / static_cast<double>(share.total);
}

double rounded_percent(const Share& share) {
  if (share.total == 0) return 100;
  // Computed and rounded as gcovr does, so that the last digit is the same: 12.25 is 12.2.
  const double ratio = static_cast<double>(share.covered) / static_cast<double>(share.total);
  double percent = std::strtod(one_decimal(ratio * 100).c_str(), nullptr);
  if (share.covered < share.total) percent = std::min(percent, 99.9);
  if (share.covered > 0) percent = std::max(percent, 0.1);
  return percent;
}

std::string percent_text(const Share& share) {
  return share.total == 0 ? "-" : one_decimal(rounded_percent(share)) + "%";
}

}  // namespace gentle
