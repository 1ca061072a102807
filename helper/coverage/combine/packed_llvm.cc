#include "coverage/combine/packed_llvm.h"

#include <algorithm>
#include <utility>

#include "coverage/combine/packed.h"

namespace gentle {
namespace {

constexpr std::uint32_t kOfLines = 0;
constexpr std::uint32_t kOfFunction = 1;
constexpr std::uint32_t kOnce = 2;     // tells no more than that
constexpr std::size_t kPlaceSize = 4;  // of a decision

bool is_count_of_region(std::size_t place) { return place == LlvmFunction::kCount; }

bool is_count_of_branch(std::size_t place) {
  return place == LlvmFunction::kCount || place == LlvmFunction::kFalseCount;
}

using IsCount = bool (*)(std::size_t place);

void pack_numbers(const std::vector<LlvmNumbers>& all, std::size_t size, IsCount is_count,
                  Packer& packer, std::vector<std::uint64_t>& counts) {
  packer.number(all.size());
  for (const LlvmNumbers& numbers : all) {
    for (std::size_t place = 0; place < size; ++place) {
      if (is_count(place)) {
        counts.push_back(numbers[place]);
      } else {
        packer.number(numbers[place]);
      }
    }
  }
}

// Takes counts one after the other; of a part that is only looked at there are none.
class Counts {
 public:
  explicit Counts(std::span<const std::uint64_t> counts) : counts_(counts) {}

  std::uint64_t take() {
    const std::size_t place = taken_++;
    return place < counts_.size() ? counts_[place] : 0;
  }
  // As many as there are of the next ones.
  std::vector<std::uint64_t> take_all(std::size_t count) {
    const auto rest = counts_.subspan(std::min(taken_, counts_.size()));
    taken_ += count;
    const auto all = rest.first(std::min(count, rest.size()));
    return {all.begin(), all.end()};
  }
  std::size_t taken() const { return taken_; }

 private:
  std::span<const std::uint64_t> counts_;
  std::size_t taken_ = 0;
};

std::vector<LlvmNumbers> unpack_numbers(Unpacker& unpacker, std::size_t size, IsCount is_count,
                                        Counts& counts) {
  std::vector<LlvmNumbers> all(unpacker.count());
  for (LlvmNumbers& numbers : all) {
    numbers.resize(size);
    for (std::size_t place = 0; place < size; ++place) {
      numbers[place] = is_count(place) ? counts.take() : unpacker.number();
    }
  }
  return all;
}

// One whose paths are not known has none: nobody combines it, or nothing of it has run.
void pack_decision(const LlvmFunction::Decision& decision, Packer& packer,
                   std::vector<std::uint64_t>& counts) {
  for (std::size_t i = 0; i < kPlaceSize; ++i) packer.number(decision.numbers[i]);
  packer.number(decision.file ? *decision.file + 1 : 0);
  packer.number(std::min(decision.covered.size(), DecisionGraph::kMostTerms));
  packer.number(decision.graph.next.empty() ? 0 : 1);
  if (decision.graph.next.empty()) return;
  packer.number(decision.graph.first);
  for (const auto& next : decision.graph.next) {
    for (const std::uint16_t term : next) packer.number(term);
  }
  counts.insert(counts.end(), decision.taken.begin(), decision.taken.end());
}

LlvmFunction::Decision unpack_decision(Unpacker& unpacker, Counts& counts) {
  const auto term = [&] {
    return static_cast<std::uint16_t>(unpacker.number_up_to(DecisionGraph::kEnd));
  };
  LlvmFunction::Decision decision;
  for (std::size_t i = 0; i < kPlaceSize; ++i) decision.numbers.push_back(unpacker.number());
  const std::uint64_t file = unpacker.number();
  if (file > 0) decision.file = file - 1;
  decision.covered.resize(unpacker.number_up_to(DecisionGraph::kMostTerms));
  if (unpacker.number_up_to(1) == 0) return decision;
  decision.graph.first = term();
  for (std::size_t i = 0; i < decision.covered.size(); ++i) {
    const std::uint16_t if_false = term();
    decision.graph.next.push_back({if_false, term()});
  }
  const std::size_t paths = count_paths(decision.graph);
  if (paths == 0) throw damaged("no path leads through a decision");
  decision.taken = counts.take_all(paths);
  if (decision.taken.empty()) return decision;
  const std::uint64_t covered = independent_terms(decision.graph, decision.taken);
  for (std::size_t i = 0; i < decision.covered.size(); ++i) {
    decision.covered[i] = (covered >> i & 1U) != 0;
  }
  return decision;
}

struct SourceLines {
  std::string source;
  std::vector<LlvmLine> lines;
};

SourceLines unpack_lines(Unpacker& unpacker, Counts& counts) {
  SourceLines result{std::string(unpacker.text()), {}};
  for (std::size_t left = unpacker.count(); left > 0; --left) {
    const std::uint32_t line = unpacker.number_of_32_bits();
    if (result.lines.empty() || result.lines.back().line != line)
      result.lines.push_back({line, {}});
    result.lines.back().counts.push_back(counts.take());
  }
  return result;
}

LlvmFunction unpack_function(Unpacker& unpacker, Counts& counts) {
  LlvmFunction function;
  function.name = unpacker.text();
  function.count = counts.take();
  for (std::size_t files = unpacker.count(); files > 0; --files) {
    function.files.emplace_back(unpacker.text());
  }
  function.regions =
      unpack_numbers(unpacker, LlvmFunction::kRegionSize, is_count_of_region, counts);
  function.branches =
      unpack_numbers(unpacker, LlvmFunction::kBranchSize, is_count_of_branch, counts);
  for (std::size_t decisions = unpacker.count(); decisions > 0; --decisions) {
    function.decisions.push_back(unpack_decision(unpacker, counts));
  }
  return function;
}

// Counts of two functions of one name may be added up, but not what their decisions have shown:
// there the name keeps the file that llvm-cov puts before it.
std::string_view name_in_part(const LlvmFunction& function) {
  return function.decisions.empty() ? linker_name(function.name) : function.name;
}

// The name with another one for that file. One that no report shows is where it is in its folder.
std::string renamed(const std::string& name, const LlvmNaming& name_of) {
  const std::string_view end = linker_name(name);
  if (end.size() == name.size()) return name;
  const std::string file = name.substr(0, name.size() - end.size() - 1);
  const std::string shown = name_of(file);
  return (shown.empty() ? file.substr(file.rfind('/') + 1) : shown) + ":" + std::string(end);
}

// Calls one of the two, with what the part holds.
template <typename OfLines, typename OfFunction>
void unpack(std::string_view bytes, Counts& counts, const OfLines& of_lines,
            const OfFunction& of_function) {
  Unpacker unpacker(bytes);
  const std::uint32_t kind = unpacker.number_up_to(kOnce);
  if (kind == kOfLines) {
    of_lines(unpack_lines(unpacker, counts));
  } else if (kind == kOfFunction) {
    of_function(unpack_function(unpacker, counts));
  }
  if (!unpacker.at_end()) throw damaged("there are bytes behind the end of a part");
}

}  // namespace

PackedPart pack_llvm_once() {
  Packer packer;
  packer.number(kOnce);
  return {packer.take(), {}};
}

bool is_llvm_once(std::string_view bytes) { return bytes == pack_llvm_once().bytes; }

PackedPart pack_llvm_lines(const std::string& source, const std::vector<LlvmLine>& lines) {
  PackedPart part;
  Packer packer;
  packer.number(kOfLines);
  packer.text(source);
  for (const LlvmLine& line : lines) {
    part.counts.insert(part.counts.end(), line.counts.begin(), line.counts.end());
  }
  // The line of each count: so the bytes limit the memory of who reads them.
  packer.number(part.counts.size());
  for (const LlvmLine& line : lines) {
    for (std::size_t i = 0; i < line.counts.size(); ++i) packer.number(line.line);
  }
  part.bytes = packer.take();
  return part;
}

std::optional<PackedPart> renamed_llvm_function(const PackedPart& function,
                                                const LlvmNaming& name_of) {
  Counts counts(function.counts);
  std::optional<PackedPart> result;
  unpack(
      function.bytes, counts, [](const SourceLines&) {},
      [&](LlvmFunction unpacked) {
        bool is_shown = false;
        for (std::string& file : unpacked.files) {
          file = name_of(file);
          is_shown = is_shown || !file.empty();
        }
        if (!is_shown) return;
        unpacked.name = renamed(unpacked.name, name_of);
        result = pack_llvm_function(unpacked);
      });
  return result;
}

PackedPart pack_llvm_function(const LlvmFunction& function) {
  PackedPart part;
  Packer packer;
  packer.number(kOfFunction);
  packer.text(name_in_part(function));
  part.counts.push_back(function.count);
  packer.number(function.files.size());
  for (const std::string& file : function.files) packer.text(file);
  pack_numbers(function.regions, LlvmFunction::kRegionSize, is_count_of_region, packer,
               part.counts);
  pack_numbers(function.branches, LlvmFunction::kBranchSize, is_count_of_branch, packer,
               part.counts);
  packer.number(function.decisions.size());
  for (const auto& decision : function.decisions) pack_decision(decision, packer, part.counts);
  part.bytes = packer.take();
  return part;
}

std::size_t count_llvm_counts(std::string_view bytes) {
  Counts counts({});
  unpack(
      bytes, counts, [](const SourceLines&) {}, [](const LlvmFunction&) {});
  return counts.taken();
}

void add_llvm_part(std::string_view bytes, std::span<const std::uint64_t> all, LlvmExport& result) {
  Counts counts(all);
  unpack(
      bytes, counts,
      [&](const SourceLines& lines) {
        auto& sums = result[lines.source].lines;
        for (const LlvmLine& line : lines.lines) {
          // Of a damaged record a line may stand there twice.
          sums[line.line] = std::max(sums[line.line], line.count());
        }
      },
      [&](const LlvmFunction& function) { add_function(function, result); });
}

}  // namespace gentle
