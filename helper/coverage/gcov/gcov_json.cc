#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "coverage/gcov/gcov_output.h"

namespace gentle {
namespace {

using Json = nlohmann::json;

// gcov writes counts that a double holds, and larger ones, as integers.
std::int64_t count_of(const Json& object, const char* key) {
  const Json& value = object.at(key);
  if (!value.is_number_integer()) throw Json::type_error::create(302, key, nullptr);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return INT64_MAX;
  return value.get<std::int64_t>();
}

std::uint32_t number_of(const Json& object, const char* key) {
  const std::int64_t value = count_of(object, key);
  if (value < 0 || value > UINT32_MAX) throw Json::type_error::create(302, key, nullptr);
  return static_cast<std::uint32_t>(value);
}

std::uint32_t number_if_there(const Json& object, const char* key) {
  return object.contains(key) ? number_of(object, key) : 0;
}

class JsonReader {
 public:
  GcovOutput read(const Json& document) {
    for (const Json& file : document.at("files")) read_file(file);
    return std::move(result_);
  }

 private:
  void read_file(const Json& file) {
    SourceCount& source = result_.unit.sources.emplace_back();
    source.name = file.at("file").get<std::string>();
    functions_.clear();
    for (const Json& function : file.at("functions")) read_function(function, source);
    for (const Json& line : file.at("lines")) read_line(line, source);
  }

  void read_function(const Json& json, SourceCount& source) {
    const std::string& name = result_.names.emplace_back(json.at("name").get<std::string>());
    functions_[name] = static_cast<std::uint32_t>(source.functions.size());
    FunctionCount function;
    function.name = name;
    function.start_line = number_of(json, "start_line");
    function.start_column = number_of(json, "start_column");
    function.end_line = number_of(json, "end_line");
    function.end_column = number_of(json, "end_column");
    function.execution_count = count_of(json, "execution_count");
    function.returns = function.execution_count;
    function.blocks = number_of(json, "blocks");
    function.blocks_executed = number_of(json, "blocks_executed");
    source.functions.push_back(function);
  }

  void read_line(const Json& json, SourceCount& source) {
    LineCount line;
    line.line = number_of(json, "line_number");
    line.count = count_of(json, "count");
    line.has_unexecuted_block = json.at("unexecuted_block").get<bool>();
    if (json.contains("function_name")) {
      const auto known = functions_.find(json.at("function_name").get<std::string>());
      if (known != functions_.end()) line.function = known->second;
    }
    line.branches.begin = static_cast<std::uint32_t>(result_.unit.branches.size());
    for (const Json& branch : json.at("branches")) read_branch(branch);
    line.branches.size =
        static_cast<std::uint32_t>(result_.unit.branches.size()) - line.branches.begin;
    mark_exceptional(line.branches);
    source.lines.push_back(line);
  }

  void read_branch(const Json& json) {
    BranchCount branch;
    branch.count = count_of(json, "count");
    branch.is_fall_through = json.at("fallthrough").get<bool>();
    branch.is_throw = json.at("throw").get<bool>();
    branch.source_block = number_if_there(json, "source_block_id");
    branch.destination_block = number_if_there(json, "destination_block_id");
    result_.unit.branches.push_back(branch);
  }

  // A block without throws has a way on, or decides nothing.
  void mark_exceptional(const NotesRange& range) {
    const auto first = result_.unit.branches.begin() + range.begin;
    for (auto begin = first; begin != first + range.size;) {
      const auto end = end_of_block(begin, first + range.size);
      const auto ways = std::count_if(begin, end, [](const auto& one) { return !one.is_throw; });
      const bool has_throw = ways < end - begin;
      for (; begin != end; ++begin) {
        begin->is_exceptional = begin->is_throw || (has_throw && ways <= 1);
      }
    }
  }

  // Older ones do not tell the block of a branch: there, a throw and the fall-through beside it are
  // the two ways on from one call.
  using Branch = std::vector<BranchCount>::iterator;
  static Branch end_of_block(Branch begin, Branch end) {
    const std::uint32_t block = begin->source_block;
    if (block != 0) {
      return std::find_if(begin, end, [&](const auto& one) { return one.source_block != block; });
    }
    const Branch next = begin + 1;
    const bool are_pair = next != end && begin->is_throw != next->is_throw &&
                          begin->is_fall_through != next->is_fall_through;
    return are_pair ? next + 1 : next;
  }

  GcovOutput result_;
  std::map<std::string, std::uint32_t> functions_;  // of the file, by their names
};

}  // namespace

GcovOutput read_gcov_json(std::string_view json, const std::string& name) {
  try {
    return JsonReader().read(Json::parse(json));
  } catch (const Json::exception&) {
    throw Error("read what gcov prints of", name, "it is not the JSON of a gcov");
  }
}

}  // namespace gentle
