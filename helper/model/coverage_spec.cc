#include "model/coverage_spec.h"

#include <cstdlib>
#include <utility>

#include "base/error.h"
#include "model/nearest.h"
#include "model/report_format.h"

namespace gentle {
namespace {

constexpr std::string_view kFirstLine = "gentle-coverage 1";
constexpr std::string_view kLastLine = "end";

using Text = std::string_view;

// What a line can be wrong about; the reader adds file and line.
struct Wrong {
  std::string cause;
};

std::string in_quotes(Text text) { return "'" + std::string(text) + "'"; }

std::string parse_absolute(Text value) {
  if (value.empty() || value.front() != '/') throw Wrong{in_quotes(value) + " is no absolute path"};
  return std::string(value);
}

std::string parse_format(Text value) {
  if (find_report_format(value) == nullptr) throw Wrong{in_quotes(value) + " is no format"};
  return std::string(value);
}

// Digits with at most one point, from 0 to 100; std::from_chars for double is not in every library.
double parse_percent(Text value) {
  const std::string text(value);
  const bool plain = !text.empty() && text.size() < 20 &&
                     text.find_first_not_of("0123456789.") == std::string::npos &&
                     text.find('.') == text.rfind('.') && text.front() != '.';
  const double percent = plain ? std::strtod(text.c_str(), nullptr) : -1;
  if (percent < 0 || percent > 100)
    throw Wrong{in_quotes(value) + " is no percentage from 0 to 100"};
  return percent;
}

struct Field {
  Text key;
  void (*read)(CoverageSpec&, Text);
};

constexpr Field kFields[] = {
    {"source", [](CoverageSpec& s, Text v) { s.source_dir = parse_absolute(v); }},
    {"build", [](CoverageSpec& s, Text v) { s.build_dir = parse_absolute(v); }},
    {"output", [](CoverageSpec& s, Text v) { s.output_dir = parse_absolute(v); }},
    {"config", [](CoverageSpec& s, Text v) { s.config = v; }},
    {"off", [](CoverageSpec& s, Text v) { s.off = v; }},
    {"gcov", [](CoverageSpec& s, Text v) { s.gcov = {parse_absolute(v)}; }},
    {"gcov_argument",
     [](CoverageSpec& s, Text v) {
       if (s.gcov.empty()) throw Wrong{"stands before 'gcov'"};
       s.gcov.emplace_back(v);
     }},
    {"gcovr", [](CoverageSpec& s, Text v) { s.gcovr = v; }},
    {"instrumented", [](CoverageSpec& s, Text) { s.instrumented = true; }},
    {"format", [](CoverageSpec& s, Text v) { s.formats.push_back(parse_format(v)); }},
    {"filter", [](CoverageSpec& s, Text v) { s.filters.emplace_back(v); }},
    {"exclude", [](CoverageSpec& s, Text v) { s.excludes.emplace_back(v); }},
    {"fail_under_line", [](CoverageSpec& s, Text v) { s.fail_under_line = parse_percent(v); }},
    {"fail_under_branch", [](CoverageSpec& s, Text v) { s.fail_under_branch = parse_percent(v); }},
    {"append", [](CoverageSpec& s, Text) { s.append = true; }},
};

void read_line(CoverageSpec& spec, Text line) {
  const std::size_t space = line.find(' ');
  const Text key = line.substr(0, space);
  const Text value = space == Text::npos ? Text{} : line.substr(space + 1);
  if (value.find('\0') != Text::npos) throw Wrong{"holds a NUL byte"};
  for (const Field& field : kFields) {
    if (field.key != key) continue;
    try {
      field.read(spec, value);
    } catch (const Wrong& wrong) {
      throw Wrong{in_quotes(key) + ": " + wrong.cause};
    }
    return;
  }
  std::vector<std::string> known;
  for (const Field& field : kFields) known.emplace_back(field.key);
  const std::string near = nearest(key, known);
  throw Wrong{"unknown key " + in_quotes(key) +
              (near.empty() ? "" : ", did you mean '" + near + "'?")};
}

void check_whole(const CoverageSpec& spec) {
  if (spec.source_dir.empty()) throw Wrong{"'source' is missing"};
  if (spec.build_dir.empty()) throw Wrong{"'build' is missing"};
  if (spec.output_dir.empty()) throw Wrong{"'output' is missing"};
  if (spec.gcov.empty()) throw Wrong{"'gcov' is missing"};
}

Error wrong_spec(const std::string& path, const std::string& cause) {
  return Error("read coverage spec", path, cause)
      .hint("run cmake again; add_fixture_coverage writes this file when it configures");
}

}  // namespace

CoverageSpec parse_coverage_spec(std::string_view text, const std::string& path) {
  CoverageSpec spec;
  bool ended = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t newline = text.find('\n');
    const Text line = text.substr(0, newline);
    text.remove_prefix(newline == Text::npos ? text.size() : newline + 1);
    try {
      if (ended) throw Wrong{"text after 'end'"};
      if (number == 1) {
        if (line != kFirstLine) throw Wrong{"is not 'gentle-coverage 1'"};
      } else if (line == kLastLine) {
        ended = true;
      } else {
        read_line(spec, line);
      }
    } catch (const Wrong& wrong) {
      throw wrong_spec(path, "line " + std::to_string(number) + ": " + wrong.cause);
    }
  }
  if (!ended) throw wrong_spec(path, "it is truncated: its last line is not 'end'");
  try {
    check_whole(spec);
  } catch (const Wrong& wrong) {
    throw wrong_spec(path, wrong.cause);
  }
  return spec;
}

}  // namespace gentle
