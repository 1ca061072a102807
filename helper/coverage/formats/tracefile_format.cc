#include "coverage/formats/tracefile_format.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "coverage/formats/counted_source.h"

namespace gentle {
namespace {

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
constexpr GcovrVersion kKnowsConditions = {8, 7};  // the first that was tried with them

// As a share of all, in percent.
double blocks_percent(const TableFunction& function) {
  return function.blocks == 0 ? 0.0 : 100.0 * function.blocks_executed / function.blocks;
}

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

std::string quoted_json(const std::string& text) {
  using nlohmann::json;
  // Nearly all names; the library takes ten times as long.
  if (std::all_of(text.begin(), text.end(), is_plain)) return '"' + text + '"';
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

const char* word_of(bool value) { return value ? "true" : "false"; }

// As text at once: objects of a JSON library take most of the time of a report.
class Writer {
 public:
  Writer(const FormatOptions& options, GcovrVersion gcovr, PartedText& text)
      : options_(options), gcovr_(gcovr), parts_(text), text_(text.part()) {}

  void write(const std::string& path, const TableSource& source) {
    text_ += "{\"file\":" + quoted_json(shown_name(path, options_)) + ",\"lines\":[";
    bool first = true;
    for (const auto& [number, line] : source.lines) {
      next(first);
      write(number, line);
    }
    text_ += "],\"functions\":[";
    first = true;
    for (const CountedFunction& function : counted_functions(source)) {
      next(first);
      write(function);
    }
    text_ += "]}";
  }

 private:
  void next(bool& first) {
    parts_.part();
    if (!first) text_ += ',';
    first = false;
  }

  void number(const char* key, std::int64_t value) {
    text_.append(",\"").append(key).append("\":").append(std::to_string(value));
  }
  void flag(const char* key, bool value) {
    text_.append(",\"").append(key).append("\":").append(word_of(value));
  }

  void write(std::uint32_t number_of_line, const TableLine& line) {
    text_ += "{\"line_number\":" + std::to_string(number_of_line);
    number("count", line.count);
    text_ += ",\"branches\":[";
    std::size_t index = 0;  // in all of the line
    bool first = true;
    visit_branches(line, options_, [&](std::size_t group, std::size_t, const TableBranch& branch) {
      next(first);
      write(branch, group, index++);
    });
    text_ += ']';
    if (gcovr_ >= kKnowsConditions && !line.decisions.empty()) write_conditions(line);
    const bool always = gcovr_ < kKnowsBlocks;
    if (always) flag("gcovr/noncode", line.is_excluded);
    if (always || line.is_excluded) flag("gcovr/excluded", line.is_excluded);
    text_ += '}';
  }

  void write_conditions(const TableLine& line) {
    text_ += ",\"conditions\":[";
    std::size_t index = 0;
    bool first = true;
    visit_decisions(line, [&](const TableDecision& decision) {
      next(first);
      const Share share = share_of(decision);
      text_ += "{\"conditionno\":" + std::to_string(index++);
      number("count", static_cast<std::int64_t>(share.total));
      number("covered", static_cast<std::int64_t>(share.covered));
      write_terms_without("not_covered_true", decision.terms, decision.by_true);
      write_terms_without("not_covered_false", decision.terms, decision.by_false);
      text_ += '}';
    });
    text_ += ']';
  }

  // The numbers of the terms whose bits are not set.
  void write_terms_without(const char* key, std::uint32_t terms, std::uint64_t bits) {
    text_.append(",\"").append(key).append("\":[");
    bool first = true;
    for (std::uint32_t term = 0; term < std::min(terms, 64U); ++term) {
      if ((bits >> term & 1U) != 0) continue;
      next(first);
      text_ += std::to_string(term);
    }
    text_ += ']';
  }

  void write(const TableBranch& branch, std::size_t block, std::size_t index) {
    text_ += "{\"count\":" + std::to_string(branch.count);
    flag("fallthrough", branch.is_fall_through);
    flag("throw", branch.is_throw);
    if (gcovr_ >= kNumbersBranches) {
      number("branchno", static_cast<std::int64_t>(index));
      number("source_block_id", static_cast<std::int64_t>(block));
    } else if (gcovr_ >= kKnowsBlocks) {
      number("blockno", static_cast<std::int64_t>(block));
    }
    text_ += '}';
  }

  void write(const CountedFunction& function) {
    text_ += "{\"lineno\":" + std::to_string(function.line);
    number("execution_count", function.counts.count);
    text_ += gcovr_ >= kDemangles ? ",\"demangled_name\":" : ",\"name\":";
    text_ += quoted_json(function.name);
    if (gcovr_ >= kKnowsBlocks) {
      number("returned_count", function.counts.returns);
      text_ += ",\"blocks_percent\":" + nlohmann::json(blocks_percent(function.counts)).dump();
    }
    text_ += '}';
  }

  const FormatOptions& options_;
  GcovrVersion gcovr_;
  PartedText& parts_;
  std::string& text_;  // the last part
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

void write_tracefile(const CoverageTable& table, const FormatOptions& options, GcovrVersion gcovr,
                     PartedText& text) {
  text.part() += R"({"gcovr/format_version":")" + tracefile_version(gcovr) + R"(","files":[)";
  Writer writer(options, gcovr, text);
  bool is_first = true;
  for (const auto& [path, source] : table.sources()) {
    text.part() += is_first ? "\n" : ",\n";
    is_first = false;
    writer.write(path, source);
  }
  text.part() += "\n]}\n";
}

}  // namespace gentle
