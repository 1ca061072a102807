// What a program notes of its functions, to find those of which llvm-cov says nothing:
// __llvm_covfun has the places of their lines, __llvm_prf_data their counters. Both name a function
// by a hash. The sections may hold anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace gentle {

// The first eight bytes of the MD5 of a function's name, as LLVM has it.
std::uint64_t llvm_name_hash(const std::string& name);

// Of the functions that __llvm_covfun maps.
std::set<std::uint64_t> mapped_names(std::string_view section);

// Of several functions that have counters of their own in __llvm_prf_data and one name there:
// static ones in files of one name. `record_size` as of LlvmFormat.
std::set<std::uint64_t> shared_names(std::string_view section, std::size_t record_size);

}  // namespace gentle
