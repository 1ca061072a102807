#include "os/core_dumps.h"

#include <sys/resource.h>

#include "os/file.h"

namespace gentle {

CoreDumps core_dumps() {
  CoreDumps dumps;
  dumps.pattern = read_file_if_there("/proc/sys/kernel/core_pattern").value_or("");
  while (dumps.pattern.ends_with('\n')) dumps.pattern.pop_back();
  rlimit limit{};
  dumps.allowed = ::getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur > 0;
  return dumps;
}

}  // namespace gentle
