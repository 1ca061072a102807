#include "coverage/llvm/llvm_export.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::uint32_t kMostLines = 1U << 30U;

// Not a format of llvm-cov; the text says what is wrong.
struct WrongExport {
  std::string cause;
};

std::int64_t sum_of(std::int64_t a, std::int64_t b) { return a > kMost - b ? kMost : a + b; }

std::int64_t bounded(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(count, kMost));
}

// Numbers: "DA:<line>,<count>".
void read_line(std::string_view text, ExportedSource& source) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) throw WrongExport{"a line has no count"};
  const auto line = parse_integer<std::uint32_t>(text.substr(0, comma), 1, kMostLines);
  std::string_view rest = text.substr(comma + 1);
  rest = rest.substr(0, rest.find(','));  // a checksum may follow
  const auto count = parse_integer<std::uint64_t>(rest, 0, UINT64_MAX);
  if (!line || !count) throw WrongExport{"a line has no number or no count"};
  std::int64_t& sum = source.lines[*line];
  sum = sum_of(sum, bounded(*count));
}

// Of a region or a branch.
LlvmNumbers numbers_of(const Json& array, std::size_t least) {
  if (!array.is_array() || array.size() < least) throw WrongExport{"a region is too short"};
  LlvmNumbers values;
  values.reserve(array.size());
  for (const Json& value : array) {
    // Whether a region is of a kind is a number in all releases; other values are of no use.
    values.push_back(value.is_number_unsigned() ? value.get<std::uint64_t>() : 0);
  }
  return values;
}

std::uint32_t line_of(const LlvmNumbers& values) {
  if (values[0] < 1 || values[0] > kMostLines) throw WrongExport{"a region has no line"};
  return static_cast<std::uint32_t>(values[0]);
}

std::uint64_t column_of(const LlvmNumbers& values) { return values[1]; }

constexpr std::size_t kCount = LlvmFunction::kCount;
constexpr std::size_t kFalseCount = LlvmFunction::kFalseCount;
constexpr std::size_t kRegionFile = 5;
constexpr std::size_t kRegionExpanded = 6;
constexpr std::size_t kRegionKind = 7;
constexpr std::size_t kRegionSize = LlvmFunction::kRegionSize;
constexpr std::size_t kBranchFile = 6;
constexpr std::size_t kBranchSize = LlvmFunction::kBranchSize;
constexpr std::size_t kDecisionSize = 7;
constexpr std::size_t kMostTerms = DecisionGraph::kMostTerms;
constexpr std::size_t kSegmentSize = 6;
constexpr std::uint64_t kCodeRegion = 0;
constexpr std::uint64_t kExpansionRegion = 1;

// Where it is in the source: outside of all macros, and in them.
struct Place {
  std::uint64_t file = 0;
  std::uint32_t line = 0;
  std::uint64_t inside = 0;  // column, and the place in the macro
};

// 15 bits of the column where it is written, and of what a macro holds, so that its branches stay
// in their order: 20 bits of the line, 12 of the column, 16 of all macros on the way.
std::uint64_t packed(std::uint64_t column, const LlvmNumbers* inner, std::uint64_t way) {
  const auto bits = [](std::uint64_t value, unsigned count) {
    return std::min(value, (std::uint64_t{1} << count) - 1);
  };
  std::uint64_t place = bits(column, 15) << 48U;
  if (inner == nullptr) return place;
  place |= bits(line_of(*inner), 20) << 28U | bits(column_of(*inner), 12) << 16U;
  return place | (way & 0xffffU);
}

const Json& member(const Json& function, const char* key) {
  const auto found = function.find(key);
  if (found == function.end() || !found->is_array()) {
    throw WrongExport{std::string("a function has no ") + key};
  }
  return *found;
}

// Numbers, more of them in newer releases; whether each term is covered; and since LLVM 22 the ways
// through it that were taken.
LlvmFunction::Decision decision_of(const Json& decision) {
  LlvmFunction::Decision result{numbers_of(decision, kDecisionSize), {}, {}, {}, {}};
  const auto terms = std::find_if(decision.begin(), decision.end(),
                                  [](const Json& value) { return value.is_array(); });
  if (terms == decision.end() || terms->empty()) throw WrongExport{"a decision has no terms"};
  for (const Json& term : *terms) {
    if (!term.is_boolean()) throw WrongExport{"a term of a decision is neither covered nor not"};
    result.covered.push_back(term.get<bool>());
  }
  return result;
}

LlvmFunction function_of(const Json& json) {
  LlvmFunction function;
  for (const Json& file : member(json, "filenames")) {
    function.files.push_back(file.get<std::string>());
  }
  for (const Json& region : member(json, "regions")) {
    function.regions.push_back(numbers_of(region, kRegionSize));
  }
  if (function.regions.empty()) return function;
  function.name = json.value("name", "");
  if (function.name.empty()) throw WrongExport{"a function has no name"};
  line_of(function.regions.front());  // where it begins
  const auto count = json.find("count");
  if (count == json.end() || !count->is_number_unsigned()) {
    throw WrongExport{"a function has no count"};
  }
  function.count = count->get<std::uint64_t>();
  const auto branches = json.find("branches");
  if (branches == json.end()) return function;  // as -skip-branches
  for (const Json& branch : *branches) function.branches.push_back(numbers_of(branch, kBranchSize));
  const auto decisions = json.find("mcdc_records");
  if (decisions == json.end()) return function;  // before clang 18
  for (const Json& decision : *decisions) function.decisions.push_back(decision_of(decision));
  return function;
}

// What one function tells of its sources.
class FunctionCounts {
 public:
  explicit FunctionCounts(const LlvmFunction& function) : function_(function) {
    for (std::size_t i = 0; i < function.regions.size(); ++i) {
      const LlvmNumbers& values = function.regions[i];
      if (values[kRegionKind] == kExpansionRegion) expansions_[values[kRegionExpanded]] = i;
    }
  }

  void add_to(LlvmExport& result) const {
    if (function_.regions.empty()) return;
    const LlvmNumbers& first = function_.regions[0];
    const Place begin = place_of(first, first[kRegionFile]);
    ExportedSource& source = source_at(begin, result);
    ExportedFunction& sum =
        source.functions[{std::string(linker_name(function_.name)), begin.line}];
    sum.count = sum_of(sum.count, bounded(function_.count));
    sum.column = static_cast<std::uint32_t>(std::min<std::uint64_t>(first[1], UINT32_MAX));
    add_regions(sum, result);
    for (const LlvmNumbers& branch : function_.branches) add_branch(branch, result);
    Decided decided;
    for (const auto& decision : function_.decisions) add_decision(decision, decided, result);
  }

 private:
  // Line, column and file of decisions.
  using Decided = std::set<std::array<std::uint64_t, 3>>;

  ExportedSource& source_at(const Place& place, LlvmExport& result) const {
    if (place.file >= function_.files.size()) throw WrongExport{"a region is in no file"};
    return result[function_.files[place.file]];
  }

  // Out of the macros, as far as there are any.
  Place place_of(const LlvmNumbers& numbers, std::uint64_t file) const {
    const LlvmNumbers* at = &numbers;
    const LlvmNumbers* inner = nullptr;
    std::uint64_t way = 0;
    for (std::size_t step = 0; step <= expansions_.size(); ++step) {
      const auto expansion = expansions_.find(file);
      if (expansion == expansions_.end() ||
          function_.regions[expansion->second][kRegionFile] == file) {
        return {file, line_of(*at), packed(column_of(*at), inner, way)};
      }
      if (inner == nullptr) inner = at;
      at = &function_.regions[expansion->second];
      file = (*at)[kRegionFile];
      way = way * 31 + line_of(*at) * std::uint64_t{131} + column_of(*at);
    }
    throw WrongExport{"macros hold each other"};
  }

  void add_regions(ExportedFunction& sum, LlvmExport& result) const {
    std::uint32_t executed = 0;
    std::uint32_t all = 0;
    for (const LlvmNumbers& region : function_.regions) {
      if (region[kRegionKind] != kCodeRegion) continue;
      ++all;
      if (region[kCount] > 0) {
        ++executed;
        continue;
      }
      const Place place{region[kRegionFile], line_of(region), 0};
      source_at(place, result).unexecuted.insert(place.line);
    }
    sum.regions = std::max(sum.regions, all);
    sum.regions_executed = std::max(sum.regions_executed, executed);
  }

  void add_branch(const LlvmNumbers& branch, LlvmExport& result) const {
    const Place place = place_of(branch, branch[kBranchFile]);
    ExportedBranch& sum = source_at(place, result).branches[{place.line, place.inside}];
    sum.taken = sum_of(sum.taken, bounded(branch[kCount]));
    sum.not_taken = sum_of(sum.not_taken, bounded(branch[kFalseCount]));
  }

  void add_decision(const LlvmFunction::Decision& decision, Decided& decided,
                    LlvmExport& result) const {
    const LlvmNumbers& numbers = decision.numbers;
    const std::uint64_t file = decision.file ? *decision.file : file_of(numbers, decided);
    const Place place = place_of(numbers, file);
    ExportedDecision& sum = source_at(place, result).decisions[{place.line, place.inside}];
    const std::size_t shown = std::min(decision.covered.size(), kMostTerms);
    sum.terms = std::max(sum.terms, static_cast<std::uint32_t>(shown));
    for (std::size_t i = 0; i < shown; ++i) {
      if (decision.covered[i]) sum.covered |= std::uint64_t{1} << i;
    }
  }

  // In which file or macro a decision is whose file nobody knows: in that of what stands in it. Of
  // a macro that stands in several places, decisions and terms have the same order.
  std::uint64_t file_of(const LlvmNumbers& decision, Decided& decided) const {
    const auto is_of_it = [&](const LlvmNumbers& inner, std::uint64_t file) {
      const bool is_inside = std::pair(decision[0], decision[1]) <= std::pair(inner[0], inner[1]) &&
                             std::pair(inner[2], inner[3]) <= std::pair(decision[2], decision[3]);
      return is_inside && decided.insert({decision[0], decision[1], file}).second;
    };
    for (const LlvmNumbers& branch : function_.branches) {
      if (is_of_it(branch, branch[kBranchFile])) return branch[kBranchFile];
    }
    for (const LlvmNumbers& region : function_.regions) {
      if (is_of_it(region, region[kRegionFile])) return region[kRegionFile];
    }
    return function_.regions.front()[kRegionFile];
  }

  const LlvmFunction& function_;
  std::map<std::uint64_t, std::size_t> expansions_;  // by the file that a macro is: its region
};

// Nothing if they are others than those of the releases that we know.
std::vector<LlvmSegment> segments_of(const Json& file) {
  std::vector<LlvmSegment> segments;
  const auto found = file.find("segments");
  if (found == file.end() || !found->is_array()) return segments;
  for (const Json& segment : *found) {
    if (!segment.is_array() || segment.size() < kSegmentSize) return {};
    const auto is = [&](std::size_t i) {
      return segment[i].is_boolean() && segment[i].get<bool>();
    };
    const auto number = [&](std::size_t i) {
      return segment[i].is_number_unsigned() ? segment[i].get<std::uint64_t>() : 0;
    };
    if (number(0) > kMostLines) return {};
    segments.push_back({static_cast<std::uint32_t>(number(0)), number(2), is(3), is(4), is(5)});
  }
  return segments;
}

// {"data": [{"files": [...], "functions": [...]}], "type": ..., "version": ...}
constexpr int kEntryDepth = 4;  // of an object in these lists
constexpr int kListDepth = 3;   // of the names of the lists

// Takes each function as soon as it is read, so that the JSON of all is not in memory at once.
class ExportReader {
 public:
  ExportReader(LlvmExport& result, LlvmSegments& segments,
               const std::function<void(LlvmFunction&)>& complete)
      : result_(result), segments_(segments), complete_(complete) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == kListDepth) {
      list_ = parsed.is_string() ? parsed.get<std::string>() : "";
    }
    if (event != Json::parse_event_t::object_end || depth != kEntryDepth) return true;
    if (list_ == "functions") add_function(parsed);
    if (list_ == "files") add_file(parsed);
    return list_ != "functions" && list_ != "files";
  }

 private:
  void add_function(const Json& json) {
    LlvmFunction function = function_of(json);
    if (complete_) complete_(function);
    FunctionCounts(function).add_to(result_);
  }

  void add_file(const Json& json) {
    segments_.emplace(json.value("filename", ""), segments_of(json));
  }

  LlvmExport& result_;
  LlvmSegments& segments_;
  const std::function<void(LlvmFunction&)>& complete_;
  std::string list_;
};

}  // namespace

std::string_view linker_name(std::string_view exported) {
  const std::size_t at = exported.find_last_of(":;");
  return at == std::string_view::npos ? exported : exported.substr(at + 1);
}

void read_exported_lines(std::string_view lcov, const std::string& name, LlvmExport& result) {
  ExportedSource* source = nullptr;
  try {
    while (!lcov.empty()) {
      const std::size_t newline = lcov.find('\n');
      if (newline == std::string_view::npos) throw WrongExport{"it is truncated"};
      const std::string_view line = lcov.substr(0, newline);
      lcov.remove_prefix(newline + 1);
      if (line.starts_with("SF:")) {
        source = &result[std::string(line.substr(3))];
      } else if (line == "end_of_record") {
        source = nullptr;
      } else if (line.starts_with("DA:")) {
        if (source == nullptr) throw WrongExport{"a line is in no source"};
        read_line(line.substr(3), *source);
      }
    }
    if (source != nullptr) throw WrongExport{"it is truncated"};
  } catch (const WrongExport& wrong) {
    throw Error("read lcov export of", name, wrong.cause);
  }
}

LlvmSegments read_exported_functions(std::string_view json, const std::string& name,
                                     LlvmExport& result,
                                     const std::function<void(LlvmFunction&)>& complete) {
  LlvmSegments segments;
  try {
    ExportReader reader(result, segments, complete);
    const Json rest = Json::parse(json, std::ref(reader));
    if (!rest.is_object() || rest.value("type", "") != "llvm.coverage.json.export") {
      throw WrongExport{"it is no JSON of llvm-cov"};
    }
  } catch (const WrongExport& wrong) {
    throw Error("read JSON export of", name, wrong.cause);
  } catch (const Json::exception& error) {
    throw Error("read JSON export of", name, error.what());
  }
  return segments;
}

void add_function(const LlvmFunction& function, LlvmExport& result) {
  try {
    FunctionCounts(function).add_to(result);
  } catch (const WrongExport& wrong) {
    throw Error("", "", wrong.cause);
  }
}

}  // namespace gentle
