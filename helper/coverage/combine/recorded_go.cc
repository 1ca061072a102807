#include "coverage/combine/recorded_go.h"

#include <algorithm>

namespace gentle {
namespace {

// A block may have any number of lines, and a report each of them. So they are packed in steps that
// take a byte each, and the bytes limit what a reader makes of them.
constexpr std::uint32_t kFullStep = 8;

void pack_lines(const GoBlock& block, Packer& packer) {
  packer.number(block.first_line);
  std::uint32_t left = block.last_line - block.first_line;
  for (; left >= kFullStep; left -= kFullStep) packer.number(kFullStep);
  packer.number(left);
}

void unpack_lines(Unpacker& unpacker, GoBlock& block) {
  block.first_line = unpacker.number_of_32_bits();
  if (block.first_line == 0) throw damaged("it names line 0");
  block.last_line = block.first_line;
  std::uint32_t step = kFullStep;
  while (step == kFullStep) {
    step = unpacker.number_up_to(kFullStep);
    if (step > UINT32_MAX - block.last_line) throw damaged("a number is too large");
    block.last_line += step;
  }
  // Of a block up to the very last number a loop would not end.
  if (block.last_line == UINT32_MAX) throw damaged("a number is too large");
}

}  // namespace

bool GoSource::has_blocks_of(const GoSource& other) const {
  return std::equal(
      functions.begin(), functions.end(), other.functions.begin(), other.functions.end(),
      [](const auto& a, const auto& b) { return a.name == b.name && a.blocks == b.blocks; });
}

void GoSource::add(const GoSource& other) {
  sums = sums && other.sums;
  const std::uint64_t most = sums ? UINT32_MAX : 1;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    auto& counts = functions[i].counts;
    for (std::size_t block = 0; block < counts.size(); ++block) {
      const std::uint64_t sum = std::uint64_t{counts[block]} + other.functions[i].counts[block];
      counts[block] = static_cast<std::uint32_t>(std::min(sum, most));
    }
  }
}

TableSource go_table_source(const GoSource& source) {
  TableSource result;
  for (const CountedGoFunction& function : source.functions) {
    std::uint32_t executed = 0;
    for (std::size_t i = 0; i < function.blocks.size(); ++i) {
      const std::int64_t count = function.counts[i];
      executed += count != 0 ? 1 : 0;
      const GoBlock& block = function.blocks[i];
      for (std::uint32_t line = block.first_line; line <= block.last_line; ++line) {
        auto& known = result.lines[line].count;
        known = std::max(known, count);
      }
    }
    if (function.name.empty() || function.blocks.empty()) continue;
    const std::int64_t calls = function.counts.front();
    result.functions[{function.name, function.blocks.front().first_line}] = {
        calls, calls, static_cast<std::uint32_t>(function.blocks.size()), executed};
  }
  return result;
}

void pack_go_source(const GoSource& source, Packer& packer) {
  packer.number(source.sums ? 1 : 0);
  packer.number(source.functions.size());
  for (const CountedGoFunction& function : source.functions) {
    packer.text(function.name);
    packer.number(function.blocks.size());
    for (std::size_t i = 0; i < function.blocks.size(); ++i) {
      const GoBlock& block = function.blocks[i];
      pack_lines(block, packer);
      packer.number(block.first_column);
      packer.number(block.last_column);
      packer.number(block.statements);
      packer.number(function.counts[i]);
    }
  }
}

GoSource unpack_go_source(Unpacker& unpacker) {
  GoSource source;
  source.sums = unpacker.number_up_to(1) == 1;
  for (std::size_t functions = unpacker.count(); functions > 0; --functions) {
    CountedGoFunction& function = source.functions.emplace_back();
    function.name = unpacker.text();
    for (std::size_t blocks = unpacker.count(); blocks > 0; --blocks) {
      GoBlock& block = function.blocks.emplace_back();
      unpack_lines(unpacker, block);
      block.first_column = unpacker.number_of_32_bits();
      block.last_column = unpacker.number_of_32_bits();
      block.statements = unpacker.number_of_32_bits();
      function.counts.push_back(unpacker.number_of_32_bits());
    }
  }
  return source;
}

}  // namespace gentle
