// Why something fails.
#pragma once

#include <string>

#include "base/error.h"

namespace gentle {

// The cause in the Error that the call throws; "" if it throws none.
template <typename Call>
std::string cause_of_error(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.cause();
  }
  return "";
}

}  // namespace gentle
