// What became of the counters of every instrumented process of a service or of a test.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace gentle {

// Why the counts of a process are lost. `detail` is for people, and says more where there is more.
struct Loss {
  enum class Code {
    kExec,           // it executed another program without writing its counts before
    kClangGcov,      // clang's --coverage, which cannot be read, and has not written
    kUnreadable,     // its counters are not as a runtime makes them: detail
    kMemoryGone,     // its memory could not be read
    kNotStored,      // what was read of it cannot be written: detail
    kAddedToOthers,  // what it wrote went elsewhere, and its memory holds what was there before
    kCountsTwice,    // what it wrote for its parent is counted twice: detail
    kNotFollowed,    // it is not traced, and ended without writing: detail
    k32Bit,          // a 32-bit program, which cannot be read, and has not written
    kEmulated,       // the same, of one that an emulator runs
    kForkOfUnread,   // what it wrote holds the counts of its parent, which cannot be read
    kEndNotSeen,     // nobody saw its end
    kOverLimit,      // to read and write it takes more than one process may: detail
    kEndNotTold,     // its end was seen too late to read anything
    kNoRecorder,     // an interpreter that has recorded nothing: detail
    kNotRecorded,    // some of what it executed could not be recorded: detail
  };
  Code code{};
  std::string detail;

  bool operator==(const Loss&) const = default;
  bool operator<(const Loss& other) const {
    return std::tie(code, detail) < std::tie(other.code, other.detail);
  }
};

// The stable name of a code, for scripts: "exec"; and back, nothing for another word.
std::string_view loss_code_name(Loss::Code code);
std::optional<Loss::Code> find_loss_code(std::string_view name);

// "it executed another program without writing its counts before"
std::string describe(const Loss& loss);

struct CoverageLedger {
  using Reasons = std::map<std::string, int>;  // processes, by the reason
  using Losses = std::map<Loss, int>;

  int running = 0;  // processes that have not ended
  int written = 0;  // that came to the end at which their runtime writes, or recorded as they ran
  Reasons rescued;  // read from outside, because of what ended them: "SIGKILL", "_exit"
  Losses lost;
  // For people: "pid 4711 (./server --worker)". Not in the state.
  std::map<Loss, std::string> first_lost = {};

  int instrumented() const;

  bool operator==(const CoverageLedger&) const = default;
};

int total(const CoverageLedger::Reasons& reasons);
int total(const CoverageLedger::Losses& losses);

// "3 processes: 1 running, 1 written, 1 rescued (SIGKILL)"; "" if there was none.
std::string describe(const CoverageLedger& ledger);

// The same without reasons and signals: "3 processes: 1 running, 1 written, 1 rescued".
std::string describe_numbers(const CoverageLedger& ledger);

// "SIGKILL 2, _exit", the number where it is more than one.
std::string describe(const CoverageLedger::Reasons& reasons);

// By what describe() says of each.
CoverageLedger::Reasons texts_of(const CoverageLedger::Losses& losses);

}  // namespace gentle
