// What `llvm-cov export` tells of a program: lines from its lcov text, which are the counts that
// `llvm-cov show` prints, whatever the release; functions and branches from its JSON, which has
// their places. It is read as it comes: as input from outside.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace gentle {

// A condition: how often it was true and false.
struct ExportedBranch {
  std::int64_t taken = 0;
  std::int64_t not_taken = 0;

  bool operator==(const ExportedBranch&) const = default;
};

struct ExportedFunction {
  std::int64_t count = 0;
  std::uint32_t regions = 0;
  std::uint32_t regions_executed = 0;

  bool operator==(const ExportedFunction&) const = default;
};

struct ExportedSource {
  std::map<std::uint32_t, std::int64_t> lines;
  // By the line where it stands, or the macro that holds it, and its place there (branch_place()).
  // Instances of a template are added up.
  std::map<std::pair<std::uint32_t, std::uint64_t>, ExportedBranch> branches;
  // By the name that the linker knows and the line where the body begins.
  std::map<std::pair<std::string, std::uint32_t>, ExportedFunction> functions;
  std::set<std::uint32_t> unexecuted;  // a region begins there that was never executed

  bool operator==(const ExportedSource&) const = default;
};

using LlvmExport = std::map<std::string, ExportedSource>;  // by the name that the compiler gave

// Of `llvm-cov export -format=lcov`: adds the lines. `name` is for messages. Throws Error if the
// text is no such one.
void read_exported_lines(std::string_view lcov, const std::string& name, LlvmExport& result);

// Of `llvm-cov export -format=text`: adds functions and branches. Throws Error if it is no such
// JSON.
void read_exported_functions(std::string_view json, const std::string& name, LlvmExport& result);

// The name without the file that llvm-cov puts before that of a function of one file only:
// "a.cc:_ZL3onev" (clang 14), "a.cc;_ZL3onev" (clang 19).
std::string_view linker_name(std::string_view exported);

}  // namespace gentle
