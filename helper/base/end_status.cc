#include "base/end_status.h"

#include "base/signal_name.h"

namespace gentle {

std::string describe(const EndStatus& end) {
  if (end.by_signal) return "death by " + signal_name(end.value);
  return "exit status " + std::to_string(end.value);
}

}  // namespace gentle
