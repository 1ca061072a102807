#include "model/coverage_ledger.h"

namespace gentle {

int total(const CoverageLedger::Reasons& reasons) {
  int sum = 0;
  for (const auto& [reason, count] : reasons) sum += count;
  return sum;
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

std::string describe(const CoverageLedger& ledger) {
  const int count = ledger.instrumented();
  if (count == 0) return "";
  std::string text = std::to_string(count) + (count == 1 ? " process:" : " processes:");
  const char* separator = " ";
  const auto add = [&](int part, const char* what, const CoverageLedger::Reasons& reasons) {
    if (part == 0) return;
    text += separator + std::to_string(part) + what;
    if (!reasons.empty()) text += " (" + describe(reasons) + ")";
    separator = ", ";
  };
  add(ledger.running, " running", {});
  add(ledger.written, " written", {});
  add(total(ledger.rescued), " rescued", ledger.rescued);
  add(total(ledger.lost), " lost", ledger.lost);
  return text;
}

}  // namespace gentle
