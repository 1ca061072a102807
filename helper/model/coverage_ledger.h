// What became of the counters of every instrumented process of a service or of a test.
#pragma once

#include <map>
#include <string>

namespace gentle {

struct CoverageLedger {
  using Reasons = std::map<std::string, int>;  // processes, by the reason

  int running = 0;  // processes that have not ended
  int written = 0;  // whose own runtime has written them
  Reasons rescued;  // read from outside, because of what ended them: "SIGKILL", "_exit"
  Reasons lost;     // and why

  int instrumented() const;

  bool operator==(const CoverageLedger&) const = default;
};

// For this one, a handler of the gentle signal is no remedy.
inline constexpr const char* kLostByExec =
    "it executed another program without writing its counts before";

// What the compiler's option has to be for its counts to be rescued.
inline constexpr const char* kLostByClangGcov =
    "clang's --coverage keeps its counters to itself; those of -fprofile-instr-generate "
    "-fcoverage-mapping can be read";

int total(const CoverageLedger::Reasons& reasons);

// "3 processes: 1 running, 1 written, 1 rescued (SIGKILL)"; "" if there was none.
std::string describe(const CoverageLedger& ledger);

// "SIGKILL 2, _exit", the number where it is more than one.
std::string describe(const CoverageLedger::Reasons& reasons);

}  // namespace gentle
