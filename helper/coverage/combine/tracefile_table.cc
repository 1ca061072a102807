#include "coverage/combine/tracefile_table.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/exit_code.h"
#include "coverage/formats/tracefile_format.h"
#include "model/json_integer.h"

namespace gentle {
namespace {

using Json = nlohmann::json;

// The oldest that tells what the others tell, up to that of gcovr 8.8.
constexpr int kOldestMinor = 2;

Error wrong(const std::string& cause) { return {"", "", cause}; }

const Json& list_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) {
    throw wrong("it has no list '" + std::string(key) + "'");
  }
  return *found;
}

std::string text_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? "" : found->get<std::string>();
}

std::int64_t number_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw wrong("it has no '" + std::string(key) + "'");
  return integer_from<std::int64_t>(*found);
}

std::int64_t number_or_0(const Json& object, const char* key) {
  return object.contains(key) ? number_in(object, key) : 0;
}

bool is_set(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::uint32_t line_in(const Json& object, const char* key) {
  const std::int64_t line = number_in(object, key);
  if (!std::in_range<std::uint32_t>(line)) throw wrong("a line number is out of range");
  return static_cast<std::uint32_t>(line);
}

// Its block tells the functions and blocks of a line apart; before gcovr 6 there is none.
std::uint64_t place_of(const Json& branch) {
  const char* key = branch.contains("source_block_id") ? "source_block_id" : "blockno";
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number_or_0(branch, key)));
}

void read_branches(const Json& line, TableLine& known) {
  std::map<std::uint64_t, std::vector<TableBranch>> groups;
  for (const Json& branch : list_in(line, "branches")) {
    if (is_set(branch, "gcovr/excluded")) continue;
    TableBranch read;
    read.count = number_in(branch, "count");
    read.is_fall_through = is_set(branch, "fallthrough");
    read.is_throw = is_set(branch, "throw");
    groups[place_of(branch)].push_back(read);
  }
  for (auto& [place, branches] : groups) known.groups.push_back({place, std::move(branches)});
}

std::uint64_t terms_not_in(const Json& condition, const char* key, std::uint32_t terms) {
  std::uint64_t bits = terms < kMostTerms ? (std::uint64_t{1} << terms) - 1 : UINT64_MAX;
  for (const Json& term : list_in(condition, key)) {
    const auto number = integer_from<std::int64_t>(term);
    if (number < 0 || number >= terms) throw wrong("a condition has a term too many");
    bits &= ~(std::uint64_t{1} << number);
  }
  return bits;
}

// Each term counts twice: what it has decided by being true, and by being false.
void read_conditions(const Json& line, TableLine& known) {
  DecisionGroup group;
  for (const Json& condition : list_in(line, "conditions")) {
    const std::int64_t count = number_in(condition, "count");
    if (count < 0 || count > 2 * kMostTerms) throw wrong("a condition has too many terms");
    const auto terms = static_cast<std::uint32_t>(count / 2);
    group.decisions.push_back({terms, terms_not_in(condition, "not_covered_true", terms),
                               terms_not_in(condition, "not_covered_false", terms)});
  }
  if (!group.decisions.empty()) known.decisions.push_back(std::move(group));
}

// gcovr 8.4 and newer tell a line once for each of its functions.
void read_line(const Json& line, CoverageTable& table, const std::string& file) {
  CoverageTable part;
  const std::uint32_t number = line_in(line, "line_number");
  TableLine& known = part.sources()[file].lines[number];
  known.count = number_in(line, "count");
  const bool is_excluded = is_set(line, "gcovr/excluded") || is_set(line, "gcovr/noncode");
  if (!is_excluded) read_branches(line, known);
  if (!is_excluded && line.contains("conditions")) read_conditions(line, known);
  table.add(part);
  if (is_excluded) table.sources()[file].lines[number].is_excluded = true;
}

void read_function(const Json& function, TableSource& source) {
  std::string name = text_in(function, "name");
  if (name.empty()) name = text_in(function, "demangled_name");
  if (name.empty()) throw wrong("a function has no name");
  TableFunction counts;
  counts.count = number_in(function, "execution_count");
  counts.returns = number_or_0(function, "returned_count");
  add_function(source.functions[{name, line_in(function, "lineno")}], counts);
}

Error not_read(const std::string& path, const std::string& cause) {
  return Error("read tracefile", path, cause)
      .hint("name a folder of reports, or a tracefile that gcovr --json has written")
      .exit_code(kExitFailed);
}

void check_version(const Json& root) {
  const std::string version = text_in(root, "gcovr/format_version");
  if (version.empty()) throw wrong("it is no tracefile of gcovr");
  const std::string newest = tracefile_version(newest_tracefile());
  for (int minor = kOldestMinor;; ++minor) {
    const std::string known = "0." + std::to_string(minor);
    if (known == version) return;
    if (known == newest) break;
  }
  throw wrong("its version '" + version + "' is unknown; known are 0." +
              std::to_string(kOldestMinor) + " to " + newest);
}

}  // namespace

CoverageTable read_tracefile(std::string_view json, const std::string& path) {
  try {
    if (json.empty()) throw wrong("it is empty");
    const Json root = Json::parse(json);
    check_version(root);
    CoverageTable table;
    for (const Json& file : list_in(root, "files")) {
      const std::string name = text_in(file, "file");
      if (name.empty()) throw wrong("a file in it has no name");
      TableSource& source = table.sources()[name];
      for (const Json& line : list_in(file, "lines")) read_line(line, table, name);
      if (!file.contains("functions")) continue;
      for (const Json& function : list_in(file, "functions")) read_function(function, source);
    }
    return table;
  } catch (const Json::parse_error& error) {
    throw not_read(path, "it is no JSON, or cut off, at byte " + std::to_string(error.byte));
  } catch (const nlohmann::json::exception& error) {
    throw not_read(path, error.what());
  } catch (const Error& error) {
    throw not_read(path, error.cause());
  }
}

}  // namespace gentle
