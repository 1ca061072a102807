#include "coverage/combine/run_record.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <utility>

#include "base/content_hash.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "coverage/combine/packed.h"
#include "coverage/gcov/unit_lines.h"
#include "coverage/languages/hits.h"
#include "coverage/table/llvm_source.h"

namespace gentle {
namespace {

constexpr std::string_view kName = "gentle-run ";
constexpr std::string_view kFirstLine = "gentle-run 4\n";
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kLongestName = 32;

std::string hash_text(std::uint64_t hash) {
  std::string text(kHashBytes, '0');
  for (std::size_t i = kHashBytes; i > 0; --i, hash >>= 4U) {
    text[i - 1] = "0123456789abcdef"[hash & 0xfU];
  }
  return text;
}

template <typename Texts>
void pack_texts(const Texts& texts, Packer& packer) {
  packer.number(texts.size());
  for (const std::string& text : texts) packer.text(text);
}

void pack_marked(const std::map<std::string, MarkedLines>& marked, Packer& packer) {
  packer.number(marked.size());
  for (const auto& [name, lines] : marked) {
    packer.text(name);
    packer.numbers(lines.executed);
    packer.numbers(lines.others);
    packer.numbers(lines.excluded);
    packer.number(lines.branches.size());
    for (const MarkedBranch& branch : lines.branches) {
      packer.number(branch.line);
      packer.numbers(branch.taken);
    }
  }
}

std::set<std::uint32_t> unpack_numbers(Unpacker& unpacker) {
  std::set<std::uint32_t> lines;
  for (std::size_t count = unpacker.count(); count > 0; --count) {
    lines.insert(lines.end(), unpacker.number_of_32_bits());
  }
  return lines;
}

bool is_same_run(const std::set<std::string>& runs, const std::set<std::string>& others) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const std::string& run) { return others.contains(run); });
}

// Of a source whose text is the same.
Error compiled_otherwise(const std::string& name, const std::string& path,
                         const std::string& hint) {
  return Error("combine coverage", path,
               "'" + name + "' was compiled otherwise than for the reports before it")
      .hint(hint)
      .exit_code(kExitFailed);
}

struct UnitToCount {
  UnitNotes notes;
  UnitCounters counters;
};

UnitToCount unit_to_count(const std::string& object,
                          const std::vector<const std::string*>& functions,
                          const UnitCounts& counts) {
  UnitUnpacker unpacker(object);
  UnitToCount unit;
  CounterNumbers all;
  for (const std::string* function : functions) {
    const CounterNumbers numbers = unpacker.add(*function);
    unit.counters.arcs_of_functions.push_back(
        {static_cast<std::uint32_t>(all.sums), static_cast<std::uint32_t>(numbers.sums)});
    all.sums += numbers.sums;
    all.decisions += numbers.decisions;
  }
  if (all.sums != counts.sums.size() || all.decisions != counts.decisions.size()) {
    throw damaged("its counters do not belong to its functions");
  }
  unit.counters.arcs = counts.sums;
  unit.counters.decisions = counts.decisions;
  unit.notes = unpacker.take();
  return unit;
}

void add_object_to_table(const std::string& object,
                         const std::vector<const std::string*>& functions, const UnitCounts& counts,
                         CoverageTable& table) {
  const UnitToCount unit = unit_to_count(object, functions, counts);
  const UnitLines lines = count_unit_lines(unit.notes, unit.counters);
  for (const SourceCount& source : lines.sources) {
    if (!source.name.empty()) table.add(source.name, lines, source);
  }
}

void add_program_to_table(const std::string&, const std::vector<const std::string*>& parts,
                          const UnitCounts& counts, CoverageTable& table) {
  LlvmExport sources;
  Counting counting = Counting::kEach;
  std::span<const std::uint64_t> left = counts.sums;
  for (const std::string* part : parts) {
    const std::size_t size = count_llvm_counts(*part);
    if (size > left.size()) throw damaged("its counters do not belong to its functions");
    add_llvm_part(*part, left.first(size), sources);
    if (is_llvm_once(*part)) counting = Counting::kOnce;
    left = left.subspan(size);
  }
  CoverageTable of_program;
  for (const auto& [name, source] : sources) {
    if (!name.empty()) of_program.sources()[name] = table_source(source, counting);
  }
  table.add(of_program);
}

HitBranches branches_of(const std::vector<MarkedBranch>& marked) {
  HitBranches branches;
  for (const MarkedBranch& branch : marked) {
    branches.push_back({branch.line, static_cast<std::uint32_t>(branch.taken.size())});
  }
  return branches;
}

void add_marked(const MarkedLines& marked, TableSource& source) {
  for (const std::uint32_t line : marked.executed) source.lines[line].count = 1;
  for (const std::uint32_t line : marked.others) source.lines[line];
  for (const std::uint32_t line : marked.excluded) source.lines[line].is_excluded = true;
  for (const MarkedBranch& branch : marked.branches) {
    add_branch(source.lines[branch.line], branch.taken);
  }
}

}  // namespace

void MarkedLines::add(const MarkedLines& more) {
  executed.insert(more.executed.begin(), more.executed.end());
  others.insert(more.others.begin(), more.others.end());
  excluded.insert(more.excluded.begin(), more.excluded.end());
  std::erase_if(others, [this](std::uint32_t line) { return executed.contains(line); });
  const HitBranches known = branches_of(branches);
  const HitBranches added = branches_of(more.branches);
  if (is_larger(added, known)) branches = more.branches;
  if (known != added) return;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    std::vector<bool>& taken = branches[i].taken;
    std::transform(taken.begin(), taken.end(), more.branches[i].taken.begin(), taken.begin(),
                   std::logical_or<>());
  }
}

void RunRecord::add(const RunRecord& other, const std::string& path) {
  if (is_same_run(runs, other.runs)) {
    throw Error("combine coverage", path, "it holds the counts of a run that is counted already")
        .hint("name each report once")
        .exit_code(kExitFailed);
  }
  for (const auto& [name, source] : other.sources) {
    const auto known = sources.find(name);
    if (known == sources.end() || known->second == source) continue;
    throw Error("combine coverage", path,
                "it has counted another text of '" + name + "' than the reports before it")
        .hint("run all parts of a test run on one commit")
        .exit_code(kExitFailed);
  }
  if (throw_branches != other.throw_branches) {
    throw Error("combine coverage", path, "it differs in THROW_BRANCHES from the reports before it")
        .hint("run all parts of a test run on one commit")
        .exit_code(kExitFailed);
  }
  for (const auto& [name, source] : other.go) {
    const auto known = go.find(name);
    if (known != go.end() && !known->second.has_blocks_of(source)) {
      throw compiled_otherwise(name, path, "build all parts with one version of Go");
    }
  }
  for (const auto& [name, source] : other.java) {
    const auto known = java.find(name);
    if (known != java.end() && !fit_together(known->second, source)) {
      throw compiled_otherwise(name, path,
                               "build all parts with one JDK, and report with one JaCoCo");
    }
  }
  sources.insert(other.sources.begin(), other.sources.end());
  runs.insert(other.runs.begin(), other.runs.end());
  lacking.insert(other.lacking.begin(), other.lacking.end());
  uncounted.insert(other.uncounted.begin(), other.uncounted.end());
  for (const auto& [name, lines] : other.marked) marked[name].add(lines);
  for (const auto& [name, source] : other.go) {
    const auto [known, is_new] = go.try_emplace(name, source);
    if (!is_new) known->second.add(source);
  }
  for (const auto& [name, source] : other.java) unite(java[name], source);
  objects.add(other.objects);
  programs.add(other.programs);
}

std::set<std::string> RunRecord::counted_in_part() const {
  std::set<std::string> names;
  std::copy_if(
      uncounted.begin(), uncounted.end(), std::inserter(names, names.end()),
      [this](const std::string& name) { return go.contains(name) || java.contains(name); });
  return names;
}

CoverageTable RunRecord::count() const {
  CoverageTable table;
  const auto count_all = [&table](const RecordedUnits& recorded, const auto& add) {
    for (const auto& [key, counts] : recorded.units()) {
      try {
        add(key.first, key.second, counts, table);
      } catch (const Error& error) {
        throw Error("count", key.first, error.cause()).exit_code(kExitFailed);
      }
    }
  };
  count_all(objects, add_object_to_table);
  count_all(programs, add_program_to_table);
  for (const auto& [name, lines] : marked) add_marked(lines, table.sources()[name]);
  CoverageTable more;
  for (const auto& [name, source] : go) more.sources()[name] = go_table_source(source);
  table.add(more);
  more = {};
  for (const auto& [name, source] : java) more.sources()[name] = java_table_source(source);
  table.add(more);
  return table;
}

void RunRecord::write(PartedText& text) const {
  std::uint64_t hash = kHashOfNothing;
  Packer packer([&](std::string_view part) {
    hash = content_hash(part, hash);
    text.part() += part;
  });
  packer.append(kFirstLine);
  pack_texts(runs, packer);
  packer.text(title);
  packer.number(throw_branches ? 1 : 0);
  pack_texts(formats, packer);
  packer.number(sources.size());
  for (const auto& [name, source] : sources) {
    packer.text(name);
    packer.number(source.hash);
    packer.numbers(source.excluded);
    packer.numbers(source.excluded_branches);
  }
  pack_texts(lacking, packer);
  pack_texts(uncounted, packer);
  pack_marked(marked, packer);
  packer.number(go.size());
  for (const auto& [name, source] : go) {
    packer.text(name);
    pack_go_source(source, packer);
  }
  packer.number(java.size());
  for (const auto& [name, source] : java) {
    packer.text(name);
    pack_probed_source(source, packer);
  }
  objects.pack(packer);
  programs.pack(packer);
  packer.end();
  text.part() += hash_text(hash);
}

std::string RunRecord::text() const {
  return whole_text([this](PartedText& text) { write(text); });
}

class RunRecordReader {
 public:
  explicit RunRecordReader(std::string_view bytes) : unpacker_(bytes) {}

  RunRecord read() {
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      record_.runs.emplace(unpacker_.text());
    }
    if (record_.runs.empty()) throw damaged("it is of no run");
    record_.title = unpacker_.text();
    record_.throw_branches = unpacker_.number_up_to(1) == 1;
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      record_.formats.emplace_back(unpacker_.text());
    }
    read_sources();
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      record_.lacking.emplace(unpacker_.text());
    }
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      record_.uncounted.emplace(unpacker_.text());
    }
    read_marked();
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      GoSource& source = record_.go[std::string(unpacker_.text())];
      source = unpack_go_source(unpacker_);
    }
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      ProbedSource& source = record_.java[std::string(unpacker_.text())];
      source = unpack_probed_source(unpacker_);
    }
    record_.objects = RecordedUnits::unpack(
        unpacker_, [](std::string_view function) { return UnitUnpacker("").add(function); });
    record_.programs = RecordedUnits::unpack(unpacker_, [](std::string_view part) {
      return CounterNumbers{count_llvm_counts(part), 0};
    });
    if (!unpacker_.at_end()) throw damaged("there are bytes behind its end");
    return std::move(record_);
  }

 private:
  void read_sources() {
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      SourceRecord& source = record_.sources[std::string(unpacker_.text())];
      source.hash = unpacker_.number();
      source.excluded = unpack_numbers(unpacker_);
      source.excluded_branches = unpack_numbers(unpacker_);
    }
  }

  void read_marked() {
    for (std::size_t count = unpacker_.count(); count > 0; --count) {
      MarkedLines& lines = record_.marked[std::string(unpacker_.text())];
      lines.executed = unpack_numbers(unpacker_);
      lines.others = unpack_numbers(unpacker_);
      lines.excluded = unpack_numbers(unpacker_);
      for (std::size_t left = unpacker_.count(); left > 0; --left) {
        MarkedBranch& branch = lines.branches.emplace_back();
        branch.line = unpacker_.number_of_32_bits();
        for (std::size_t way = unpacker_.count(); way > 0; --way) {
          branch.taken.push_back(unpacker_.number_up_to(1) == 1);
        }
      }
    }
  }

  Unpacker unpacker_;
  RunRecord record_;
};

bool is_run_record(std::string_view text) { return text.starts_with(kName); }

RunRecord read_run_record(std::string_view text, const std::string& path) {
  try {
    if (text.empty()) throw Error("", "", "it is empty");
    if (!is_run_record(text)) throw Error("", "", "it is no record of a run");
    if (!text.starts_with(kFirstLine)) {
      const std::size_t end = text.find('\n');
      throw Error(
          "", "",
          end > kLongestName  // npos too
              ? "it is cut off"
              : "it is of another version of gentle: '" + std::string(text.substr(0, end)) + "'");
    }
    if (text.size() < kFirstLine.size() + kHashBytes ||
        text.substr(text.size() - kHashBytes) !=
            hash_text(content_hash(text.substr(0, text.size() - kHashBytes)))) {
      throw Error("", "", "it is cut off or changed");
    }
    text.remove_suffix(kHashBytes);
    text.remove_prefix(kFirstLine.size());
    return RunRecordReader(text).read();
  } catch (const Error& error) {
    throw Error("read coverage", path, error.cause())
        .hint("make the report anew, with the same version of gentle")
        .exit_code(kExitFailed);
  }
}

}  // namespace gentle
