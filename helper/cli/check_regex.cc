// Not for people: the CMake functions check READY LOG with it when they configure.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/number.h"
#include "cli/subcommands.h"
#include "model/foreign_regex.h"
#include "os/file.h"
#include "os/regex.h"

namespace gentle {
namespace {

// The C library compiles x{1,30000} into gigabytes, and a supervisor would do so at each start.
constexpr std::uint64_t kMostMemory = std::uint64_t{64} << 20;

// Sanitizers reserve and take memory of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCanLimit = false;
#else
constexpr bool kCanLimit = true;
#endif

// From here on this process gets no more memory than that. Where it cannot be known how much it
// has, nothing is limited.
void limit_memory() {
  const std::string pages = read_file_if_there("/proc/self/statm").value_or("");
  const auto size =
      parse_integer<std::uint64_t>(pages.substr(0, pages.find(' ')), 0, UINT64_MAX >> 32);
  if (!kCanLimit || !size) return;
  const rlim_t limit = *size * static_cast<std::uint64_t>(::getpagesize()) + kMostMemory;
  rlimit old{};
  if (::getrlimit(RLIMIT_AS, &old) != 0 || old.rlim_cur <= limit) return;
  old.rlim_cur = limit;
  ::setrlimit(RLIMIT_AS, &old);
}

}  // namespace

int run_check_regex(const Arguments& arguments) {
  if (arguments.size() != 1) throw Error("check regex", "", "takes one").exit_code(kExitUsage);
  // First, since the C library calls some of that wrong, and takes the rest for something else.
  const std::string foreign = foreign_syntax(arguments[0]);
  if (!foreign.empty()) throw Error("read regex", arguments[0], foreign).exit_code(kExitFailed);
  limit_memory();
  try {
    const Regex regex(arguments[0]);
  } catch (Error& error) {
    throw error.exit_code(kExitFailed);
  }
  return kExitOk;
}

}  // namespace gentle
