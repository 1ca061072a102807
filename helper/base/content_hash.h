// A short name of a text: two texts that differ have, but for a chance of one in 2^64, two of them.
// No protection against people who want two texts to look alike.
#pragma once

#include <cstdint>
#include <string_view>

namespace gentle {

inline constexpr std::uint64_t kHashOfNothing = 0xcbf29ce484222325U;  // FNV-1a

// `hash` is that of the text before, if it comes part by part.
constexpr std::uint64_t content_hash(std::string_view text, std::uint64_t hash = kHashOfNothing) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace gentle
