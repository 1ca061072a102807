#include "coverage/combine/packed_llvm.h"

#include <algorithm>
#include <utility>

#include "coverage/combine/packed.h"

namespace gentle {
namespace {

constexpr std::uint32_t kOfLines = 0;
constexpr std::uint32_t kOfFunction = 1;

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
  return function;
}

// Calls one of the two, with what the part holds.
template <typename OfLines, typename OfFunction>
void unpack(std::string_view bytes, Counts& counts, const OfLines& of_lines,
            const OfFunction& of_function) {
  Unpacker unpacker(bytes);
  if (unpacker.number_up_to(kOfFunction) == kOfLines) {
    of_lines(unpack_lines(unpacker, counts));
  } else {
    of_function(unpack_function(unpacker, counts));
  }
  if (!unpacker.at_end()) throw damaged("there are bytes behind the end of a part");
}

}  // namespace

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
        if (is_shown) result = pack_llvm_function(unpacked);
      });
  return result;
}

PackedPart pack_llvm_function(const LlvmFunction& function) {
  PackedPart part;
  Packer packer;
  packer.number(kOfFunction);
  packer.text(linker_name(function.name));
  part.counts.push_back(function.count);
  packer.number(function.files.size());
  for (const std::string& file : function.files) packer.text(file);
  pack_numbers(function.regions, LlvmFunction::kRegionSize, is_count_of_region, packer,
               part.counts);
  pack_numbers(function.branches, LlvmFunction::kBranchSize, is_count_of_branch, packer,
               part.counts);
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
