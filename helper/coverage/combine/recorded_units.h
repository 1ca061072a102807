// The counters of objects and programs as runs have left them: of each its functions, as bytes that
// are equal for equal functions, and what they have counted.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "coverage/combine/packed.h"
#include "coverage/combine/packed_function.h"
#include "coverage/combine/packed_llvm.h"
#include "coverage/gcov/unit_counters.h"
#include "coverage/gcov/unit_notes.h"

namespace gentle {

// What the runs of one object have counted, function by function.
struct UnitCounts {
  std::vector<std::uint64_t> sums;       // of arcs; or of clang's regions and branches
  std::vector<std::uint64_t> decisions;  // sets of bits, which unite
};

struct UnitRecord {
  std::string object;                  // relative to its build folder
  std::vector<std::string> functions;  // as pack_function gives them
  UnitCounts counts;
};

// Of an object of gcc.
UnitRecord record_unit(const std::string& object, const UnitNotes& notes,
                       const UnitCounters& counters, const SourceNaming& name_of);

// Of a program of clang's source-based coverage.
UnitRecord record_program(const std::string& program, const std::vector<PackedPart>& parts);

// What runs have counted of many objects of one kind.
class RecordedUnits {
 public:
  RecordedUnits() = default;
  RecordedUnits(RecordedUnits&&) = default;
  RecordedUnits& operator=(RecordedUnits&&) = default;
  RecordedUnits(const RecordedUnits&) = delete;  // keys point to functions
  RecordedUnits& operator=(const RecordedUnits&) = delete;

  // Adds the counters, if the object is known with equal functions.
  void add(UnitRecord unit);
  void add(const RecordedUnits& other);

  using Functions = std::vector<const std::string*>;  // in `functions_`
  // By the name of the object, and by its functions: the same object with others is another one.
  using Key = std::pair<std::string, Functions>;
  const std::map<Key, UnitCounts>& units() const { return units_; }

  void pack(Packer& packer) const;
  // How many counters a function has. Throws Error, with a cause alone, for bytes that are none.
  using CounterNumbersOf = std::function<CounterNumbers(std::string_view function)>;
  // What pack() has written. Throws Error, with a cause alone.
  static RecordedUnits unpack(Unpacker& unpacker, const CounterNumbersOf& numbers_of);

 private:
  void add(Key key, UnitCounts counts);
  std::unordered_map<const std::string*, std::uint64_t> pack_functions(Packer& packer) const;

  std::unordered_set<std::string> functions_;  // each once: objects share those of headers
  std::map<Key, UnitCounts> units_;
};

}  // namespace gentle
