// What the recorder of a process has written (assets/<language>/): the lines that it has executed,
// the ways on from branches or the arcs that it has taken, and whether that is all of them. One
// format for all languages; the comment on top of each recorder describes it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/language.h"

namespace gentle {

// Where a branch begins, and how many ways go on from there.
struct HitBranch {
  std::uint32_t line = 0;  // of a statement
  std::uint32_t ways = 0;

  bool operator==(const HitBranch&) const = default;
};

using HitBranches = std::vector<HitBranch>;

// Several texts may be made of one source, with other branches: of two lists, the larger one
// counts.
bool is_larger(const HitBranches& branches, const HitBranches& other);

// From one line to the one executed next in the same code; or out of the code that begins at line
// -to. Of Python, where coverage.py knows which arcs are branches.
struct HitArc {
  std::uint32_t from = 0;
  std::int32_t to = 0;

  bool operator==(const HitArc&) const = default;
  bool operator<(const HitArc& other) const {
    return std::tie(from, to) < std::tie(other.from, other.to);
  }
};

struct HitSource {
  std::string path;
  std::uint64_t size = 0;  // of its text when it ran
  std::uint32_t crc = 0;   // likewise
  std::set<std::uint32_t> lines;
  std::set<std::uint32_t> statements = {};  // lines that count, where the recorder knows them
  HitBranches branches = {};                // likewise
  std::set<std::uint32_t> ways = {};        // that were taken, from 1: the n-th of all branches
  std::set<HitArc> arcs = {};
};

struct Hits {
  std::string version;      // of the interpreter: "3.11.7"
  std::string interpreter;  // its program
  bool has_arcs = false;    // they were recorded, if any were taken
  std::vector<HitSource> sources;
  std::map<std::string, std::uint32_t> uncounted;  // sources by path, and the recorder's reason
};

inline constexpr std::string_view kHits = ".hits";

// By the name of the file; nothing for one that no recorder writes.
std::optional<Language> language_of_hits(std::string_view path);

// The file of names beside a file of hits.
std::string names_of_hits(const std::string& hits_path);

// What the recorder could not record, by its own word in the hits; "" if nothing is missing.
std::string loss_of_hits(std::string_view hits);

// A hits file that its process had no time to begin holds nothing. Throws Error, which names
// `path`, if a file is not what a recorder of this language writes.
Hits read_hits(Language language, std::string_view hits, std::string_view names,
               const std::string& path);

// As Python's binascii.crc32: whether a source is the one that ran.
std::uint32_t crc32_of(std::string_view text);

}  // namespace gentle
