#include "coverage/formats/tracefile_format.h"

#include <array>
#include <nlohmann/json.hpp>

#include "coverage/formats/counted_source.h"

namespace gentle {
namespace {

using Json = nlohmann::ordered_json;

struct KnownVersion {
  GcovrVersion since;
  const char* format;
};

// As each of them writes it: `gcovr --json -` in an empty folder.
constexpr std::array kVersions = {
    KnownVersion{{5, 0}, "0.2"},  KnownVersion{{5, 1}, "0.3"},  KnownVersion{{6, 0}, "0.5"},
    KnownVersion{{7, 0}, "0.6"},  KnownVersion{{8, 0}, "0.10"}, KnownVersion{{8, 3}, "0.11"},
    KnownVersion{{8, 4}, "0.14"}, KnownVersion{{8, 7}, "0.15"},
};
constexpr GcovrVersion kNumbersBranches = {8, 0};
constexpr GcovrVersion kKnowsBlocks = {6, 0};
constexpr GcovrVersion kDemangles = {8, 4};

// As a share of all, in percent.
double blocks_percent(const TableFunction& function) {
  return function.blocks == 0 ? 0.0 : 100.0 * function.blocks_executed / function.blocks;
}

class Writer {
 public:
  Writer(const FormatOptions& options, GcovrVersion gcovr) : options_(options), gcovr_(gcovr) {}

  Json text_of(const std::string& path, const TableSource& source) const {
    Json file = {{"file", shown_name(path, options_)},
                 {"lines", Json::array()},
                 {"functions", Json::array()}};
    for (const auto& [number, line] : source.lines) file["lines"].push_back(text_of(number, line));
    for (const CountedFunction& function : counted_functions(source)) {
      file["functions"].push_back(text_of(function));
    }
    return file;
  }

 private:
  Json text_of(std::uint32_t number, const TableLine& line) const {
    Json text = {{"line_number", number}, {"count", line.count}, {"branches", Json::array()}};
    if (gcovr_ < kKnowsBlocks) text["gcovr/noncode"] = line.is_excluded;
    if (line.is_excluded || gcovr_ < kKnowsBlocks) text["gcovr/excluded"] = line.is_excluded;
    if (line.is_excluded) return text;
    std::size_t index = 0;  // in all of the line
    visit_branches(line, options_, [&](std::size_t group, std::size_t, const TableBranch& branch) {
      text["branches"].push_back(text_of(branch, group, index++));
    });
    return text;
  }

  Json text_of(const TableBranch& branch, std::size_t block, std::size_t index) const {
    Json text = {{"count", branch.count},
                 {"fallthrough", branch.is_fall_through},
                 {"throw", branch.is_throw}};
    if (gcovr_ >= kNumbersBranches) {
      text["branchno"] = index;
      text["source_block_id"] = block;
    } else if (gcovr_ >= kKnowsBlocks) {
      text["blockno"] = block;
    }
    return text;
  }

  Json text_of(const CountedFunction& function) const {
    Json text = {{"lineno", function.line}, {"execution_count", function.counts.count}};
    text[gcovr_ >= kDemangles ? "demangled_name" : "name"] = function.name;
    if (gcovr_ >= kKnowsBlocks) {
      text["returned_count"] = function.counts.returns;
      text["blocks_percent"] = blocks_percent(function.counts);
    }
    return text;
  }

  const FormatOptions& options_;
  GcovrVersion gcovr_;
};

}  // namespace

std::string tracefile_version(GcovrVersion gcovr) {
  const KnownVersion* found = &kVersions.front();
  for (const KnownVersion& version : kVersions) {
    if (gcovr >= version.since) found = &version;
  }
  return found->format;
}

GcovrVersion newest_tracefile() { return kVersions.back().since; }

std::string tracefile_text(const CoverageTable& table, const FormatOptions& options,
                           GcovrVersion gcovr) {
  const Writer writer(options, gcovr);
  std::string text = R"({"gcovr/format_version":")" + tracefile_version(gcovr) + R"(","files":[)";
  bool is_first = true;
  for (const auto& [path, source] : table.sources()) {
    text += is_first ? "\n" : ",\n";
    is_first = false;
    text += writer.text_of(path, source).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return text + "\n]}\n";
}

}  // namespace gentle
