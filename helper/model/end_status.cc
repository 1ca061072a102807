#include "model/end_status.h"

#include <algorithm>

#include "model/signal_name.h"

namespace gentle {

std::string describe(const EndStatus& end) {
  if (end.by_signal) return "death by " + signal_name(end.value);
  return "exit status " + std::to_string(end.value);
}

bool EndRule::accepts(const EndStatus& end, const std::vector<int>& signals_sent) const {
  if (!good.empty()) return std::find(good.begin(), good.end(), end) != good.end();
  if (!end.by_signal) return end.value == 0;
  return std::find(signals_sent.begin(), signals_sent.end(), end.value) != signals_sent.end();
}

}  // namespace gentle
