#include "coverage/languages/hits.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>

#include "base/error.h"
#include "base/number.h"

namespace gentle {
namespace {

struct RecorderFiles {
  Language language;
  std::string_view name;   // their names begin so
  std::string_view magic;  // in the first word of the hits
};
constexpr RecorderFiles kRecorders[] = {{Language::kPython, "python.", "GPYHITS1"},
                                        {Language::kNode, "node.", "GJSHITS1"},
                                        {Language::kJava, "java.", "GJVHITS1"}};

constexpr std::size_t kWord = 8;
constexpr std::size_t kHeaderWords = 8;
constexpr std::uint32_t kMostWays = 1U << 20U;  // of a source; as in gentle_node_recorder.cjs
constexpr std::uint64_t kLineMask = (std::uint64_t{1} << 24U) - 1;
constexpr std::uint64_t kLeaves = std::uint64_t{1} << 23U;  // the target of an arc is no line

// By the number in the second word of a file.
constexpr std::string_view kLosses[] = {
    "",
    "its file of hits could not grow",
    "the name of a source could not be written",
    "it has more sources, or lines in one, than a hit can name",
    "a child that it forked could not begin a file of hits",
    "a debugger or another tracer took the recorder's place",
    "its ES modules could not be recorded",
    "one of its threads could not be recorded",
    "one of its classes could not be kept for the report",
    "one of its classes could not be instrumented",
    "another tracer took the recorder's place, or a full stack or a handler interrupted it",
};

std::uint64_t word_at(std::string_view bytes, std::size_t index) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + index * kWord, kWord);
  return word;
}

std::string_view magic_of(Language language) {
  return std::find_if(std::begin(kRecorders), std::end(kRecorders),
                      [language](const RecorderFiles& files) { return files.language == language; })
      ->magic;
}

bool is_all_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

Error corrupt(const std::string& path, const std::string& cause) {
  return Error("read hits", path, "it is corrupt: " + cause);
}

std::string_view take_field(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

// The sources by their numbers.
class Names {
 public:
  Names(std::string_view text, const std::string& path, Hits& hits) : path_(path), hits_(hits) {
    while (true) {
      const std::size_t end = text.find('\0');
      if (end == std::string_view::npos) return;  // the rest was cut off with its process
      add(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
  }

  HitSource* find(std::uint64_t number) {
    const auto found = indices_.find(number);
    return found == indices_.end() ? nullptr : &hits_.sources[found->second];
  }

 private:
  static std::uint32_t take_number(std::string_view& record, const std::string& path,
                                   const std::string& cause) {
    const auto number = parse_integer<std::uint32_t>(take_field(record), 1, kLineMask);
    if (!number) throw corrupt(path, cause);
    return *number;
  }

  void add(std::string_view record) {
    const std::string_view kind = take_field(record);
    if (kind == "P") {
      hits_.version = take_field(record);
      hits_.interpreter = record;
      return;
    }
    if (kind == "X") return add_uncounted(record);
    if (kind == "A") {
      hits_.has_arcs = true;
      return;
    }
    const auto number = parse_integer<std::uint64_t>(take_field(record), 1, 0xffff);
    if (kind == "S" && number) return add_statements(*number, record);
    if (kind == "B" && number) return add_branches(*number, record);
    const auto size = parse_integer<std::uint64_t>(take_field(record), 0, UINT64_MAX);
    const auto crc = parse_integer<std::uint32_t>(take_field(record), 0, UINT32_MAX);
    if (kind != "F" || !number || !size || !crc || !record.starts_with("/")) {
      throw corrupt(path_, "a name in it is not of a source");
    }
    if (!indices_.emplace(*number, hits_.sources.size()).second) {
      throw corrupt(path_, "two sources have the number " + std::to_string(*number));
    }
    hits_.sources.push_back({std::string(record), *size, *crc, {}});
  }

  void add_statements(std::uint64_t number, std::string_view record) {
    HitSource* source = find(number);
    if (source == nullptr) throw corrupt(path_, "it has statements of no source");
    while (!record.empty()) {
      source->statements.insert(take_number(record, path_, "a statement in it has no line"));
    }
  }

  void add_branches(std::uint64_t number, std::string_view record) {
    HitSource* source = find(number);
    if (source == nullptr) throw corrupt(path_, "it has branches of no source");
    if (!source->branches.empty()) throw corrupt(path_, "it has the branches of a source twice");
    std::uint32_t left = kMostWays;
    while (!record.empty()) {
      const HitBranch branch{take_number(record, path_, "a branch in it has no line"),
                             take_number(record, path_, "a branch in it has no ways")};
      if (!source->statements.contains(branch.line)) {
        throw corrupt(path_, "it holds a branch without a statement");
      }
      if (branch.ways > left) throw corrupt(path_, "it has more branches than a recorder notes");
      left -= branch.ways;
      source->branches.push_back(branch);
    }
  }

  void add_uncounted(std::string_view record) {
    const auto reason = parse_integer<std::uint32_t>(take_field(record), 0, UINT32_MAX);
    if (!reason || !record.starts_with("/"))
      throw corrupt(path_, "a name in it is not of a source");
    hits_.uncounted[std::string(record)] = *reason;
  }

  const std::string& path_;
  Hits& hits_;
  std::map<std::uint64_t, std::size_t> indices_;
};

std::uint64_t ways_of(const HitBranches& branches) {
  std::uint64_t sum = 0;
  for (const HitBranch& branch : branches) sum += branch.ways;
  return sum;
}

HitArc arc_of(std::uint32_t from, std::uint32_t target, const std::string& path) {
  const auto line = static_cast<std::int32_t>(target & ~kLeaves);
  if (line == 0) throw corrupt(path, "it holds an arc to no line");
  return {from, (target & kLeaves) != 0 ? -line : line};
}

// A line, an arc, or a way on from a branch.
void add_hit(Language language, std::uint64_t word, const std::string& path, HitSource& source) {
  const auto line = static_cast<std::uint32_t>(word & kLineMask);
  const auto way = static_cast<std::uint32_t>(word >> 24U & kLineMask);
  if (language == Language::kPython && line != 0 && way != 0) {
    source.arcs.insert(arc_of(way, line, path));
    return;
  }
  if ((line == 0) == (way == 0)) throw corrupt(path, "it holds no line");
  if (line == 0) {
    source.ways.insert(way);
    return;
  }
  if (language == Language::kNode && !source.statements.contains(line)) {
    throw corrupt(path, "it holds a line without a statement");
  }
  source.lines.insert(line);
}

}  // namespace

bool is_larger(const HitBranches& branches, const HitBranches& other) {
  const std::uint64_t ways = ways_of(branches);
  const std::uint64_t others = ways_of(other);
  if (ways != others) return ways > others;
  return std::lexicographical_compare(other.begin(), other.end(), branches.begin(), branches.end(),
                                      [](const HitBranch& left, const HitBranch& right) {
                                        return std::tie(left.line, left.ways) <
                                               std::tie(right.line, right.ways);
                                      });
}

std::optional<Language> language_of_hits(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(kHits)) return std::nullopt;
  for (const RecorderFiles& files : kRecorders) {
    if (name.starts_with(files.name)) return files.language;
  }
  return std::nullopt;
}

std::string names_of_hits(const std::string& hits_path) {
  return hits_path.substr(0, hits_path.size() - kHits.size()) + ".names";
}

std::string loss_of_hits(std::string_view hits) {
  if (hits.size() < kHeaderWords * kWord) return "";
  const std::uint64_t loss = word_at(hits, 1);
  if (loss == 0) return "";
  if (loss >= std::size(kLosses)) return "for a reason that this version of gentle does not know";
  const auto number = static_cast<int>(word_at(hits, 2) & 0xffff);
  std::string text(kLosses[loss]);
  return number == 0 ? text : text + ": " + errno_text(number);
}

Hits read_hits(Language language, std::string_view hits, std::string_view names,
               const std::string& path) {
  Hits result;
  if (is_all_zero(hits.substr(0, kHeaderWords * kWord))) {
    if (!is_all_zero(hits)) throw corrupt(path, "it has no beginning");
    return result;
  }
  if (hits.size() < kHeaderWords * kWord) throw corrupt(path, "it is too short");
  if (!hits.starts_with(magic_of(language))) throw corrupt(path, "it does not begin as one");
  if (hits.size() % kWord != 0) throw corrupt(path, "it ends within a hit");
  Names sources(names, names_of_hits(path), result);
  for (std::size_t i = kHeaderWords; i < hits.size() / kWord; ++i) {
    const std::uint64_t word = word_at(hits, i);
    if (word == 0) continue;  // a thread that was killed, or the end
    HitSource* source = sources.find(word >> 48U);
    if (source == nullptr) {
      throw corrupt(path, "it names a source " + std::to_string(word >> 48U) + " of none");
    }
    add_hit(language, word, path, *source);
  }
  for (const HitSource& source : result.sources) {
    if (!source.ways.empty() && *source.ways.rbegin() > ways_of(source.branches)) {
      throw corrupt(path, "it holds a way on from no branch");
    }
  }
  return result;
}

std::uint32_t crc32_of(std::string_view text) {
  constexpr std::uint32_t kPolynomial = 0xedb88320;
  std::uint32_t table[256];
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? kPolynomial ^ (value >> 1U) : value >> 1U;
    }
    table[i] = value;
  }
  std::uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xffU] ^ (crc >> 8U);
  }
  return ~crc;
}

}  // namespace gentle
