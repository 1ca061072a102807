#include "cli/start_services.h"

#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/print.h"
#include "cli/test_report.h"
#include "model/ctest_arguments.h"
#include "os/process.h"
#include "os/regex.h"
#include "supervise/client.h"

namespace gentle {
namespace {

// CTest tells nobody that it was asked to leave a service running for its next run: its command
// line does.
AtOwnersEnd wish_of(const ProcessId& ctest, const std::string& fixture) {
  for (const std::string& pattern : excluded_cleanups(arguments_of(ctest.pid))) {
    try {
      if (Regex(pattern).matches(fixture, true, true)) return AtOwnersEnd::kLeave;
    } catch (const Error&) {
      // What CTest takes for a regular expression may be none to us: then it is as without it.
    }
  }
  return AtOwnersEnd::kStop;
}

// Each is printed when it is done, though others may take long.
int told(const Reply& reply) {
  std::FILE* const file = reply.exit_code == kExitOk ? stdout : stderr;
  print(file, reply.text);
  std::fflush(file);
  return reply.exit_code;
}

int start_one(const LoadedSpec& service, const std::optional<ProcessId>& owner) {
  const auto then = owner ? wish_of(*owner, service.spec.name) : AtOwnersEnd::kStop;
  try {
    return told(start_service(service, owner, then, tell_on_stderr));
  } catch (const Error& error) {
    print(stderr, error.message());
    return error.exit_code();
  }
}

int stop_one(const Spec& service, const std::optional<ProcessId>& owner) {
  int code = kExitOk;
  try {
    code = told(stop_service(service, owner, tell_on_stderr));
  } catch (const Error& error) {
    print(stderr, error.message());
    code = error.exit_code();
  }
  print(stdout, said_by_tests(service));
  return code;
}

}  // namespace

int start_services(const std::vector<LoadedSpec>& services, const std::optional<ProcessId>& owner) {
  for (std::size_t i = 0; i < services.size(); ++i) {
    const int code = start_one(services[i], owner);
    if (code == kExitOk) continue;
    std::string rest;
    for (std::size_t j = i + 1; j < services.size(); ++j) {
      rest += (rest.empty() ? "" : ", ") + services[j].spec.name;
    }
    if (!rest.empty()) print(stderr, "gentle: not started for that: " + rest + "\n");
    return code;
  }
  return kExitOk;
}

int stop_services(const std::vector<LoadedSpec>& services, const std::optional<ProcessId>& owner) {
  int worst = kExitOk;
  for (const LoadedSpec& service : services) worst = std::max(worst, stop_one(service.spec, owner));
  return worst;
}

}  // namespace gentle
