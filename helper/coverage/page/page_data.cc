#include "coverage/page/page_data.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "coverage/formats/counted_source.h"
#include "coverage/page/js_text.h"

namespace gentle {
namespace {

// What a source adds to its chunk is not known before it is read: so many bytes a line, about.
constexpr std::size_t kBytesOfLine = 48;
constexpr std::size_t kBytesOfChunk = 256 * 1024;

constexpr int kFallThrough = 1;
constexpr int kThrow = 2;
constexpr int kExceptional = 4;

std::string name_below(const std::string& path, const std::string& root) {
  const std::string folder = root.ends_with('/') ? root : root + "/";
  return !root.empty() && path.starts_with(folder) ? path.substr(folder.size()) : path;
}

std::size_t size_of(const TableSource& source) {
  const std::size_t last = source.lines.empty() ? 0 : source.lines.rbegin()->first;
  return (last + source.functions.size()) * kBytesOfLine;
}

void place_in_chunks(std::vector<PageSource>& sources) {
  std::size_t chunk = 0;
  std::size_t place = 0;
  std::size_t bytes = 0;
  for (PageSource& source : sources) {
    const std::size_t size = size_of(*source.counts);
    if (place > 0 && bytes + size > kBytesOfChunk) {
      ++chunk;
      place = 0;
      bytes = 0;
    }
    source.chunk = chunk;
    source.place = place++;
    bytes += size;
  }
}

// The commas of a list.
class List {
 public:
  explicit List(std::string& script) : script_(script) { script_ += '['; }
  ~List() { script_ += ']'; }
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  std::string& next() {
    if (!is_first_) script_ += ',';
    is_first_ = false;
    return script_;
  }

 private:
  std::string& script_;
  bool is_first_ = true;
};

// Of an object of which parts have gone on, an empty script is the rest.
void add_key(std::string& script, std::string_view key) {
  script += script.ends_with('{') ? "\"" : ",\"";
  script += key;
  script += "\":";
}

void add_key(std::string& script, std::string_view key, std::string_view text) {
  add_key(script, key);
  add_js_string(script, text);
}

void add_share(List& list, const PageShare& share) {
  list.next() += std::to_string(share.covered);
  list.next() += std::to_string(share.all);
}

void add_totals(List& list, const PageTotals& totals) {
  add_share(list, totals.lines);
  add_share(list, totals.branches);
  add_share(list, totals.functions);
  add_share(list, totals.conditions);
}

// [name, chunk, place, lines covered, lines, branches taken, branches, functions called, functions,
// conditions decided, conditions]
void add_index_entry(std::string& script, const PageSource& source) {
  List entry(script);
  add_js_string(entry.next(), source.name);
  entry.next() += std::to_string(source.chunk);
  entry.next() += std::to_string(source.place);
  add_totals(entry, source.totals);
}

// [line, count, line, count, ...]
void add_lines(PartedText& parts, const TableSource& source) {
  std::string& script = parts.part();
  add_key(script, "lines");
  List list(script);
  for (const auto& [number, line] : source.lines) {
    parts.part();
    list.next() += std::to_string(number);
    add_js_count(list.next(), line.count);
  }
}

// [line, ...] of which `is_so` holds.
template <typename Predicate>
void add_marks(std::string& script, std::string_view key, const TableSource& source,
               Predicate is_so) {
  add_key(script, key);
  List list(script);
  for (const auto& [number, line] : source.lines) {
    if (is_so(line)) list.next() += std::to_string(number);
  }
}

int flags_of(const TableBranch& branch) {
  return (branch.is_fall_through ? kFallThrough : 0) | (branch.is_throw ? kThrow : 0) |
         (branch.is_exceptional ? kExceptional : 0);
}

// [line where the function begins, column, count, flags, count, flags, ...]; 0 for both of a
// condition, which is of no function alone.
void add_group(std::string& script, const BranchGroup& group) {
  List list(script);
  const std::uint64_t place = (group.place & kOfCondition) != 0 ? 0 : group.place;
  list.next() += std::to_string(place >> 32U);
  list.next() += std::to_string(place & std::numeric_limits<std::uint32_t>::max());
  for (const TableBranch& branch : group.branches) {
    add_js_count(list.next(), branch.count);
    list.next() += std::to_string(flags_of(branch));
  }
}

// [[line, group, group, ...], ...]
void add_branches(PartedText& parts, const TableSource& source) {
  std::string& script = parts.part();
  add_key(script, "branches");
  List lines(script);
  for (const auto& [number, line] : source.lines) {
    if (line.groups.empty() || line.is_excluded) continue;
    parts.part();
    List of_line(lines.next());
    of_line.next() += std::to_string(number);
    for (const BranchGroup& group : line.groups) add_group(of_line.next(), group);
  }
}

// A digit for each term: 1 if it has decided alone by its being true, 2 if by its being false.
std::string digits_of(const TableDecision& decision) {
  std::string digits;
  for (std::uint32_t term = 0; term < decision.told_terms(); ++term) {
    const auto bit = [term](std::uint64_t bits) { return static_cast<int>(bits >> term & 1U); };
    digits += static_cast<char>('0' + bit(decision.by_true) + 2 * bit(decision.by_false));
  }
  return digits;
}

// [[line, "digits", ...], ...]
void add_conditions(std::string& script, const TableSource& source) {
  add_key(script, "conditions");
  List lines(script);
  for (const auto& [number, line] : source.lines) {
    if (line.decisions.empty() || line.is_excluded) continue;
    List of_line(lines.next());
    of_line.next() += std::to_string(number);
    for (const DecisionGroup& group : line.decisions) {
      for (const TableDecision& decision : group.decisions) {
        add_js_string(of_line.next(), digits_of(decision));
      }
    }
  }
}

// [[name, line, count, returns, blocks, blocks executed], ...] in the order of their lines
void add_functions(PartedText& parts, const TableSource& source) {
  std::string& script = parts.part();
  add_key(script, "functions");
  List list(script);
  for (const CountedFunction& function : counted_functions(source)) {
    parts.part();
    List of_one(list.next());
    add_js_string(of_one.next(), function.name);
    of_one.next() += std::to_string(function.line);
    add_js_count(of_one.next(), function.counts.count);
    add_js_count(of_one.next(), function.counts.returns);
    of_one.next() += std::to_string(function.counts.blocks);
    of_one.next() += std::to_string(function.counts.blocks_executed);
  }
}

void add_source(PartedText& parts, const PageSource& source, const PageOptions& options) {
  std::string& script = parts.part();
  script += '{';
  add_key(script, "name", source.name);
  if (const auto text = options.read_source ? options.read_source(source.path) : std::nullopt) {
    add_key(script, "text", *text);
  } else {
    add_key(script, "text");
    script += "null";
  }
  add_lines(parts, *source.counts);
  add_marks(script, "partial", *source.counts,
            [](const TableLine& line) { return line.has_unexecuted_block; });
  add_marks(script, "excluded", *source.counts,
            [](const TableLine& line) { return line.is_excluded; });
  add_branches(parts, *source.counts);
  add_conditions(script, *source.counts);
  add_functions(parts, *source.counts);
  script += '}';
}

}  // namespace

std::vector<PageSource> page_sources(const CoverageTable& table, const PageOptions& options) {
  std::vector<PageSource> sources;
  for (const auto& [path, counts] : table.sources()) {
    sources.push_back({path, name_below(path, options.root), &counts,
                       page_totals_of(counts, options.throw_branches)});
  }
  std::sort(sources.begin(), sources.end(), [](const PageSource& left, const PageSource& right) {
    return std::pair(left.name, left.path) < std::pair(right.name, right.path);
  });
  place_in_chunks(sources);
  return sources;
}

std::string index_script(const std::vector<PageSource>& sources, const PageOptions& options) {
  std::string script = "gentle.takeIndex({";
  add_key(script, "format");
  script += "1";
  add_key(script, "title", options.title);
  add_key(script, "root", options.root);
  add_key(script, "timestamp", options.timestamp);
  add_key(script, "limits");
  {
    List limits(script);
    limits.next() += std::to_string(options.medium_percent);
    limits.next() += std::to_string(options.high_percent);
  }
  add_key(script, "throwBranches");
  script += options.throw_branches ? "true" : "false";
  add_key(script, "files");
  {
    List files(script);
    for (const PageSource& source : sources) add_index_entry(files.next() += '\n', source);
  }
  return script + "});\n";
}

void write_sources_script(const std::vector<const PageSource*>& sources, const PageOptions& options,
                          PartedText& script) {
  script.part() += "gentle.takeSources(";
  script.part() += std::to_string(sources.empty() ? 0 : sources.front()->chunk) + ",";
  {
    List list(script.part());
    for (const PageSource* source : sources) {
      list.next() += '\n';
      add_source(script, *source, options);
    }
  }
  script.part() += ");\n";
}

}  // namespace gentle
