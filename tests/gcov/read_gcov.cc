// Reads objects with the helper's own reader of gcov's files, for the differential test.
//
//   read_gcov <file.gcno>...             prints what `gcov --json-format` tells of each, a line
//   each read_gcov --quiet <file.gcno>...     reads them and prints totals
//
// The .gcda stands beside the .gcno; without one nothing was executed.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "coverage/gcov/unit_lines.h"

namespace {

using nlohmann::json;

std::string bytes_of(const std::filesystem::path& path) {
  std::string bytes(std::filesystem::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<long>(bytes.size()));
  return bytes;
}

struct Unit {
  std::string bytes;
  gentle::CountersFault fault = gentle::CountersFault::kNone;
  gentle::UnitLines lines;
};

void read_unit(const std::string& path, Unit& unit) {
  unit.bytes = bytes_of(path);
  const gentle::UnitNotes notes = gentle::read_unit_notes(
      unit.bytes, path, [](const std::string& folder) { return std::filesystem::exists(folder); });
  std::filesystem::path data = path;
  data.replace_extension(".gcda");
  gentle::UnitCounters counters = gentle::no_counters(notes);
  if (std::filesystem::exists(data)) counters = read_unit_counters(bytes_of(data), notes);
  unit.fault = counters.fault;
  unit.lines = count_unit_lines(notes, counters);
}

json json_of(const gentle::BranchCount& branch) {
  return {{"count", branch.count},
          {"fallthrough", branch.is_fall_through},
          {"throw", branch.is_throw},
          {"source_block_id", branch.source_block},
          {"destination_block_id", branch.destination_block}};
}

json json_of(const gentle::DecisionCount& decision) {
  json result = {{"count", 2 * decision.terms},
                 {"covered", 0},
                 {"not_covered_true", json::array()},
                 {"not_covered_false", json::array()}};
  int covered = 0;
  for (std::uint32_t term = 0; term < decision.terms; ++term) {
    const bool by_true = (decision.by_true >> term & 1) != 0;
    const bool by_false = (decision.by_false >> term & 1) != 0;
    if (!by_true) result["not_covered_true"].push_back(term);
    if (!by_false) result["not_covered_false"].push_back(term);
    covered += (by_true ? 1 : 0) + (by_false ? 1 : 0);
  }
  result["covered"] = covered;
  return result;
}

json json_of(const gentle::UnitLines& unit, const gentle::SourceCount& source,
             const gentle::LineCount& line) {
  json result = {{"line_number", line.line},
                 {"count", line.count},
                 {"unexecuted_block", line.has_unexecuted_block},
                 {"branches", json::array()},
                 {"conditions", json::array()}};
  for (std::uint32_t i = 0; i < line.branches.size; ++i) {
    result["branches"].push_back(json_of(unit.branches[line.branches.begin + i]));
  }
  for (std::uint32_t i = 0; i < line.decisions.size; ++i) {
    result["conditions"].push_back(json_of(unit.decisions[line.decisions.begin + i]));
  }
  if (line.function != gentle::kNoFunction) {
    result["function_name"] = source.functions[line.function].name;
  }
  return result;
}

json json_of(const gentle::FunctionCount& function) {
  return {{"name", function.name},
          {"start_line", function.start_line},
          {"start_column", function.start_column},
          {"end_line", function.end_line},
          {"end_column", function.end_column},
          {"execution_count", function.execution_count},
          {"blocks", function.blocks},
          {"blocks_executed", function.blocks_executed}};
}

json json_of(const Unit& unit) {
  json files = json::array();
  for (const gentle::SourceCount& source : unit.lines.sources) {
    json file = {{"file", source.name}, {"lines", json::array()}, {"functions", json::array()}};
    for (const auto& line : source.lines) {
      file["lines"].push_back(json_of(unit.lines, source, line));
    }
    for (const auto& function : source.functions) file["functions"].push_back(json_of(function));
    files.push_back(file);
  }
  return {{"current_working_directory", unit.lines.directory},
          {"fault", static_cast<int>(unit.fault)},
          {"files", files}};
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_quiet = argc > 1 && std::string_view(argv[1]) == "--quiet";
  std::size_t lines = 0;
  std::size_t branches = 0;
  std::size_t functions = 0;
  for (int i = is_quiet ? 2 : 1; i < argc; ++i) {
    Unit unit;
    try {
      read_unit(argv[i], unit);
    } catch (const gentle::Error& error) {
      std::fputs(error.message().c_str(), stderr);
      return 1;
    }
    branches += unit.lines.branches.size();
    for (const auto& source : unit.lines.sources) {
      lines += source.lines.size();
      functions += source.functions.size();
    }
    if (!is_quiet) {
      const auto replace = json::error_handler_t::replace;
      std::printf("%s\n", json_of(unit).dump(-1, ' ', false, replace).c_str());
    }
  }
  if (is_quiet) std::printf("%zu lines, %zu branches, %zu functions\n", lines, branches, functions);
  return 0;
}
