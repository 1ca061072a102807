#include "model/end_rule.h"

#include <algorithm>

namespace gentle {

bool EndRule::accepts(const EndStatus& end, const std::vector<int>& signals_sent) const {
  if (!good.empty()) return std::find(good.begin(), good.end(), end) != good.end();
  if (!end.by_signal) return end.value == 0;
  return std::find(signals_sent.begin(), signals_sent.end(), end.value) != signals_sent.end();
}

}  // namespace gentle
