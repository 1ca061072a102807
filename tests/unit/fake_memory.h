// Memory that a test makes up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "coverage/image/process_memory.h"

namespace gentle {

// Pieces at given addresses, which must not touch each other.
class FakeMemory : public Memory {
 public:
  FakeMemory() = default;
  explicit FakeMemory(std::string_view file) { put(0, file); }
  FakeMemory(std::uint64_t address, std::string_view bytes) { put(address, bytes); }

  void put(std::uint64_t address, std::string_view bytes) { pieces_[address] = bytes; }

  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override {
    ++reads;
    auto piece = pieces_.upper_bound(address);
    if (piece == pieces_.begin()) return 0;
    --piece;
    const std::uint64_t offset = address - piece->first;
    if (offset >= piece->second.size()) return 0;
    const std::size_t part = std::min<std::size_t>(size, piece->second.size() - offset);
    if (part == 0) return 0;
    std::memcpy(buffer, piece->second.data() + offset, part);
    return part;
  }

  std::string name() const override { return "memory"; }

  mutable int reads = 0;

 private:
  std::map<std::uint64_t, std::string> pieces_;
};

}  // namespace gentle
