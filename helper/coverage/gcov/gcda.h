// A .gcda file, the counters of one object file, as a value: read, added up and written as libgcov
// does it. The formats are those of gcov_version.h, little endian.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/gcov/gcov_version.h"

namespace gentle {

struct GcdaFunction {
  // Not there: another object file has the function, a COMDAT, and the linker took its copy. Only
  // its place in the list is written.
  bool present = false;
  std::uint32_t ident = 0;
  std::uint32_t lineno_checksum = 0;
  std::uint32_t cfg_checksum = 0;
  std::array<std::uint32_t, kCounterKinds> counts{};  // of counters, for each kind

  bool operator==(const GcdaFunction&) const = default;
};

struct Gcda {
  std::uint32_t version = 0;
  std::uint32_t stamp = 0;     // of the compilation; the .gcno has the same
  std::uint32_t checksum = 0;  // of the control flow, since gcc 12

  // The record of the object: how many processes have been added up, and the sum of their largest
  // counters.
  std::uint32_t runs = 0;
  std::uint32_t sum_max = 0;

  std::array<bool, kCounterKinds> kinds{};  // which ones every function has
  std::vector<GcdaFunction> functions;
  // Of all functions that are present: function after function, in each kind after kind.
  std::vector<std::int64_t> counters;

  bool operator==(const Gcda&) const = default;
};

// The function is added at the end. Its counters are, in the order of the kinds, the next ones that
// are put at the end of `counters`.
std::uint64_t counters_of(const GcdaFunction& function);

// Throws Error with `name`, the path of the file, and what is wrong with it. Bytes behind the
// record that ends the file are left out, as gcov does.
Gcda parse_gcda(std::string_view bytes, const std::string& name);

// Exactly what libgcov writes.
std::string serialize(const Gcda& data);

// Adds the counters of another process up, as libgcov does when it exits: arcs are summed up (here
// they stop at the largest number, and do not wrap), conditions and paths are sets of bits and are
// united. Throws Error, and changes nothing, if `from` is of another compilation; `name` is its
// path.
void merge(Gcda& into, const Gcda& from, const std::string& name);

}  // namespace gentle
