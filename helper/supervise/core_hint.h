// What to type to see where a service has crashed.
#pragma once

#include <string>

#include "os/core_dumps.h"

namespace gentle {

struct Crash {
  int pid = 0;               // of the main process; 0: it was another one
  bool left_a_core = false;  // the kernel says so
  std::string folder{};      // the working directory of the service
};

std::string core_hint(const Crash& crash, const CoreDumps& dumps);

}  // namespace gentle
