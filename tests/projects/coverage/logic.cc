#include "shared.h"

int compute(int value) {
  Guard guard("x");
  std::vector<int> values{1, 2, value};
  auto limited = [&](int total) {
    if (total > 100) {
      return 5;
    }
    return total;
  };
  try {
    return limited(sum(values));
  } catch (const std::exception& error) {
    return -1;
  } catch (...) {
    throw;
  }
}

void may_throw(int value) {
  Guard guard("y");
  if (value == 7) {
    throw std::string("seven");
  } else {
    value++;
  }
  switch (value) {
    case 1:
      value = 4;
      break;
    default:
      break;
  }
}

int marked(int value) {
  if (value == 12) return 1;  // GCOVR_EXCL_LINE
  // GCOVR_EXCL_START
  if (value == 13) {
    return 2;
  }
  // GCOVR_EXCL_STOP
  return 3;
}
