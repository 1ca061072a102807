#include "model/coverage_spec.h"

#include <cstdlib>

#include "base/error.h"
#include "model/report_format.h"
#include "model/spec_lines.h"

namespace gentle {
namespace {

constexpr std::string_view kFirstLine = "gentle-coverage 1";
using Text = std::string_view;

std::string parse_format(Text value) {
  if (find_report_format(value) == nullptr) throw WrongSpec{in_quotes(value) + " is no format"};
  return std::string(value);
}

double parse_limit(Text value) {
  const auto percent = parse_percent(value);
  if (!percent) throw WrongSpec{in_quotes(value) + " is no percentage from 0 to 100"};
  return *percent;
}

// The target's name holds no space, the path may.
UncountedProgram parse_uncounted_program(Text value) {
  const std::size_t space = value.find(' ');
  if (space == 0 || space == Text::npos)
    throw WrongSpec{in_quotes(value) + " is no target and file"};
  return {std::string(value.substr(0, space)), parse_absolute(value.substr(space + 1))};
}

constexpr SpecField<CoverageSpec> kFields[] = {
    {"source", [](CoverageSpec& s, Text v) { s.source_dir = parse_absolute(v); }},
    {"build", [](CoverageSpec& s, Text v) { s.build_dir = parse_absolute(v); }},
    {"root", [](CoverageSpec& s, Text v) { s.root = parse_absolute(v); }},
    {"objects", [](CoverageSpec& s, Text v) { s.objects.push_back(parse_absolute(v)); }},
    {"output", [](CoverageSpec& s, Text v) { s.output_dir = parse_absolute(v); }},
    {"config", [](CoverageSpec& s, Text v) { s.config = v; }},
    {"off", [](CoverageSpec& s, Text v) { s.off = v; }},
    {"gcov", [](CoverageSpec& s, Text v) { s.gcov = {parse_absolute(v)}; }},
    {"gcov_argument",
     [](CoverageSpec& s, Text v) {
       if (s.gcov.empty()) throw WrongSpec{"stands before 'gcov'"};
       s.gcov.emplace_back(v);
     }},
    {"gcovr", [](CoverageSpec& s, Text v) { s.gcovr = v; }},
    {"instrumented", [](CoverageSpec& s, Text) { s.instrumented = true; }},
    {"instrumented_file",
     [](CoverageSpec& s, Text v) { s.instrumented_files.push_back(parse_absolute(v)); }},
    {"linked_file", [](CoverageSpec& s, Text v) { s.linked_files.push_back(parse_absolute(v)); }},
    {"uncounted_program",
     [](CoverageSpec& s, Text v) { s.uncounted_programs.push_back(parse_uncounted_program(v)); }},
    {"format", [](CoverageSpec& s, Text v) { s.formats.push_back(parse_format(v)); }},
    {"filter", [](CoverageSpec& s, Text v) { s.filters.emplace_back(v); }},
    {"exclude", [](CoverageSpec& s, Text v) { s.excludes.emplace_back(v); }},
    {"fail_under_line", [](CoverageSpec& s, Text v) { s.fail_under_line = parse_limit(v); }},
    {"fail_under_branch", [](CoverageSpec& s, Text v) { s.fail_under_branch = parse_limit(v); }},
    {"append", [](CoverageSpec& s, Text) { s.append = true; }},
    {"java", [](CoverageSpec& s, Text v) { s.java = parse_absolute(v); }},
    {"jacoco", [](CoverageSpec& s, Text v) { s.jacoco.push_back(parse_absolute(v)); }},
    {"python_branches", [](CoverageSpec& s, Text) { s.python_branches = true; }},
    {"title", [](CoverageSpec& s, Text v) { s.title = v; }},
    {"throw_branches", [](CoverageSpec& s, Text) { s.throw_branches = true; }},
};

void check_whole(const CoverageSpec& spec) {
  if (spec.source_dir.empty()) throw WrongSpec{"'source' is missing"};
  if (spec.build_dir.empty()) throw WrongSpec{"'build' is missing"};
  if (spec.output_dir.empty()) throw WrongSpec{"'output' is missing"};
  if (spec.gcov.empty()) throw WrongSpec{"'gcov' is missing"};
}

}  // namespace

// std::from_chars for double is not in every library.
std::optional<double> parse_percent(std::string_view value) {
  const std::string text(value);
  const bool plain = !text.empty() && text.size() < 20 &&
                     text.find_first_not_of("0123456789.") == std::string::npos &&
                     text.find('.') == text.rfind('.') && text.front() != '.';
  const double percent = plain ? std::strtod(text.c_str(), nullptr) : -1;
  if (percent < 0 || percent > 100) return std::nullopt;
  return percent;
}

CoverageSpec parse_coverage_spec(std::string_view text, const std::string& path) {
  CoverageSpec spec;
  try {
    read_spec_lines(text, kFirstLine, kFields, spec);
    check_whole(spec);
  } catch (const WrongSpec& wrong) {
    throw Error("read coverage spec", path, wrong.cause)
        .hint("run cmake again; add_fixture_coverage writes this file when it configures");
  }
  if (spec.root.empty()) spec.root = spec.source_dir;
  return spec;
}

}  // namespace gentle
