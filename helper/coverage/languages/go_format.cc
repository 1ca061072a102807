#include "coverage/languages/go_format.h"

#include <algorithm>

#include "base/error.h"
#include "coverage/image/bytes.h"
#include "coverage/image/compiler_hash.h"

namespace gentle {
namespace {

// 'c' 'v' 'm' and 'c' 'w' 'm' behind a zero.
constexpr std::string_view kMetaMagic{"\0cvm", 4};
constexpr std::string_view kCounterMagic{"\0cwm", 4};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHashSize = 16;
constexpr std::uint8_t kPerBlock = 1;  // the granularity
constexpr std::uint8_t kRaw = 1;       // the flavours of counters
constexpr std::uint8_t kUleb128 = 2;

constexpr std::size_t kMetaHeader = 56;
constexpr std::size_t kPackageHeader = 44;
constexpr std::size_t kCounterHeader = 32;
constexpr std::size_t kSegmentHeader = 16;
constexpr std::size_t kFooter = 16;

// A cursor over bytes that may hold anything.
class GoBytes {
 public:
  GoBytes(std::string_view bytes, const std::string& object) : bytes_(bytes), object_(object) {}

  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read Go's coverage", object_, cause);
  }
  [[noreturn]] void fail_cut() const { fail("it is cut off"); }

  std::size_t left() const { return bytes_.size() - at_; }

  void go_to(std::uint64_t at) {
    if (at > bytes_.size()) fail_cut();
    at_ = at;
  }

  std::string_view take(std::uint64_t size) {
    if (size > left()) fail_cut();
    const std::string_view taken = bytes_.substr(at_, size);
    at_ += size;
    return taken;
  }

  template <typename Number>
  Number number() {
    return number_at<Number>(take(sizeof(Number)), 0);
  }

  std::uint64_t uleb128() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = number<std::uint8_t>();
      const std::uint64_t part = byte & 0x7fU;
      if (shift > 63 || (part << shift) >> shift != part) fail("one of its numbers is too large");
      value |= part << shift;
      if ((byte & 0x80U) == 0) return value;
    }
  }

  std::uint32_t small_uleb128() {
    const std::uint64_t value = uleb128();
    if (value > UINT32_MAX) fail("one of its numbers is too large");
    return static_cast<std::uint32_t>(value);
  }

  std::vector<std::string_view> strings() {
    const std::uint64_t count = uleb128();
    if (count > left()) fail("it has more names than bytes");
    std::vector<std::string_view> names;
    for (std::uint64_t i = 0; i < count; ++i) names.push_back(take(uleb128()));
    return names;
  }

 private:
  std::string_view bytes_;
  const std::string& object_;
  std::size_t at_ = 0;
};

std::string name_at(const GoBytes& bytes, const std::vector<std::string_view>& names,
                    std::uint64_t index) {
  if (index >= names.size()) bytes.fail("one of its names is missing");
  return std::string(names[index]);
}

constexpr std::size_t kLeastBlock = 5;
constexpr std::size_t kLongestNames = 32;  // of all functions, in sizes of their package

// What the functions of a package may still take. Many could name the same bytes.
struct Room {
  std::size_t blocks = 0;
  std::size_t names = 0;

  static void take(std::size_t& room, std::size_t size, const GoBytes& bytes) {
    if (size > room) bytes.fail("its functions stand in one another");
    room -= size;
  }
};

GoFunction take_function(GoBytes& bytes, const std::vector<std::string_view>& names, Room& room) {
  GoFunction function;
  const std::uint64_t blocks = bytes.uleb128();
  function.name = name_at(bytes, names, bytes.uleb128());
  function.file = name_at(bytes, names, bytes.uleb128());
  Room::take(room.names, function.name.size() + function.file.size(), bytes);
  if (blocks > bytes.left() / kLeastBlock) bytes.fail_cut();
  Room::take(room.blocks, blocks, bytes);
  function.blocks.resize(blocks);
  for (GoBlock& block : function.blocks) {
    for (std::uint32_t* value : {&block.first_line, &block.first_column, &block.last_line,
                                 &block.last_column, &block.statements}) {
      *value = bytes.small_uleb128();
    }
    if (block.first_line == 0 || block.last_line < block.first_line) {
      bytes.fail("one of its blocks ends before it begins");
    }
  }
  function.is_literal = bytes.uleb128() != 0;
  return function;
}

GoMode mode_of(const GoBytes& bytes, std::uint8_t mode, std::uint8_t granularity) {
  if (mode < static_cast<std::uint8_t>(GoMode::kSet) ||
      mode > static_cast<std::uint8_t>(GoMode::kAtomic)) {
    bytes.fail("its mode of counting is not known: " + std::to_string(mode));
  }
  if (granularity != kPerBlock) bytes.fail("it does not count blocks");
  return static_cast<GoMode>(mode);
}

void check_version(GoBytes& bytes, std::string_view magic, const std::string& what) {
  if (bytes.left() < magic.size()) bytes.fail_cut();
  if (bytes.take(magic.size()) != magic) bytes.fail("it is no file of Go's " + what);
  const auto version = bytes.number<std::uint32_t>();
  if (version != kVersion) {
    bytes.fail("it is of version " + std::to_string(version) + " of its format, known is 1");
  }
}

std::uint32_t take_counter(GoBytes& bytes, std::uint8_t flavour) {
  return flavour == kRaw ? bytes.number<std::uint32_t>() : bytes.small_uleb128();
}

void take_segment(GoBytes& bytes, std::uint8_t flavour, GoCounts& counts) {
  const auto functions = bytes.number<std::uint64_t>();
  const auto names = bytes.number<std::uint32_t>();
  const auto arguments = bytes.number<std::uint32_t>();
  bytes.take(names);
  bytes.take(arguments);  // with what makes it a multiple of four
  for (std::uint64_t i = 0; i < functions; ++i) {
    const std::uint32_t size = take_counter(bytes, flavour);
    const std::uint32_t package = take_counter(bytes, flavour);
    const std::uint32_t function = take_counter(bytes, flavour);
    if (size == 0) bytes.fail("one of its functions has no blocks");
    if (size > bytes.left()) bytes.fail_cut();
    std::vector<std::uint32_t> counters(size);
    for (std::uint32_t& counter : counters) counter = take_counter(bytes, flavour);
    GoCounts one;
    one[{package, function}] = std::move(counters);
    if (!add_go_counts(counts, one, GoMode::kCount)) {
      bytes.fail("one of its functions has several numbers of blocks");
    }
  }
}

template <typename Number>
void append(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_uleb128(std::string& bytes, std::uint64_t value) {
  do {
    const auto part = static_cast<unsigned char>(value & 0x7fU);
    value >>= 7U;
    bytes += static_cast<char>(part | (value != 0 ? 0x80U : 0U));
  } while (value != 0);
}

std::string_view word_of(GoMode mode) {
  switch (mode) {
    case GoMode::kSet:
      return "set";
    case GoMode::kCount:
      return "count";
    case GoMode::kAtomic:
      return "atomic";
  }
  return "";
}

}  // namespace

GoPackage parse_go_package(std::string_view bytes, const std::string& object) {
  GoBytes head(bytes, object);
  if (head.number<std::uint32_t>() != bytes.size()) head.fail_cut();
  const auto name = head.number<std::uint32_t>();
  const auto path = head.number<std::uint32_t>();
  const auto module = head.number<std::uint32_t>();
  GoPackage package;
  package.hash = head.take(kHashSize);
  head.take(2 * sizeof(std::uint32_t));  // what is not used, and the number of files
  const auto functions = head.number<std::uint32_t>();
  if (functions > head.left() / sizeof(std::uint32_t)) head.fail_cut();
  GoBytes body(bytes, object);
  body.go_to(kPackageHeader + sizeof(std::uint32_t) * std::uint64_t{functions});
  const std::vector<std::string_view> names = body.strings();
  package.name = name_at(head, names, name);
  package.path = name_at(head, names, path);
  package.module = name_at(head, names, module);
  Room room{bytes.size() / kLeastBlock, bytes.size() * kLongestNames};
  for (std::uint32_t i = 0; i < functions; ++i) {
    body.go_to(head.number<std::uint32_t>());
    package.functions.push_back(take_function(body, names, room));
  }
  return package;
}

GoMeta parse_go_meta(std::string_view bytes, const std::string& path) {
  GoBytes head(bytes, path);
  check_version(head, kMetaMagic, "meta-data");
  if (head.number<std::uint64_t>() != bytes.size()) head.fail_cut();
  const auto packages = head.number<std::uint64_t>();
  GoMeta meta;
  meta.hash = head.take(kHashSize);
  head.take(2 * sizeof(std::uint32_t));  // its own names, of which there are none
  const auto mode = head.number<std::uint8_t>();
  meta.mode = mode_of(head, mode, head.number<std::uint8_t>());
  head.go_to(kMetaHeader);
  if (packages > head.left() / (2 * sizeof(std::uint64_t))) head.fail_cut();
  GoBytes sizes(bytes, path);
  sizes.go_to(kMetaHeader + sizeof(std::uint64_t) * packages);
  for (std::uint64_t i = 0; i < packages; ++i) {
    GoBytes body(bytes, path);
    body.go_to(head.number<std::uint64_t>());
    meta.packages.push_back(parse_go_package(body.take(sizes.number<std::uint64_t>()), path));
  }
  return meta;
}

GoCounters parse_go_counters(std::string_view bytes, const std::string& path) {
  GoBytes body(bytes, path);
  check_version(body, kCounterMagic, "counters");
  GoCounters counters;
  counters.hash = body.take(kHashSize);
  const auto flavour = body.number<std::uint8_t>();
  const bool is_big_endian = body.number<std::uint8_t>() != 0;
  if ((flavour != kRaw && flavour != kUleb128) || is_big_endian) {
    body.fail("its counters are written in a way that is not known");
  }
  body.go_to(kCounterHeader);
  // A footer stands behind each segment; only the last one tells how many there are.
  std::uint32_t segments = 0;
  do {
    take_segment(body, flavour, counters.functions);
    if (body.take(kCounterMagic.size()) != kCounterMagic) body.fail("it is damaged");
    body.take(sizeof(std::uint32_t));
    if (body.number<std::uint32_t>() != ++segments) body.fail("it is damaged");
    body.take(sizeof(std::uint32_t));
  } while (body.left() != 0);
  return counters;
}

bool add_go_counts(GoCounts& sum, const GoCounts& more, GoMode mode) {
  for (const auto& [place, counters] : more) {
    const auto known = sum.find(place);
    if (known != sum.end() && known->second.size() != counters.size()) return false;
  }
  for (const auto& [place, counters] : more) {
    std::vector<std::uint32_t>& known = sum[place];
    known.resize(counters.size());
    for (std::size_t i = 0; i < counters.size(); ++i) {
      const std::uint32_t most = mode == GoMode::kSet ? 1 : UINT32_MAX;
      const std::uint64_t both = std::uint64_t{known[i]} + counters[i];
      known[i] = static_cast<std::uint32_t>(std::min<std::uint64_t>(both, most));
    }
  }
  return true;
}

std::vector<std::string> go_meta_hashes(const std::vector<std::string>& package_hashes,
                                        GoMode mode) {
  std::string all;
  for (const std::string& one : package_hashes) all += one;
  all += word_of(mode);
  all += "perblock";
  return {fnv128_of(all), md5_of(all)};
}

std::string go_meta_file(const std::string& hash, GoMode mode,
                         const std::vector<std::string>& packages) {
  constexpr std::string_view kNames{"\1\0", 2};  // one, which is empty
  const std::size_t names_at = kMetaHeader + 2 * sizeof(std::uint64_t) * packages.size();
  std::uint64_t size = names_at + kNames.size();
  for (const std::string& package : packages) size += package.size();
  std::string bytes(kMetaMagic);
  bytes.reserve(size);
  append(bytes, kVersion);
  append(bytes, size);
  append(bytes, std::uint64_t{packages.size()});
  bytes += hash;
  append(bytes, static_cast<std::uint32_t>(names_at));
  append(bytes, static_cast<std::uint32_t>(kNames.size()));
  append(bytes, static_cast<std::uint8_t>(mode));
  append(bytes, kPerBlock);
  bytes.resize(kMetaHeader);
  std::uint64_t at = names_at + kNames.size();
  for (const std::string& package : packages) {
    append(bytes, at);
    at += package.size();
  }
  for (const std::string& package : packages) append(bytes, std::uint64_t{package.size()});
  bytes += kNames;
  for (const std::string& package : packages) bytes += package;
  return bytes;
}

std::string go_counter_file(const GoCounters& counters) {
  constexpr std::string_view kNames{"\1\0", 2};      // one, which is empty
  constexpr std::string_view kArguments{"\0\0", 2};  // none, and up to a multiple of four
  std::string bytes(kCounterMagic);
  append(bytes, kVersion);
  bytes += counters.hash;
  append(bytes, kUleb128);
  bytes.resize(kCounterHeader);
  append(bytes, std::uint64_t{counters.functions.size()});
  append(bytes, static_cast<std::uint32_t>(kNames.size()));
  append(bytes, static_cast<std::uint32_t>(kArguments.size()));
  static_assert((kSegmentHeader + kNames.size() + kArguments.size()) % 4 == 0);
  bytes += kNames;
  bytes += kArguments;
  for (const auto& [place, values] : counters.functions) {
    append_uleb128(bytes, values.size());
    append_uleb128(bytes, place.first);
    append_uleb128(bytes, place.second);
    for (const std::uint32_t value : values) append_uleb128(bytes, value);
  }
  const std::size_t end = bytes.size() + kFooter;
  bytes += kCounterMagic;
  append(bytes, std::uint32_t{0});
  append(bytes, std::uint32_t{1});
  bytes.resize(end);
  return bytes;
}

std::string go_meta_name(const std::string& hash) {
  return std::string(kGoMeta) + hexadecimal(hash);
}

std::string go_counter_name(const std::string& hash, int pid, std::int64_t time) {
  return std::string(kGoCounters) + hexadecimal(hash) + "." + std::to_string(pid) + "." +
         std::to_string(time);
}

}  // namespace gentle
