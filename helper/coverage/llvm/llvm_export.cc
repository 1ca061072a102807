#include "coverage/llvm/llvm_export.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
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

// The numbers of a region or a branch, as they stand in the JSON.
struct Numbers {
  explicit Numbers(const Json& array, std::size_t least) {
    if (!array.is_array() || array.size() < least) throw WrongExport{"a region is too short"};
    for (const Json& value : array) {
      // Whether a region is of a kind is a number in all releases; other values are of no use.
      values.push_back(value.is_number_unsigned() ? value.get<std::uint64_t>() : 0);
    }
  }

  std::uint32_t line() const {
    if (values[0] < 1 || values[0] > kMostLines) throw WrongExport{"a region has no line"};
    return static_cast<std::uint32_t>(values[0]);
  }
  std::uint64_t column() const { return values[1]; }

  std::vector<std::uint64_t> values;
};

constexpr std::size_t kCount = 4;
constexpr std::size_t kRegionFile = 5;
constexpr std::size_t kRegionExpanded = 6;
constexpr std::size_t kRegionKind = 7;
constexpr std::size_t kRegionSize = 8;
constexpr std::size_t kFalseCount = 5;
constexpr std::size_t kBranchFile = 6;
constexpr std::size_t kBranchSize = 9;
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
std::uint64_t packed(std::uint64_t column, const Numbers* inner, std::uint64_t way) {
  const auto bits = [](std::uint64_t value, unsigned count) {
    return std::min(value, (std::uint64_t{1} << count) - 1);
  };
  std::uint64_t place = bits(column, 15) << 48U;
  if (inner == nullptr) return place;
  place |= bits(inner->line(), 20) << 28U | bits(inner->column(), 12) << 16U;
  return place | (way & 0xffffU);
}

// One function of the JSON.
class FunctionReader {
 public:
  explicit FunctionReader(const Json& function) : function_(function) {
    for (const Json& file : member("filenames")) files_.push_back(file.get<std::string>());
    for (const Json& region : member("regions")) regions_.emplace_back(region, kRegionSize);
    for (std::size_t i = 0; i < regions_.size(); ++i) {
      const auto& values = regions_[i].values;
      if (values[kRegionKind] == kExpansionRegion) expansions_[values[kRegionExpanded]] = i;
    }
  }

  void add_to(LlvmExport& result) const {
    if (regions_.empty()) return;
    const std::string name = function_.value("name", "");
    if (name.empty()) throw WrongExport{"a function has no name"};
    const Place begin = place_of(regions_[0], regions_[0].values[kRegionFile]);
    ExportedSource& source = source_at(begin, result);
    ExportedFunction& sum = source.functions[{std::string(linker_name(name)), begin.line}];
    const auto count = function_.find("count");
    if (count == function_.end() || !count->is_number_unsigned()) {
      throw WrongExport{"a function has no count"};
    }
    sum.count = sum_of(sum.count, bounded(count->get<std::uint64_t>()));
    add_regions(sum, result);
    const auto branches = function_.find("branches");
    if (branches == function_.end()) return;  // as -skip-branches
    for (const Json& branch : *branches) add_branch(Numbers(branch, kBranchSize), result);
  }

 private:
  const Json& member(const char* key) const {
    const auto found = function_.find(key);
    if (found == function_.end() || !found->is_array()) {
      throw WrongExport{std::string("a function has no ") + key};
    }
    return *found;
  }

  ExportedSource& source_at(const Place& place, LlvmExport& result) const {
    if (place.file >= files_.size()) throw WrongExport{"a region is in no file"};
    return result[files_[place.file]];
  }

  // Out of the macros, as far as there are any.
  Place place_of(const Numbers& numbers, std::uint64_t file) const {
    const Numbers* at = &numbers;
    const Numbers* inner = nullptr;
    std::uint64_t way = 0;
    for (std::size_t step = 0; step <= expansions_.size(); ++step) {
      const auto expansion = expansions_.find(file);
      if (expansion == expansions_.end() ||
          regions_[expansion->second].values[kRegionFile] == file) {
        return {file, at->line(), packed(at->column(), inner, way)};
      }
      if (inner == nullptr) inner = at;
      at = &regions_[expansion->second];
      file = at->values[kRegionFile];
      way = way * 31 + at->line() * std::uint64_t{131} + at->column();
    }
    throw WrongExport{"macros hold each other"};
  }

  void add_regions(ExportedFunction& sum, LlvmExport& result) const {
    std::uint32_t executed = 0;
    std::uint32_t all = 0;
    for (const Numbers& region : regions_) {
      if (region.values[kRegionKind] != kCodeRegion) continue;
      ++all;
      if (region.values[kCount] > 0) {
        ++executed;
        continue;
      }
      const Place place{region.values[kRegionFile], region.line(), 0};
      source_at(place, result).unexecuted.insert(place.line);
    }
    sum.regions = std::max(sum.regions, all);
    sum.regions_executed = std::max(sum.regions_executed, executed);
  }

  void add_branch(const Numbers& branch, LlvmExport& result) const {
    const Place place = place_of(branch, branch.values[kBranchFile]);
    ExportedBranch& sum = source_at(place, result).branches[{place.line, place.inside}];
    sum.taken = sum_of(sum.taken, bounded(branch.values[kCount]));
    sum.not_taken = sum_of(sum.not_taken, bounded(branch.values[kFalseCount]));
  }

  const Json& function_;
  std::vector<std::string> files_;
  std::vector<Numbers> regions_;
  std::map<std::uint64_t, std::size_t> expansions_;  // by the file that a macro is: its region
};

// {"data": [{"files": [...], "functions": [...]}], "type": ..., "version": ...}
constexpr int kEntryDepth = 4;  // of an object in these lists
constexpr int kListDepth = 3;   // of the names of the lists

// Takes each function as soon as it is read, so that not all of them are in memory at once.
class ExportReader {
 public:
  explicit ExportReader(LlvmExport& result) : result_(result) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == kListDepth) {
      list_ = parsed.is_string() ? parsed.get<std::string>() : "";
    }
    if (event != Json::parse_event_t::object_end || depth != kEntryDepth) return true;
    if (list_ == "functions") FunctionReader(parsed).add_to(result_);
    return list_ != "functions" && list_ != "files";
  }

 private:
  LlvmExport& result_;
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

void read_exported_functions(std::string_view json, const std::string& name, LlvmExport& result) {
  try {
    ExportReader reader(result);
    const Json rest = Json::parse(json, std::ref(reader));
    if (!rest.is_object() || rest.value("type", "") != "llvm.coverage.json.export") {
      throw WrongExport{"it is no JSON of llvm-cov"};
    }
  } catch (const WrongExport& wrong) {
    throw Error("read JSON export of", name, wrong.cause);
  } catch (const Json::exception& error) {
    throw Error("read JSON export of", name, error.what());
  }
}

}  // namespace gentle
