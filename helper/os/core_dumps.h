// Where the kernel puts the core of a process that crashes: core(5).
#pragma once

#include <string>

namespace gentle {

struct CoreDumps {
  std::string pattern;  // of /proc/sys/kernel/core_pattern; '|' in front: a program takes them
  bool allowed = true;  // this process, and what it starts, may leave any (RLIMIT_CORE)
};

CoreDumps core_dumps();

}  // namespace gentle
