#include "model/coverage_ledger.h"

#include <algorithm>
#include <iterator>

namespace gentle {
namespace {

struct KnownLoss {
  Loss::Code code;
  std::string_view name;
  std::string_view text;  // in front of the detail
};
constexpr KnownLoss kLosses[] = {
    {Loss::Code::kExec, "exec", "it executed another program without writing its counts before"},
    {Loss::Code::kClangGcov, "clang-coverage",
     "clang's --coverage keeps its counters to itself; those of -fprofile-instr-generate "
     "-fcoverage-mapping can be read"},
    {Loss::Code::kUnreadable, "unreadable-counters", "its counters cannot be read: "},
    {Loss::Code::kMemoryGone, "unreadable-memory", "its memory could not be read"},
    {Loss::Code::kNotStored, "not-stored", "what was rescued cannot be written: "},
    {Loss::Code::kAddedToOthers, "added-to-others",
     "it wrote elsewhere, and added to its counts what others had written there"},
    {Loss::Code::kCountsTwice, "counts-twice", "what it wrote for its parent counts twice: "},
    {Loss::Code::kNotFollowed, "not-followed", ""},
    {Loss::Code::k32Bit, "32-bit",
     "it is a 32-bit program, whose counters only its own exit writes"},
    {Loss::Code::kEmulated, "emulated",
     "it is a program that an emulator runs, whose counters only its own exit writes"},
    {Loss::Code::kForkOfUnread, "fork-of-unread",
     "it was forked by a program that cannot be read, whose counts are in what it wrote"},
    {Loss::Code::kEndNotSeen, "end-not-seen", "nobody saw its end"},
    {Loss::Code::kOverLimit, "rescue-limit", "its rescue reached a limit: "},
    {Loss::Code::kEndNotTold, "end-not-told", "nothing told of its end"},
    {Loss::Code::kNoRecorder, "no-recorder", "it recorded none of its lines: "},
    {Loss::Code::kNotRecorded, "not-recorded", "it could not record all of its lines: "},
};

const KnownLoss& known(Loss::Code code) {
  return *std::find_if(std::begin(kLosses), std::end(kLosses),
                       [code](const KnownLoss& loss) { return loss.code == code; });
}

template <typename Counted>
int sum_of(const Counted& counted) {
  int sum = 0;
  for (const auto& [reason, count] : counted) sum += count;
  return sum;
}

}  // namespace

std::string_view loss_code_name(Loss::Code code) { return known(code).name; }

std::optional<Loss::Code> find_loss_code(std::string_view name) {
  for (const KnownLoss& loss : kLosses) {
    if (loss.name == name) return loss.code;
  }
  return std::nullopt;
}

std::string describe(const Loss& loss) { return std::string(known(loss.code).text) + loss.detail; }

int total(const CoverageLedger::Reasons& reasons) { return sum_of(reasons); }
int total(const CoverageLedger::Losses& losses) { return sum_of(losses); }

CoverageLedger::Reasons texts_of(const CoverageLedger::Losses& losses) {
  CoverageLedger::Reasons texts;
  for (const auto& [loss, count] : losses) texts[describe(loss)] += count;
  return texts;
}

int CoverageLedger::instrumented() const {
  return running + written + total(rescued) + total(lost);
}

std::string describe(const CoverageLedger::Reasons& reasons) {
  std::string text;
  for (const auto& [reason, count] : reasons) {
    text += (text.empty() ? "" : ", ") + reason;
    if (count > 1) text += " " + std::to_string(count);
  }
  return text;
}

namespace {

// "3 processes: 1 written, 2 lost (why)"; `why` gives the text behind a number.
template <typename Why>
std::string described(const CoverageLedger& ledger, const Why& why) {
  const int count = ledger.instrumented();
  if (count == 0) return "";
  std::string text = std::to_string(count) + (count == 1 ? " process:" : " processes:");
  const char* separator = " ";
  const auto add = [&](int part, const char* what, const CoverageLedger::Reasons& reasons) {
    if (part == 0) return;
    text += separator + std::to_string(part) + what + why(reasons);
    separator = ", ";
  };
  add(ledger.running, " running", {});
  add(ledger.written, " written", {});
  add(total(ledger.rescued), " rescued", ledger.rescued);
  add(total(ledger.lost), " lost", texts_of(ledger.lost));
  return text;
}

}  // namespace

std::string describe(const CoverageLedger& ledger) {
  return described(ledger, [](const CoverageLedger::Reasons& reasons) {
    return reasons.empty() ? "" : " (" + describe(reasons) + ")";
  });
}

std::string describe_numbers(const CoverageLedger& ledger) {
  return described(ledger, [](const CoverageLedger::Reasons&) { return ""; });
}

}  // namespace gentle
