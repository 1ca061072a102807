#include "coverage/languages/go_memory.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/error.h"
#include "coverage/image/bytes.h"

namespace gentle {
namespace {

constexpr std::size_t kAtOnce = std::size_t{1} << 20;
constexpr std::uint64_t kWordSize = sizeof(std::uint64_t);
// Real programs have a few thousand packages, and some megabytes of each of these.
constexpr std::uint64_t kMostPackages = std::uint64_t{1} << 16;
constexpr std::uint64_t kLargestPackage = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostCounters = std::uint64_t{64} << 20;  // bytes
constexpr std::uint64_t kMostVariables = std::uint64_t{256} << 20;
// Of what is read: itself, and what is made of it.
constexpr std::size_t kTwice = 2;
constexpr std::size_t kParsed = 48;  // what is parsed of a package, in its own sizes, at most

// Where in runtime.moduledata the ends of its areas stand (symtab.go), each behind its begin.
constexpr std::uint64_t kCode = 176;
constexpr std::uint64_t kVariables = 224;       // bss: those that hold pointers
constexpr std::uint64_t kPlainVariables = 240;  // noptrbss, and in it
constexpr std::uint64_t kCounterArea = 256;
constexpr std::uint64_t kModuleSize = 272;

// Of the table of functions, since Go 1.20, and before.
constexpr std::uint32_t kTableMagics[] = {0xfffffff1, 0xfffffff0};

// rtcov.CovMetaBlob: its pointer, length, hash, path, number, mode, granularity.
constexpr std::uint64_t kEntrySize = 64;
constexpr std::uint64_t kEntryLength = 8;
constexpr std::uint64_t kEntryHash = 12;
constexpr std::uint64_t kEntryNumber = 48;
constexpr std::uint64_t kEntryMode = 56;
constexpr std::uint64_t kEntryGranularity = 57;
constexpr std::uint64_t kHashLength = 16;
constexpr std::uint64_t kHashInPackage = 16;
constexpr std::uint64_t kLeastPackage = 44;
constexpr std::uint8_t kCountsBlocks = 1;

// In front of the counters of a function: how many, its package, its own number.
constexpr std::size_t kHeadWords = 3;

struct Area {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  bool holds(const Area& other) const { return begin <= other.begin && other.end <= end; }
};

struct Module {
  Area variables;
  Area plain_variables;
  Area counters;
};

struct ListedPackage {
  std::string bytes;
  std::int64_t number = 0;  // negative: that by which the runtime's own packages are counted
  std::uint8_t mode = 0;
};

std::vector<std::uint32_t> blocks_of(const GoPackage& package) {
  std::vector<std::uint32_t> blocks;
  blocks.reserve(package.functions.size());
  for (const GoFunction& function : package.functions) {
    blocks.push_back(static_cast<std::uint32_t>(function.blocks.size()));
  }
  return blocks;
}

class GoProgram {
 public:
  GoProgram(const Memory& memory, const ElfImage& image, std::uint64_t bias)
      : memory_(memory), image_(image), bias_(bias) {}

  GoSnapshot read() {
    const Module module = find_module();
    GoSnapshot snapshot;
    const std::vector<ListedPackage> listed = find_packages(module.variables);
    if (listed.empty()) return snapshot;
    std::vector<std::string> hashes;
    for (const ListedPackage& package : listed) {
      if (is_mode(package.mode)) snapshot.mode = static_cast<GoMode>(package.mode);
      hashes.push_back(package.bytes.substr(kHashInPackage, kHashLength));
    }
    snapshot.counters.hash = hash_in(module.plain_variables, go_meta_hashes(hashes, snapshot.mode));
    snapshot.counters.functions = counts_of(listed, words_of(module.counters));
    for (const ListedPackage& package : listed) snapshot.packages.push_back(package.bytes);
    return snapshot;
  }

  Area counters() { return find_module().counters; }

  std::vector<std::uint32_t> words_of(const Area& area) const {
    std::vector<std::uint32_t> words(area.size() / sizeof(std::uint32_t));
    memory_.keep(kTwice * area.size());
    memory_.read(area.begin, words.data(), words.size() * sizeof(std::uint32_t));
    return words;
  }

  // Calls use(place of the first counter, number, package, function) for each function that was
  // called.
  template <typename Use>
  void for_each_function(const std::vector<std::uint32_t>& words, const Use& use) const {
    for (std::size_t at = 0; at < words.size();) {
      if (words[at] == 0) {
        ++at;  // was not called
        continue;
      }
      const std::size_t first = at + kHeadWords;
      if (first > words.size() || words[at] > words.size() - first) {
        fail("its counters do not end where the next ones begin");
      }
      use(first, words[at], words[at + 1], words[at + 2]);
      at = first + words[at];
    }
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read Go's coverage of", memory_.name(), cause);
  }

  static bool is_mode(std::uint8_t mode) {
    return mode >= static_cast<std::uint8_t>(GoMode::kSet) &&
           mode <= static_cast<std::uint8_t>(GoMode::kAtomic);
  }

  bool is_in_image(std::uint64_t address, std::uint64_t size) const {
    return find_segment(image_, address - bias_, size) != nullptr;
  }

  // Calls use(`size` bytes from there on) for each word of an area, until it gives true.
  template <typename Use>
  void search(const Area& area, std::uint64_t size, const Use& use) const {
    std::string piece;
    for (std::uint64_t at = area.begin; at + size <= area.end; at += kAtOnce) {
      piece.resize(std::min<std::uint64_t>(kAtOnce + size, area.end - at));
      memory_.read(at, piece.data(), piece.size());
      memory_.check_time();
      for (std::uint64_t i = 0; i < kAtOnce && i + size <= piece.size(); i += kWordSize) {
        if (use(std::string_view(piece).substr(i, size))) return;
      }
    }
  }

  // runtime.firstmoduledata begins with the address of the table of functions.
  Module find_module() const {
    const std::uint64_t table = bias_ + image_.go_functions->address;
    const auto magic = memory_.get<std::uint32_t>(table);
    if (std::find(std::begin(kTableMagics), std::end(kTableMagics), magic) ==
        std::end(kTableMagics)) {
      fail("its table of functions is of a version of Go that is not known");
    }
    std::optional<Module> found;
    for (const ElfSegment& segment : image_.segments) {
      if (!segment.writable || found) continue;
      const std::uint64_t begin = bias_ + (segment.address + kWordSize - 1) / kWordSize * kWordSize;
      const std::uint64_t end = bias_ + segment.address + segment.file_size;
      search({begin, std::max(begin, end)}, kModuleSize, [&](std::string_view bytes) {
        if (number_at<std::uint64_t>(bytes, 0) == table) found = module_at(bytes);
        return found.has_value();
      });
    }
    if (!found) fail("the runtime's list of its memory is not where Go puts it");
    return *found;
  }

  static Area area_at(std::string_view module, std::uint64_t at) {
    return {number_at<std::uint64_t>(module, at), number_at<std::uint64_t>(module, at + kWordSize)};
  }

  // Nothing: it is another pointer to that table.
  std::optional<Module> module_at(std::string_view bytes) const {
    for (std::uint64_t at = kCode; at < kModuleSize; at += 2 * kWordSize) {
      const Area area = area_at(bytes, at);
      if (area.end < area.begin || !is_in_image(area.begin, area.size())) return std::nullopt;
    }
    const Module module{area_at(bytes, kVariables), area_at(bytes, kPlainVariables),
                        area_at(bytes, kCounterArea)};
    const bool is_it = module.plain_variables.holds(module.counters) &&
                       module.counters.begin % sizeof(std::uint32_t) == 0;
    if (!is_it) return std::nullopt;
    if (module.counters.size() > kMostCounters || module.variables.size() > kMostVariables ||
        module.plain_variables.size() > kMostVariables) {
      fail("it has more counters or variables than any program of Go");
    }
    return module;
  }

  // rtcov.Meta.List, a slice: pointer, length, capacity.
  std::vector<ListedPackage> find_packages(const Area& variables) const {
    constexpr std::uint64_t kSlice = 3 * kWordSize;
    std::vector<ListedPackage> packages;
    const std::uint64_t begin = (variables.begin + kWordSize - 1) / kWordSize * kWordSize;
    search({begin, std::max(begin, variables.end)}, kSlice, [&](std::string_view bytes) {
      const auto list = number_at<std::uint64_t>(bytes, 0);
      const auto length = number_at<std::uint64_t>(bytes, kWordSize);
      const auto capacity = number_at<std::uint64_t>(bytes, 2 * kWordSize);
      const bool may_be = list != 0 && list % kWordSize == 0 && length != 0 &&
                          length <= kMostPackages && length <= capacity &&
                          capacity <= kMostPackages;
      if (may_be && is_package_list(list)) packages = read_packages(list, length);
      return !packages.empty();
    });
    return packages;
  }

  // The one that the runtime has computed at its begin (finalHash); before that, the newest one.
  std::string hash_in(const Area& variables, const std::vector<std::string>& hashes) const {
    std::string found = hashes.front();
    search(variables, kHashLength, [&](std::string_view bytes) {
      const auto known = std::find(hashes.begin(), hashes.end(), bytes);
      if (known == hashes.end()) return false;
      found = *known;
      return true;
    });
    return found;
  }

  std::string entry_at(std::uint64_t address) const {
    std::string entry(kEntrySize, '\0');
    entry.resize(memory_.read_some(address, entry.data(), entry.size()));
    return entry;
  }

  // By its first entry: the meta-data of a package has the length and the hash that the entry says.
  bool is_package_list(std::uint64_t list) const {
    const std::string entry = entry_at(list);
    if (entry.size() < kEntrySize) return false;
    const auto package = number_at<std::uint64_t>(entry, 0);
    const auto length = number_at<std::uint32_t>(entry, kEntryLength);
    if (length < kLeastPackage || !is_in_image(package, length)) return false;
    if (memory_.get<std::uint32_t>(package) != length) return false;
    std::string hash(kHashLength, '\0');
    memory_.read(package + kHashInPackage, hash.data(), hash.size());
    return entry.compare(kEntryHash, kHashLength, hash) == 0;
  }

  std::vector<ListedPackage> read_packages(std::uint64_t list, std::uint64_t length) const {
    std::vector<ListedPackage> packages;
    std::uint8_t mode = 0;
    for (std::uint64_t i = 0; i < length; ++i) {
      const std::uint64_t at = list + i * kEntrySize;
      if (!is_package_list(at)) fail("one of its packages has other meta-data than it says");
      packages.push_back(read_package(entry_at(at)));
      const std::uint8_t own = packages.back().mode;
      if (is_mode(own) && mode != 0 && own != mode) fail("its packages count in several modes");
      if (is_mode(own)) mode = own;
    }
    if (mode == 0) fail("its mode of counting is not known");
    return packages;
  }

  ListedPackage read_package(const std::string& entry) const {
    const auto length = number_at<std::uint32_t>(entry, kEntryLength);
    if (length > kLargestPackage) fail("the meta-data of one of its packages is too large");
    if (number_at<std::uint8_t>(entry, kEntryGranularity) != kCountsBlocks) {
      fail("it does not count blocks");
    }
    memory_.keep(kTwice * length);
    ListedPackage package{std::string(length, '\0'), number_at<std::int64_t>(entry, kEntryNumber),
                          number_at<std::uint8_t>(entry, kEntryMode)};
    memory_.read(number_at<std::uint64_t>(entry, 0), package.bytes.data(), length);
    return package;
  }

  GoCounts counts_of(const std::vector<ListedPackage>& listed,
                     const std::vector<std::uint32_t>& words) const {
    std::vector<std::vector<std::uint32_t>> packages;  // of each function, how many blocks
    std::map<std::int64_t, std::uint32_t> places;      // of those with a number of their own
    for (const ListedPackage& package : listed) {
      if (package.number < 0) places[package.number] = static_cast<std::uint32_t>(packages.size());
      const KeptMeanwhile meanwhile(memory_.budget());
      memory_.keep(kParsed * package.bytes.size());
      packages.push_back(blocks_of(parse_go_package(package.bytes, memory_.name())));
    }
    GoCounts counts;
    for_each_function(words, [&](std::size_t first, std::uint32_t number, std::uint32_t package,
                                 std::uint32_t function) {
      const auto counters = words.begin() + static_cast<std::ptrdiff_t>(first);
      std::vector<std::uint32_t> own(counters, counters + number);
      if (std::all_of(own.begin(), own.end(), [](std::uint32_t count) { return count == 0; })) {
        return;
      }
      const std::uint32_t place = place_of(package, places);
      const bool is_right = place < packages.size() && function < packages[place].size() &&
                            packages[place][function] == number;
      if (!is_right) fail("it has counters of a function that its meta-data does not know");
      counts[{place, function}] = std::move(own);
    });
    return counts;
  }

  // Its package has the number 0 before it is initialised, and a negative one if it is of the
  // runtime.
  std::uint32_t place_of(std::uint32_t package,
                         const std::map<std::int64_t, std::uint32_t>& places) const {
    const auto number = static_cast<std::int32_t>(package);
    if (number > 0) return package - 1;
    const auto known = places.find(number);
    if (known == places.end()) {
      fail("it ended before the packages that had counted were initialised");
    }
    return known->second;
  }

  const Memory& memory_;
  const ElfImage& image_;
  const std::uint64_t bias_;
};

}  // namespace

GoSnapshot read_go_program(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  return GoProgram(memory, image, bias).read();
}

void reset_go_counters(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias) {
  const KeptMeanwhile meanwhile(child.budget());
  GoProgram program(child, image, bias);
  const Area counters = program.counters();
  const std::vector<std::uint32_t> words = program.words_of(counters);
  // What stands in front of them stays: a function that is being executed does not write it again.
  program.for_each_function(
      words, [&](std::size_t first, std::uint32_t number, std::uint32_t, std::uint32_t) {
        child.clear(counters.begin + first * sizeof(std::uint32_t), number * sizeof(std::uint32_t));
      });
}

}  // namespace gentle
