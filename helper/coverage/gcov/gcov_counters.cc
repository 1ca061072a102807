#include "coverage/gcov/gcov_counters.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

// The structures of libgcov.h as the LP64 ABIs of x86-64 and aarch64 lay them out. Where gcc 12 put
// the checksum there was padding, so only the length of `merge` changes what comes behind it.
struct RootLayout {
  std::uint64_t list;
  std::uint32_t flags;  // bit fields: dumped 1, run_counted 2
  std::uint32_t padding;
  std::uint64_t next;
  std::uint64_t prev;
};
constexpr std::uint32_t kDumped = 1;
constexpr std::uint32_t kRunCounted = 2;

struct InfoLayout {
  std::uint32_t version;
  std::uint32_t padding;
  std::uint64_t next;
  std::uint32_t stamp;
  std::uint32_t checksum;  // since gcc 12
  std::uint64_t filename;
};
struct InfoEndLayout {  // behind `merge`
  std::uint32_t function_count;
  std::uint32_t padding;
  std::uint64_t functions;
};

struct FunctionLayout {
  std::uint64_t key;
  std::uint32_t ident;
  std::uint32_t lineno_checksum;
  std::uint32_t cfg_checksum;
  std::uint32_t padding;
};
struct CountersLayout {  // behind the function, one for each kind in use
  std::uint32_t count;
  std::uint32_t padding;
  std::uint64_t values;
};

// The largest `merge` of all versions.
constexpr std::size_t kMostMergeFunctions = 16;
// A path that is longer cannot be opened: PATH_MAX, with its NUL.
constexpr std::size_t kLongestPath = 4096;
// How far above the top of the stack the caller of a dump is looked for: libgcov and the C library
// need some two thousand words to write a file.
constexpr std::size_t kStackWords = 8192;
// Of the initialised data of one image, and the number of images: more is not looked at. Nothing is
// reserved for what an image only claims to have.
constexpr std::uint64_t kLargestData = std::uint64_t{1} << 30;
constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
constexpr std::size_t kMostImages = 4096;
// A vector that grows may have twice as much as it holds; an entry of a set takes this much.
constexpr std::size_t kGrowth = 2;
constexpr std::size_t kSeenSize = 64;

// Calls `use(words, offset)` with each `count` words beside each other in the initialised data of a
// writable segment, which begins at `start` in `memory`, until it says true. `offset`: from there.
// A piece at a time, since the data may be large.
template <typename Use>
void find_words(const Memory& memory, const ElfSegment& segment, std::uint64_t start,
                std::size_t count, const Use& use) {
  constexpr std::uint64_t kSize = sizeof(std::uint64_t);
  const std::uint64_t skipped = (kSize - segment.address % kSize) % kSize;
  if (!segment.writable || segment.file_size < skipped) return;
  const std::uint64_t all = std::min(segment.file_size - skipped, kLargestData) / kSize * kSize;
  std::vector<std::uint64_t> words(kPiece / kSize);
  for (std::uint64_t done = 0; done + count * kSize <= all;) {
    const std::uint64_t part = std::min(all - done, kPiece);
    const std::uint64_t got = memory.read_some(start + skipped + done, words.data(), part) / kSize;
    if (got < count) return;
    const std::uint64_t places = got - count + 1;  // the last ones begin the next piece
    for (std::uint64_t i = 0; i < places; ++i) {
      if (use(&words[i], skipped + done + i * kSize)) return;
    }
    if (got * kSize < part) return;
    done += places * kSize;
  }
}

std::vector<CounterRange> joined(std::vector<CounterRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const CounterRange& a, const CounterRange& b) { return a.address < b.address; });
  std::vector<CounterRange> result;
  for (const CounterRange& range : ranges) {
    if (result.empty() || range.address > result.back().address + result.back().size) {
      result.push_back(range);
      continue;
    }
    CounterRange& last = result.back();
    last.size = std::max(last.size, range.address + range.size - last.address);
  }
  return result;
}

class Reader {
 public:
  Reader(const Memory& memory, const ElfImage& image, std::uint64_t bias)
      : memory_(memory), image_(image), bias_(bias) {}

  FirstGcovFile first_file(std::uint64_t root) const {
    const std::uint64_t first = get<RootLayout>(root).list;
    if (first == 0) return {};
    const auto info = get<InfoLayout>(first);
    return {read_path(info.filename), info.stamp};
  }

  void read(std::uint64_t root, GcovCounters& counters) {
    std::set<std::uint64_t> seen;
    std::uint64_t address = get<RootLayout>(root).list;
    while (address != 0) {
      if (!seen.insert(address).second) fail("its list of objects goes in a circle");
      const InfoLayout info = get<InfoLayout>(address);
      memory_.keep(sizeof(GcovObject) + kSeenSize);
      counters.objects.push_back(read_object(address, info));
      address = info.next;
    }
    counters.ranges = joined(std::move(ranges_));
    const std::uint32_t largest = largest_counter();
    for (GcovObject& object : counters.objects) {
      // libgcov-driver.c, dump_one_gcov: a second dump does not count the process again.
      if (counters.state.run_counted) continue;
      object.data.runs = 1;
      object.data.sum_max = largest;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read coverage counters of", memory_.name(), cause);
  }

  // Everything is in the image: it was laid out by the compiler, nothing is allocated.
  void require_in_image(std::uint64_t address, std::uint64_t size) const {
    if (find_segment(image_, address - bias_, size) == nullptr) {
      fail("a pointer leads out of the program");
    }
  }

  template <typename Layout>
  Layout get(std::uint64_t address) const {
    require_in_image(address, sizeof(Layout));
    return memory_.get<Layout>(address);
  }

  std::string read_path(std::uint64_t address) const {
    require_in_image(address, 1);
    std::string path(kLongestPath, '\0');
    path.resize(memory_.read_some(address, path.data(), path.size()));
    const std::size_t end = path.find('\0');
    if (end == std::string::npos || end == 0) fail("the path of an object is no text");
    path.resize(end);
    path.shrink_to_fit();
    memory_.keep(path.size());
    return path;
  }

  GcovObject read_object(std::uint64_t address, const InfoLayout& info) {
    format_ = find_gcov_format(info.version);
    if (format_ == nullptr) {
      fail("it was compiled by " + describe_gcov_version(info.version) + ", known are " +
           supported_gcov_versions());
    }
    GcovObject object;
    object.path = read_path(info.filename);
    object.data.version = info.version;
    object.data.stamp = info.stamp;
    if (format_->has_checksum) object.data.checksum = info.checksum;
    std::uint64_t at = address + sizeof(InfoLayout);
    object.data.kinds = read_kinds(at, object.path);
    at += std::uint64_t{format_->merge_functions} * sizeof(std::uint64_t);
    const auto end = get<InfoEndLayout>(at);
    require_in_image(end.functions, std::uint64_t{end.function_count} * sizeof(std::uint64_t));
    // Each function has its place in one list, so all together fit into the image.
    functions_ += end.function_count;
    if (functions_ > image_size() / sizeof(std::uint64_t)) fail("it has too many functions");
    memory_.keep(end.function_count * sizeof(GcdaFunction));
    object.data.functions.reserve(end.function_count);
    for (std::uint32_t i = 0; i < end.function_count; ++i) {
      const auto function = get<std::uint64_t>(end.functions + i * sizeof(std::uint64_t));
      read_function(function, address, object.data);
    }
    return object;
  }

  // The functions of `merge` tell what is counted: null if a kind is not.
  std::array<bool, kCounterKinds> read_kinds(std::uint64_t address, const std::string& path) const {
    std::array<std::uint64_t, kMostMergeFunctions> merge{};
    require_in_image(address, format_->merge_functions * sizeof merge[0]);
    memory_.read(address, merge.data(), format_->merge_functions * sizeof merge[0]);
    std::array<bool, kCounterKinds> kinds{};
    for (unsigned index = 0; index < format_->merge_functions; ++index) {
      if (merge[index] == 0) continue;
      const CounterKind* kind = counter_kind_at(index);
      if (kind == nullptr) {
        fail("'" + path + "' was compiled with -fprofile-generate, not only with --coverage");
      }
      kinds[static_cast<std::size_t>(*kind)] = true;
    }
    return kinds;
  }

  void read_function(std::uint64_t address, std::uint64_t object, Gcda& data) {
    GcdaFunction function;
    // As libgcov: a function whose key is another object is a COMDAT that is counted there.
    memory_.keep(0);
    if (address != 0) {
      const auto layout = get<FunctionLayout>(address);
      function.present = layout.key == object;
      if (function.present) {
        function.ident = layout.ident;
        function.lineno_checksum = layout.lineno_checksum;
        function.cfg_checksum = layout.cfg_checksum;
        read_counters(address + sizeof layout, function, data);
      }
    }
    data.functions.push_back(function);
  }

  void read_counters(std::uint64_t address, GcdaFunction& function, Gcda& data) {
    for (std::size_t kind = 0; kind < kCounterKinds; ++kind) {
      if (!data.kinds[kind]) continue;
      const auto layout = get<CountersLayout>(address);
      address += sizeof layout;
      function.counts[kind] = layout.count;
      if (layout.count == 0) continue;
      const std::uint64_t size = std::uint64_t{layout.count} * sizeof(std::int64_t);
      require_in_image(layout.values, size);
      // Each function has its own, so all together fit into the image.
      counted_ += size;
      if (counted_ > image_size()) fail("it has more counters than it has room for");
      memory_.keep(kGrowth * size + kGrowth * sizeof(CounterRange));
      const std::size_t first = data.counters.size();
      data.counters.resize(first + layout.count);
      memory_.read(layout.values, &data.counters[first], size);
      ranges_.push_back({layout.values, size});
      const auto begin = data.counters.begin() + static_cast<std::ptrdiff_t>(first);
      // gcov_do_dump looks at the first counters of each function.
      if (kind == 0) largest_ = std::max(largest_, *std::max_element(begin, data.counters.end()));
    }
  }

  std::uint64_t image_size() const {
    std::uint64_t size = 0;
    for (const ElfSegment& segment : image_.segments) size += segment.memory_size;
    return size;
  }

  // The type of sum_max in gcov-io.h has 32 bits.
  std::uint32_t largest_counter() const { return static_cast<std::uint32_t>(largest_); }

  const Memory& memory_;
  const ElfImage& image_;
  const std::uint64_t bias_;
  const GcovFormat* format_ = nullptr;
  std::uint64_t functions_ = 0;
  std::uint64_t counted_ = 0;
  std::int64_t largest_ = 0;
  std::vector<CounterRange> ranges_;
};

// Of another image as well, so nothing is known of where it may be.
template <typename Layout>
std::optional<Layout> try_get(const Memory& memory, std::uint64_t address) {
  Layout layout{};
  if (memory.read_some(address, &layout, sizeof layout) != sizeof layout) return std::nullopt;
  return layout;
}

// One of these is under way for as long as libgcov writes, in every version of gcc.
bool is_dumper(RuntimeFunction function) {
  return function == RuntimeFunction::kGcovExit || function == RuntimeFunction::kGcovDumpOne;
}

bool is_root(const Memory& memory, std::uint64_t address, std::uint32_t version) {
  if (address == 0 || address % alignof(RootLayout) != 0) return false;
  const auto root = try_get<RootLayout>(memory, address);
  if (!root || root->prev != 0 || root->flags > (kDumped | kRunCounted)) return false;
  const auto info = try_get<InfoLayout>(memory, root->list);
  return info && info->version == version;
}

bool is_written_root(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                     const RootLayout& root) {
  const bool is_written = (root.flags & ~kRunCounted) == kDumped && root.padding == 0;
  if (!is_written || find_segment(image, root.list - bias, sizeof(InfoLayout)) == nullptr) {
    return false;
  }
  const auto info = try_get<InfoLayout>(memory, root.list);
  return info && find_gcov_format(info->version) != nullptr;
}

std::vector<std::uint64_t> list_roots(const Memory& memory, std::uint64_t address) {
  std::vector<std::uint64_t> roots;
  while (address != 0 && roots.size() < kMostImages &&
         std::find(roots.begin(), roots.end(), address) == roots.end()) {
    const auto root = try_get<RootLayout>(memory, address);
    if (!root) break;
    roots.push_back(address);
    address = root->next;
  }
  return roots;
}

void write_flags(const ProcessMemory& memory, std::uint64_t bias, const ElfSymbol& root,
                 std::uint32_t flags) {
  std::string bytes(sizeof flags, '\0');
  std::memcpy(bytes.data(), &flags, sizeof flags);
  memory.write(bias + root.address + offsetof(RootLayout, flags), bytes);
}

}  // namespace

GcovState read_gcov_state(const Memory& memory, std::uint64_t bias, const ElfSymbol& root) {
  const auto layout = memory.get<RootLayout>(bias + root.address);
  return {(layout.flags & kDumped) != 0, (layout.flags & kRunCounted) != 0};
}

FirstGcovFile first_gcov_file(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                              const ElfSymbol& root) {
  return Reader(memory, image, bias).first_file(bias + root.address);
}

GcovCounters read_gcov_counters(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                                const ElfSymbol& root) {
  const BlockMemory blocks(memory);
  GcovCounters counters;
  counters.state = read_gcov_state(blocks, bias, root);
  Reader(blocks, image, bias).read(bias + root.address, counters);
  return counters;
}

std::set<std::uint32_t> find_gcov_stamps(const Memory& file, const ElfImage& image) {
  constexpr std::size_t kWords = sizeof(InfoLayout) / sizeof(std::uint64_t);
  std::set<std::uint32_t> stamps;
  for (const ElfSegment& segment : image.segments) {
    find_words(file, segment, segment.offset, kWords,
               [&](const std::uint64_t* words, std::uint64_t) {
                 if (words[0] > UINT32_MAX || words[0] == 0) return false;
                 if (find_gcov_format(static_cast<std::uint32_t>(words[0])) == nullptr)
                   return false;
                 InfoLayout info{};
                 std::memcpy(&info, words, sizeof info);
                 if (info.next != 0) return false;  // libgcov makes the list when it starts
                 file.keep(kSeenSize);
                 stamps.insert(info.stamp);
                 return false;
               });
  }
  return stamps;
}

void mark_gcov_written(const ProcessMemory& memory, std::uint64_t bias, const ElfSymbol& root) {
  write_flags(memory, bias, root, kDumped | kRunCounted);
}

void restart_gcov_counters(const ProcessMemory& memory, std::uint64_t bias, const ElfSymbol& root,
                           const std::vector<CounterRange>& ranges) {
  for (const CounterRange& range : ranges) memory.clear(range.address, range.size);
  write_flags(memory, bias, root, kRunCounted);
}

void reset_gcov_counters(const ProcessMemory& child, std::uint64_t bias, const ElfSymbol& root,
                         const std::vector<CounterRange>& ranges) {
  for (const CounterRange& range : ranges) child.clear(range.address, range.size);
  // As __gcov_reset (libgcov-interface.c): `dumped` becomes 0. So does run_counted here, which
  // libgcov leaves: the child is a process of its own.
  child.clear(bias + root.address + offsetof(RootLayout, flags), sizeof(std::uint32_t));
}

bool is_dumping(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                std::uint64_t stack_pointer) {
  std::vector<std::uint64_t> stack(kStackWords);
  const std::size_t size =
      memory.read_some(stack_pointer, stack.data(), stack.size() * sizeof(std::uint64_t));
  stack.resize(size / sizeof(std::uint64_t));
  return std::any_of(stack.begin(), stack.end(), [&](std::uint64_t word) {
    return std::any_of(image.functions.begin(), image.functions.end(),
                       [&](const ElfFunction& function) {
                         const std::uint64_t begin = bias + function.symbol.address;
                         return is_dumper(function.function) && word > begin &&
                                word - begin < function.symbol.size;
                       });
  });
}

std::vector<std::uint64_t> find_gcov_roots(const Memory& memory, const ElfImage& image,
                                           std::uint64_t bias) {
  const BlockMemory blocks(memory);
  for (const ElfSegment& segment : image.segments) {
    // Its value comes from the file, so it is not in .bss.
    std::uint64_t root = 0;
    find_words(memory, segment, bias + segment.address, 2,
               [&](const std::uint64_t* words, std::uint64_t) {
                 if (words[0] > UINT32_MAX) return false;
                 const auto version = static_cast<std::uint32_t>(words[0]);
                 if (find_gcov_format(version) == nullptr) return false;
                 if (is_root(blocks, words[1], version)) root = words[1];
                 return root != 0;
               });
    if (root != 0) return list_roots(blocks, root);
  }
  return {};
}

std::uint64_t find_written_gcov_root(const Memory& memory, const ElfImage& image,
                                     std::uint64_t bias) {
  constexpr std::size_t kWords = sizeof(RootLayout) / sizeof(std::uint64_t);
  const BlockMemory blocks(memory);
  for (ElfSegment segment : image.segments) {
    segment.file_size = segment.memory_size;  // it is in .bss
    std::uint64_t found = 0;
    find_words(memory, segment, bias + segment.address, kWords,
               [&](const std::uint64_t* words, std::uint64_t offset) {
                 RootLayout root{};
                 std::memcpy(&root, words, sizeof root);
                 if (!is_written_root(blocks, image, bias, root)) return false;
                 found = bias + segment.address + offset;
                 return true;
               });
    if (found != 0) return found;
  }
  return 0;
}

}  // namespace gentle
