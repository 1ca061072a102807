#include "coverage/combine/recorded_java.h"

#include <algorithm>
#include <functional>
#include <set>

namespace gentle {
namespace {

constexpr char kCopyBy = ';';

bool is_any_executed(const ProbedClass& one, const ProbeSet& probes) {
  return std::any_of(probes.begin(), probes.end(),
                     [&](std::uint32_t probe) { return one.executed[probe]; });
}

struct LineCounts {
  bool is_executed = false;
  std::uint32_t covered = 0;
  std::uint32_t missed = 0;
};

// By class: the lines of which another class has a copy.
using CopiedLines = std::map<std::string, std::set<std::uint32_t>, std::less<>>;

CopiedLines copied_lines(const ProbedSource& source) {
  CopiedLines copied;
  for (const auto& [name, one] : source) {
    const std::size_t end = name.find(kCopyBy);
    if (end == std::string::npos) continue;
    for (const auto& [number, line] : one.lines) copied[name.substr(0, end)].insert(number);
  }
  return copied;
}

// Whichever class has copies of a line, its branches do not count: so says JaCoCo.
void add_class(const ProbedClass& one, const std::set<std::uint32_t>& copied,
               std::map<std::uint32_t, LineCounts>& lines, TableSource& source) {
  for (const auto& [number, line] : one.lines) {
    LineCounts& counts = lines[number];
    counts.is_executed = counts.is_executed || is_any_executed(one, line.probes);
    if (copied.contains(number)) continue;
    for (const ProbeSet& branch : line.branches) {
      ++(is_any_executed(one, branch) ? counts.covered : counts.missed);
    }
  }
  for (const ProbedMethod& method : one.methods) {
    const bool is_executed = is_any_executed(one, method.probes);
    const auto [known, is_new] = source.functions.try_emplace(
        {method.name, method.line}, java_method(method.name, is_executed));
    if (is_executed) known->second = java_method(method.name, true);
  }
}

// As steps from one to the next: small numbers take less room.
void pack_set(const ProbeSet& probes, Packer& packer) {
  packer.number(probes.size());
  std::uint32_t last = 0;
  for (const std::uint32_t probe : probes) {
    packer.number(probe - last);
    last = probe;
  }
}

ProbeSet unpack_set(Unpacker& unpacker, std::size_t all) {
  ProbeSet probes;
  std::uint64_t last = 0;
  for (std::size_t left = unpacker.count(); left > 0; --left) {
    last += unpacker.number_of_32_bits();
    if (last >= all) throw damaged("it names a probe that is not there");
    probes.push_back(static_cast<std::uint32_t>(last));
  }
  return probes;
}

void pack_class(const ProbedClass& one, Packer& packer) {
  packer.numbers(one.executed);
  packer.number(one.lines.size());
  for (const auto& [number, line] : one.lines) {
    packer.number(number);
    pack_set(line.probes, packer);
    packer.number(line.branches.size());
    for (const ProbeSet& branch : line.branches) pack_set(branch, packer);
  }
  packer.number(one.methods.size());
  for (const ProbedMethod& method : one.methods) {
    packer.number(method.line);
    packer.text(method.name);
    pack_set(method.probes, packer);
  }
}

ProbedClass unpack_class(Unpacker& unpacker) {
  ProbedClass one;
  for (std::size_t left = unpacker.count(); left > 0; --left) {
    one.executed.push_back(unpacker.number_up_to(1) == 1);
  }
  const std::size_t all = one.executed.size();
  for (std::size_t lines = unpacker.count(); lines > 0; --lines) {
    ProbedLine& line = one.lines[unpacker.number_of_32_bits()];
    line = {unpack_set(unpacker, all), {}};
    for (std::size_t branches = unpacker.count(); branches > 0; --branches) {
      line.branches.push_back(unpack_set(unpacker, all));
    }
  }
  for (std::size_t methods = unpacker.count(); methods > 0; --methods) {
    ProbedMethod& method = one.methods.emplace_back();
    method.line = unpacker.number_of_32_bits();
    method.name = unpacker.text();
    method.probes = unpack_set(unpacker, all);
  }
  return one;
}

}  // namespace

bool ProbedClass::has_probes_of(const ProbedClass& other) const {
  return executed.size() == other.executed.size() && lines == other.lines &&
         methods == other.methods;
}

BranchGroup java_branches(std::uint32_t covered, std::uint32_t missed) {
  BranchGroup group;
  group.branches.resize(covered + missed);
  for (std::uint32_t i = 0; i < covered; ++i) group.branches[i].count = 1;
  return group;
}

TableFunction java_method(const std::string& name, bool is_executed) {
  const std::uint32_t executed = is_executed ? 1 : 0;
  return {executed, executed, 1, executed, name};
}

TableSource java_table_source(const ProbedSource& source) {
  TableSource result;
  std::map<std::uint32_t, LineCounts> lines;
  CopiedLines copied = copied_lines(source);
  for (const auto& [name, one] : source) add_class(one, copied[name], lines, result);
  for (const auto& [number, counts] : lines) {
    TableLine& line = result.lines[number];
    line.count = counts.is_executed ? 1 : 0;
    if (counts.covered + counts.missed == 0) continue;
    line.groups.push_back(java_branches(counts.covered, counts.missed));
  }
  return result;
}

bool are_same_counts(const TableSource& one, const TableSource& other) {
  const auto branches = [](const TableLine& line) {
    std::vector<std::int64_t> counts;
    for (const BranchGroup& group : line.groups) {
      for (const TableBranch& branch : group.branches) counts.push_back(branch.count);
    }
    return counts;
  };
  const bool are_lines = std::equal(one.lines.begin(), one.lines.end(), other.lines.begin(),
                                    other.lines.end(), [&](const auto& a, const auto& b) {
                                      return a.first == b.first &&
                                             a.second.count == b.second.count &&
                                             a.second.is_excluded == b.second.is_excluded &&
                                             branches(a.second) == branches(b.second);
                                    });
  return are_lines &&
         std::equal(one.functions.begin(), one.functions.end(), other.functions.begin(),
                    other.functions.end(), [](const auto& a, const auto& b) {
                      return a.first == b.first && a.second.count == b.second.count;
                    });
}

bool fit_together(const ProbedSource& one, const ProbedSource& other) {
  return std::all_of(one.begin(), one.end(), [&](const auto& known) {
    const auto found = other.find(known.first);
    return found == other.end() || known.second.has_probes_of(found->second);
  });
}

void unite(ProbedSource& sum, const ProbedSource& more) {
  for (const auto& [name, one] : more) {
    const auto [known, is_new] = sum.try_emplace(name, one);
    std::vector<bool>& executed = known->second.executed;
    std::transform(executed.begin(), executed.end(), one.executed.begin(), executed.begin(),
                   std::logical_or<>());
  }
}

void pack_probed_source(const ProbedSource& source, Packer& packer) {
  packer.number(source.size());
  for (const auto& [name, one] : source) {
    packer.text(name);
    pack_class(one, packer);
  }
}

ProbedSource unpack_probed_source(Unpacker& unpacker) {
  ProbedSource source;
  for (std::size_t classes = unpacker.count(); classes > 0; --classes) {
    ProbedClass& one = source[std::string(unpacker.text())];
    one = unpack_class(unpacker);
  }
  return source;
}

}  // namespace gentle
