// What add_fixture_coverage asks for: the file that the CMake function writes and `gentle coverage`
// reads.
//
// Text, one record a line, as the spec of a service (model/spec.h). The first line is
// `gentle-coverage 1`, the last one `end`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// A program of the project that is not compiled with counters.
struct UncountedProgram {
  std::string target;
  std::string file;

  bool operator==(const UncountedProgram&) const = default;
};

struct CoverageSpec {
  std::string source_dir;
  std::string build_dir;
  std::string root;  // what paths in reports are relative to; the source folder if not given
  std::vector<std::string> objects;  // folders of object files that another build compiles
  std::string output_dir;            // where the reports go
  std::string config;                // the one configuration that counts; "" if there is only one
  std::string off;                   // why nothing is measured in this configuration; "": it is
  std::vector<std::string> gcov;     // program and first arguments: {"llvm-cov-14", "gcov"}
  std::string gcovr;                 // "": looked up in PATH
  bool instrumented = false;         // INSTRUMENT names targets, so data must come
  // What INSTRUMENT has clang compile: programs, shared libraries and objects. They may be gone.
  std::vector<std::string> instrumented_files;
  // Programs and libraries of the project that it does not compile so, but may link some of it.
  std::vector<std::string> linked_files;
  std::vector<UncountedProgram> uncounted_programs;
  std::vector<std::string> formats;
  std::vector<std::string> filters;
  std::vector<std::string> excludes;
  std::optional<double> fail_under_line;  // percent
  std::optional<double> fail_under_branch;
  bool append = false;
  // Of COVERAGE java: the java of a JDK, and the jars of JaCoCo and ASM. What CMake has not found
  // is not here.
  std::string java;
  std::vector<std::string> jacoco;
  bool python_branches = false;  // coverage.py's configuration asks for them
  std::string title;             // of the reports; "": their usual one
  bool throw_branches = false;   // branches that only an exception takes count
};

// Digits with at most one point, from 0 to 100.
std::optional<double> parse_percent(std::string_view value);

// Throws Error, which names `path` and the line, for whatever is not a whole and valid spec.
CoverageSpec parse_coverage_spec(std::string_view text, const std::string& path);

}  // namespace gentle
