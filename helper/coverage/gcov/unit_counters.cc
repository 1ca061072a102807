#include "coverage/gcov/unit_counters.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

constexpr std::size_t kCounterBytes = 8;
constexpr std::size_t kFunctionBytes = 12;  // ident, two checksums
constexpr std::size_t kUnknownFunction = SIZE_MAX;

std::uint32_t counter_tag(CounterKind kind) {
  return kGcdaCounterTag + (index_of(kind) << kGcdaCounterTagShift);
}

class CountersParser {
 public:
  CountersParser(std::string_view bytes, const UnitNotes& notes)
      : reader_(bytes), notes_(notes), counters_(no_counters(notes)) {}

  UnitCounters parse() {
    if (!is_of_notes()) {
      counters_.fault = CountersFault::kForeign;
      return std::move(counters_);
    }
    while (const auto record = reader_.next()) {
      if (take(*record)) continue;
      counters_.fault = CountersFault::kMismatched;
      return std::move(counters_);
    }
    if (reader_.is_truncated()) counters_.fault = CountersFault::kTruncated;
    return std::move(counters_);
  }

 private:
  bool is_of_notes() const {
    const GcdaHeader& header = reader_.header();
    return reader_.is_gcda() && header.version == notes_.header.version &&
           header.stamp == notes_.header.stamp && header.big_endian == notes_.header.big_endian;
  }

  // Whether the record is as the notes say. Those of other kinds are passed over.
  bool take(const GcdaRecord& record) {
    if (record.tag == kGcdaFunctionTag) return begin_function(record);
    if (function_ == kUnknownFunction) return true;
    if (record.tag == counter_tag(CounterKind::kArcs)) {
      const NotesRange& range = counters_.arcs_of_functions[function_];
      return add(record, std::span(counters_.arcs).subspan(range.begin, range.size));
    }
    if (record.tag == counter_tag(CounterKind::kConditions)) {
      const NotesRange& range = notes_.functions[function_].decisions;
      const auto all = std::span(counters_.decisions);
      return add(record, all.subspan(2 * std::size_t{range.begin}, 2 * std::size_t{range.size}));
    }
    return true;
  }

  // An empty record keeps the place of a function that another object has.
  bool begin_function(const GcdaRecord& record) {
    function_ = kUnknownFunction;
    if (record.bytes.empty()) return true;
    if (record.bytes.size() < kFunctionBytes) return false;
    function_ = find(record.word(0));
    if (function_ == kUnknownFunction) return true;
    const FunctionNotes& function = notes_.functions[function_];
    return record.word(1) == function.lines_checksum && record.word(2) == function.flow_checksum;
  }

  // Both files have the functions in one order, as a rule.
  std::size_t find(std::uint32_t ident) {
    if (next_ < notes_.functions.size() && notes_.functions[next_].ident == ident) return next_++;
    if (places_.empty()) {
      for (std::size_t i = 0; i < notes_.functions.size(); ++i) {
        places_[notes_.functions[i].ident] = i;
      }
    }
    const auto found = places_.find(ident);
    if (found == places_.end()) return kUnknownFunction;
    next_ = found->second + 1;
    return found->second;
  }

  static bool add(const GcdaRecord& record, std::span<std::uint64_t> counters) {
    if (record.bytes.size() + record.zeros != counters.size() * kCounterBytes) return false;
    if (record.zeros > 0) return true;
    for (std::size_t i = 0; i < counters.size(); ++i) counters[i] += record.counter(i);
    return true;
  }

  GcdaReader reader_;
  const UnitNotes& notes_;
  UnitCounters counters_;
  std::size_t function_ = kUnknownFunction;  // whose counters follow
  std::size_t next_ = 0;
  std::unordered_map<std::uint32_t, std::size_t> places_;  // by ident; made when it is needed
};

}  // namespace

std::span<const std::uint64_t> UnitCounters::arcs_of(std::size_t function) const {
  const NotesRange& range = arcs_of_functions[function];
  return std::span(arcs).subspan(range.begin, range.size);
}

std::span<const std::uint64_t> UnitCounters::decisions_of(const FunctionNotes& function) const {
  return std::span(decisions).subspan(2 * std::size_t{function.decisions.begin},
                                      2 * std::size_t{function.decisions.size});
}

UnitCounters no_counters(const UnitNotes& notes) {
  UnitCounters counters;
  std::uint32_t total = 0;
  counters.arcs_of_functions.reserve(notes.functions.size());
  for (const FunctionNotes& function : notes.functions) {
    const auto arcs = notes.arcs_of(function);
    const auto counted = static_cast<std::uint32_t>(std::count_if(
        arcs.begin(), arcs.end(), [](const NotesArc& arc) { return arc.has_counter(); }));
    counters.arcs_of_functions.push_back({total, counted});
    total += counted;
  }
  counters.arcs.resize(total);
  counters.decisions.resize(2 * notes.decisions.size());
  return counters;
}

UnitCounters read_unit_counters(std::string_view bytes, const UnitNotes& notes) {
  return CountersParser(bytes, notes).parse();
}

}  // namespace gentle
