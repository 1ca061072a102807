#include "coverage/llvm/llvm_mapping.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

#include "coverage/image/bytes.h"

namespace gentle {
namespace {

// Of a record: a hash of the name, the size of the data, the hash of the function, and one of its
// file names.
constexpr std::size_t kSizeAt = 8;
constexpr std::size_t kHashAt = 12;
constexpr std::size_t kHeaderSize = 28;
constexpr std::size_t kAlignment = 8;

constexpr std::uint64_t kTagMask = 3;
constexpr std::uint64_t kIsExpansion = 4;
constexpr unsigned kKindShift = 3;
constexpr std::uint64_t kGapBit = std::uint64_t{1} << 31U;
constexpr std::uint64_t kWholeLine = 0xffffffff;

enum Kind : std::uint64_t {
  kCode = 0,
  kExpansion = 1,
  kSkipped = 2,
  kGap = 3,
  kBranch = 4,
  kDecision = 5,
  kTerm = 6,  // a branch that is a term of a decision
};

constexpr unsigned kFirstWithPaths = 19;  // releases before it number values of terms, not paths
constexpr std::size_t kMostTermsIn18 = 6;
constexpr unsigned kBitsOfByte = 8;

// Against records that would take too long.
constexpr std::uint64_t kMostTermsRead = 4096;
constexpr std::size_t kMostSteps = std::size_t{1} << 21U;

struct Malformed {};

class Numbers {
 public:
  explicit Numbers(std::string_view bytes) : bytes_(bytes) {}

  // ULEB128.
  std::uint64_t next() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) throw Malformed{};
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    throw Malformed{};
  }

  // Of things that take a byte each at least.
  std::size_t count() {
    const std::uint64_t value = next();
    if (value > bytes_.size()) throw Malformed{};
    return value;
  }

  void skip(std::size_t count) {
    for (; count > 0; --count) next();
  }

 private:
  std::string_view bytes_;
};

struct Region {
  std::uint64_t kind = kCode;
  std::uint64_t file = 0;
  std::uint64_t expanded = 0;
  std::array<std::uint64_t, 4> place{};  // line and column of the begin, and of the end
  std::uint64_t bitmap = 0;              // of a decision: where its bits are
  std::uint64_t terms = 0;               // and how many terms it has
  std::uint64_t identifier = 0;          // of a term, from 1 on
  std::array<std::uint64_t, 2> next{};  // its identifier if it is false, and if it is true; 0: none

  bool contains(const Region& inner) const {
    return file == inner.file &&
           std::pair(place[0], place[1]) <= std::pair(inner.place[0], inner.place[1]) &&
           std::pair(inner.place[2], inner.place[3]) <= std::pair(place[2], place[3]);
  }
};

void read_kind(Numbers& numbers, Region& region) {
  const std::uint64_t code = numbers.next();
  if ((code & kTagMask) != 0) return;  // of code, with its counter
  if ((code & kIsExpansion) != 0) {
    region.kind = kExpansion;
    region.expanded = code >> kKindShift;
    return;
  }
  region.kind = code >> kKindShift;
  if (region.kind > kTerm) throw Malformed{};
  if (region.kind == kBranch || region.kind == kTerm) numbers.skip(2);  // its counters
  if (region.kind == kTerm) {
    region.identifier = numbers.next();
    region.next[1] = numbers.next();
    region.next[0] = numbers.next();
  } else if (region.kind == kDecision) {
    region.bitmap = numbers.next();
    region.terms = numbers.next();
  }
}

// Lines are told as the distance from the begin of the region before.
void read_place(Numbers& numbers, std::uint64_t& line, Region& region) {
  line += numbers.next();
  const std::uint64_t column = numbers.next();
  const std::uint64_t end_line = line + numbers.next();
  std::uint64_t end_column = numbers.next();
  if ((end_column & kGapBit) != 0) {
    end_column &= ~kGapBit;
    region.kind = kGap;
  }
  const bool is_whole = column == 0 && end_column == 0;
  region.place = {line, is_whole ? 1 : column, end_line, is_whole ? kWholeLine : end_column};
}

std::vector<Region> read_regions(std::string_view data) {
  Numbers numbers(data);
  const std::size_t files = numbers.count();
  numbers.skip(files);
  const std::size_t expressions = numbers.count();
  numbers.skip(expressions);
  numbers.skip(expressions);
  std::vector<Region> regions;
  for (std::size_t file = 0; file < files; ++file) {
    std::uint64_t line = 0;
    for (std::size_t left = numbers.count(); left > 0; --left) {
      Region region;
      region.file = file;
      read_kind(numbers, region);
      read_place(numbers, line, region);
      regions.push_back(region);
    }
  }
  return regions;
}

// Its terms are the branches in it, also in macros that stand in it.
class OpenDecision {
 public:
  explicit OpenDecision(const Region& region) : region_(region) {}

  void enter(const Region& expansion) {
    if (holds(expansion)) macros_.insert(expansion.expanded);
  }

  // False if the term is not of it.
  bool take(const Region& term) {
    if (!holds(term) || term.identifier == 0 || term.identifier > region_.terms) return false;
    if (!identifiers_.insert(term.identifier).second) return false;
    // llvm-cov tells of the first one first, wherever it stands.
    terms_.insert(term.identifier == 1 ? terms_.begin() : terms_.end(), term);
    return true;
  }

  bool is_complete() const { return terms_.size() == region_.terms; }

  MappedDecision decision() const {
    MappedDecision result;
    result.place = {region_.place.begin(), region_.place.end()};
    result.file = region_.file;
    result.bitmap = region_.bitmap;
    for (const Region& term : terms_) result.identifiers.push_back(term.identifier - 1);
    DecisionGraph graph = this->graph();
    if (count_paths(graph) > 0) result.graph = std::move(graph);
    return result;
  }

 private:
  bool holds(const Region& region) const {
    return region_.contains(region) || macros_.contains(region.file);
  }

  DecisionGraph graph() const {
    DecisionGraph graph;
    if (terms_.size() > DecisionGraph::kMostTerms) return graph;
    std::map<std::uint64_t, std::uint16_t> places = {{0, DecisionGraph::kEnd}};
    for (const Region& term : terms_) {
      places.emplace(term.identifier, static_cast<std::uint16_t>(places.size() - 1));
    }
    const auto place_of = [&](std::uint64_t identifier) {
      const auto found = places.find(identifier);
      return found == places.end() ? kNowhere : found->second;
    };
    for (const Region& term : terms_) {
      graph.next.push_back({place_of(term.next[0]), place_of(term.next[1])});
    }
    graph.first = place_of(1);
    return graph;
  }

  static constexpr std::uint16_t kNowhere = DecisionGraph::kEnd + 1;  // no path leads through it

  Region region_;
  std::set<std::uint64_t> macros_;  // their files
  std::set<std::uint64_t> identifiers_;
  std::vector<Region> terms_;
};

// In the order of llvm-cov: as their last terms come.
class DecisionReader {
 public:
  std::vector<MappedDecision> read(const std::vector<Region>& regions) {
    for (const Region& region : regions) {
      if (region.kind == kDecision) begin(region);
      if (region.kind == kExpansion) enter(region);
      if (region.kind == kTerm) take(region);
    }
    if (!open_.empty()) throw Malformed{};
    return std::move(decisions_);
  }

 private:
  void begin(const Region& decision) {
    if (decision.terms == 0 || decision.terms > kMostTermsRead) throw Malformed{};
    open_.emplace_back(decision);
  }

  void enter(const Region& expansion) {
    count_steps();
    for (OpenDecision& decision : open_) decision.enter(expansion);
  }

  void take(const Region& term) {
    count_steps();
    const auto taker = std::find_if(open_.begin(), open_.end(),
                                    [&](OpenDecision& decision) { return decision.take(term); });
    if (taker == open_.end()) throw Malformed{};
    if (!taker->is_complete()) return;
    decisions_.push_back(taker->decision());
    open_.erase(taker);
  }

  void count_steps() {
    steps_ += open_.size();
    if (steps_ > kMostSteps) throw Malformed{};
  }

  std::vector<OpenDecision> open_;
  std::vector<MappedDecision> decisions_;
  std::size_t steps_ = 0;
};

void add_to_key(std::uint64_t number, std::string& key) { key += std::to_string(number) + " "; }

bool is_counted(std::uint64_t kind) {
  return kind != kBranch && kind != kDecision && kind != kTerm;
}

// The regions that llvm-cov tells of a function.
std::string key_of(const std::vector<Region>& regions) {
  std::string key;
  for (const Region& region : regions) {
    if (!is_counted(region.kind)) continue;
    for (const std::uint64_t number : region.place) add_to_key(number, key);
    for (const std::uint64_t number : {region.file, region.expanded, region.kind}) {
      add_to_key(number, key);
    }
  }
  return key;
}

std::string key_of(const LlvmFunction& function) {
  std::string key;
  for (const LlvmNumbers& region : function.regions) {
    for (std::size_t i = 0; i < LlvmFunction::kRegionSize; ++i) {
      if (i != LlvmFunction::kCount) add_to_key(region[i], key);
    }
  }
  return key;
}

bool is_at(const MappedDecision& mapped, const LlvmFunction::Decision& told) {
  return mapped.identifiers.size() == told.covered.size() &&
         std::equal(mapped.place.begin(), mapped.place.end(), told.numbers.begin());
}

}  // namespace

std::vector<MappedFunction> read_mapped_functions(std::string_view section) {
  std::vector<MappedFunction> functions;
  while (section.size() >= kHeaderSize) {
    const auto size = number_at<std::uint32_t>(section, kSizeAt);
    if (size > section.size() - kHeaderSize) break;
    try {
      const std::vector<Region> regions = read_regions(section.substr(kHeaderSize, size));
      std::vector<MappedDecision> decisions = DecisionReader().read(regions);
      if (!decisions.empty()) {
        functions.push_back({number_at<std::uint64_t>(section, 0),
                             number_at<std::uint64_t>(section, kHashAt), key_of(regions),
                             std::move(decisions)});
      }
    } catch (const Malformed&) {
      // Nobody finds it, which is told.
    }
    const std::size_t end = (kHeaderSize + size + kAlignment - 1) / kAlignment * kAlignment;
    section.remove_prefix(std::min(end, section.size()));
  }
  return functions;
}

LlvmMapping::LlvmMapping(const std::vector<MappedFunction>& functions) {
  for (const MappedFunction& function : functions) {
    const auto [known, is_new] =
        functions_.try_emplace(std::pair(function.name, function.regions), function);
    if (!is_new && known->second != function) known->second.reset();
  }
}

const MappedFunction* LlvmMapping::find(std::uint64_t name, const LlvmFunction& function) const {
  const auto found = functions_.find({name, key_of(function)});
  if (found == functions_.end() || !found->second) return nullptr;
  const std::vector<MappedDecision>& decisions = found->second->decisions;
  const bool are_same = std::equal(decisions.begin(), decisions.end(), function.decisions.begin(),
                                   function.decisions.end(), is_at);
  return are_same ? &*found->second : nullptr;
}

std::optional<std::vector<std::uint64_t>> taken_paths(const MappedDecision& decision,
                                                      std::string_view bitmap, unsigned release) {
  if (release == 0 || decision.graph.next.empty()) return std::nullopt;
  const bool by_path = release >= kFirstWithPaths;
  if (!by_path && decision.identifiers.size() > kMostTermsIn18) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  for (const std::uint32_t bit : by_path
                                     ? bits_of_paths(decision.graph)
                                     : bits_of_paths_in_18(decision.graph, decision.identifiers)) {
    numbers.push_back(bit);
  }
  // The number is that of the bit behind its last one, or of its first byte.
  if (by_path && decision.bitmap < numbers.size()) return std::nullopt;
  const std::uint64_t begin =
      by_path ? decision.bitmap - numbers.size() : decision.bitmap * kBitsOfByte;
  std::vector<std::uint64_t> taken;
  for (const std::uint64_t number : numbers) {
    const std::uint64_t byte = (begin + number) / kBitsOfByte;
    if (byte >= bitmap.size()) return std::nullopt;
    const auto bits = static_cast<unsigned char>(bitmap[byte]);
    taken.push_back(bits >> ((begin + number) % kBitsOfByte) & 1U);
  }
  return taken;
}

}  // namespace gentle
