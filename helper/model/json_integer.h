// Whole numbers from JSON. Json::get would cut one that does not fit, and reading 1e99 as an
// integer is undefined.
#pragma once

#include <cstdint>
#include <utility>

#include "base/error.h"

namespace gentle {

// Throws Error, with a cause alone, for whatever is not a whole number that Integer can hold.
template <typename Integer, typename Json>
Integer integer_from(const Json& json) {
  const auto in_range = [](auto value) {
    if (!std::in_range<Integer>(value)) throw Error("", "", "a number in it is out of range");
    return static_cast<Integer>(value);
  };
  if (json.is_number_unsigned()) return in_range(json.template get<std::uint64_t>());
  if (json.is_number_integer()) return in_range(json.template get<std::int64_t>());
  throw Error("", "", "expected a whole number, got something else");
}

}  // namespace gentle
