#include "coverage/combine/recorded_units.h"

#include <algorithm>
#include <functional>
#include <span>
#include <tuple>

namespace gentle {

UnitRecord record_unit(const std::string& object, const UnitNotes& notes,
                       const UnitCounters& counters, const SourceNaming& name_of) {
  UnitRecord unit{object, {}, {}};
  const auto append = [](std::vector<std::uint64_t>& all, std::span<const std::uint64_t> more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  for (std::size_t i = 0; i < notes.functions.size(); ++i) {
    const FunctionNotes& function = notes.functions[i];
    if (!is_shown(notes, function, name_of)) continue;
    unit.functions.push_back(pack_function(notes, function, name_of));
    append(unit.counts.sums, counters.arcs_of(i));
    append(unit.counts.decisions, counters.decisions_of(function));
  }
  unit.counts.sums.shrink_to_fit();
  return unit;
}

UnitRecord record_program(const std::string& program, const std::vector<PackedPart>& parts) {
  UnitRecord unit{program, {}, {}};
  for (const PackedPart& part : parts) {
    unit.functions.push_back(part.bytes);
    unit.counts.sums.insert(unit.counts.sums.end(), part.counts.begin(), part.counts.end());
  }
  return unit;
}

void RecordedUnits::add(UnitRecord unit) {
  Functions functions;
  functions.reserve(unit.functions.size());
  for (std::string& function : unit.functions) {
    functions.push_back(&*functions_.insert(std::move(function)).first);
  }
  add({std::move(unit.object), std::move(functions)}, std::move(unit.counts));
}

void RecordedUnits::add(Key key, UnitCounts counts) {
  const auto [unit, is_new] = units_.try_emplace(std::move(key), std::move(counts));
  if (is_new) return;
  UnitCounts& sum = unit->second;
  for (std::size_t i = 0; i < counts.sums.size(); ++i) {
    sum.sums[i] += std::min(counts.sums[i], UINT64_MAX - sum.sums[i]);
  }
  for (std::size_t i = 0; i < counts.decisions.size(); ++i) sum.decisions[i] |= counts.decisions[i];
}

void RecordedUnits::add(const RecordedUnits& other) {
  for (const auto& [key, counts] : other.units_) {
    Functions functions;
    functions.reserve(key.second.size());
    for (const std::string* function : key.second) {
      functions.push_back(&*functions_.insert(*function).first);
    }
    add({key.first, std::move(functions)}, counts);
  }
}

// Gives back the number of each: in the order of their bytes.
std::unordered_map<const std::string*, std::uint64_t> RecordedUnits::pack_functions(
    Packer& packer) const {
  std::vector<const std::string*> sorted;
  sorted.reserve(functions_.size());
  for (const std::string& function : functions_) sorted.push_back(&function);
  std::sort(sorted.begin(), sorted.end(),
            [](const std::string* a, const std::string* b) { return *a < *b; });
  std::unordered_map<const std::string*, std::uint64_t> numbers;
  numbers.reserve(sorted.size());
  packer.number(sorted.size());
  for (const std::string* function : sorted) {
    packer.text(*function);
    numbers.emplace(function, numbers.size());
  }
  return numbers;
}

namespace {

struct NumberedUnit {
  std::string_view object;
  std::vector<std::uint64_t> functions;
  std::reference_wrapper<const UnitCounts> counts;
};

}  // namespace

void RecordedUnits::pack(Packer& packer) const {
  const auto numbers = pack_functions(packer);
  // By numbers, and not by where the functions happen to be in memory.
  std::vector<NumberedUnit> units;
  units.reserve(units_.size());
  for (const auto& [key, counts] : units_) {
    NumberedUnit& unit = units.emplace_back(NumberedUnit{key.first, {}, counts});
    unit.functions.reserve(key.second.size());
    for (const std::string* function : key.second) unit.functions.push_back(numbers.at(function));
  }
  std::sort(units.begin(), units.end(), [](const NumberedUnit& a, const NumberedUnit& b) {
    return std::tie(a.object, a.functions) < std::tie(b.object, b.functions);
  });
  packer.number(units.size());
  for (const NumberedUnit& unit : units) {
    packer.text(unit.object);
    packer.numbers(unit.functions);
    packer.numbers(unit.counts.get().sums);
    packer.numbers(unit.counts.get().decisions);
  }
}

namespace {

struct KnownFunction {
  const std::string* bytes;
  CounterNumbers counters;
};

std::vector<std::uint64_t> unpack_counters(Unpacker& unpacker, std::size_t expected) {
  std::vector<std::uint64_t> counters(unpacker.count());
  if (counters.size() != expected) throw damaged("its counters do not belong to its functions");
  for (std::uint64_t& counter : counters) counter = unpacker.number();
  return counters;
}

}  // namespace

// Each function is read once, so that a damaged one is known before anything is added.
RecordedUnits RecordedUnits::unpack(Unpacker& unpacker, const CounterNumbersOf& numbers_of) {
  RecordedUnits result;
  std::vector<KnownFunction> known;
  for (std::size_t count = unpacker.count(); count > 0; --count) {
    const std::string_view bytes = unpacker.text();
    const CounterNumbers numbers = numbers_of(bytes);
    known.push_back({&*result.functions_.emplace(bytes).first, numbers});
  }
  for (std::size_t count = unpacker.count(); count > 0; --count) {
    Key key{std::string(unpacker.text()), {}};
    CounterNumbers expected;
    for (std::size_t functions = unpacker.count(); functions > 0; --functions) {
      const std::uint64_t number = unpacker.number();
      if (number >= known.size()) throw damaged("it names a function that is not there");
      key.second.push_back(known[number].bytes);
      expected.sums += known[number].counters.sums;
      expected.decisions += known[number].counters.decisions;
    }
    UnitCounts counts;
    counts.sums = unpack_counters(unpacker, expected.sums);
    counts.decisions = unpack_counters(unpacker, expected.decisions);
    result.add(std::move(key), std::move(counts));
  }
  return result;
}

}  // namespace gentle
