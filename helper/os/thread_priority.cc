#include "os/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gentle {
namespace {

constexpr int kNice = 10;
// glibc has no names for these: ioprio_set(2).
constexpr int kOfThread = 1;        // IOPRIO_WHO_PROCESS
constexpr int kIdleDisk = 3 << 13;  // IOPRIO_CLASS_IDLE

}  // namespace

void lower_priority_of_this_thread() {
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, thread, kNice);
  ::syscall(SYS_ioprio_set, kOfThread, thread, kIdleDisk);
}

}  // namespace gentle
