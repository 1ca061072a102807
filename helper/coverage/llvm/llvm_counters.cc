#include "coverage/llvm/llvm_counters.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/error.h"
#include "coverage/image/bytes.h"
#include "coverage/llvm/llvm_version.h"

namespace gentle {
namespace {

// An image is not larger than this, whatever it claims: no such one can be linked without -mcmodel.
constexpr std::uint64_t kLargestSection = std::uint64_t{1} << 31;
constexpr std::size_t kPiece = std::size_t{1} << 20;
// Of what is read: itself, and the profile that is made of it.
constexpr std::size_t kCopies = 2;

// In lprofCurFilename (InstrProfilingFile.c): PidChars, behind two pointers and a number.
constexpr std::uint64_t kPidOffset = 24;
constexpr std::size_t kPidSize = 16;
constexpr std::size_t kLongestName = 4096;

// All counters are of one size, so all together tell which.
std::size_t count_counters(const LlvmFormat& format, std::string_view data) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + format.record_size <= data.size(); at += format.record_size) {
    count += number_at<std::uint32_t>(data, at + format.counter_count);
  }
  return count;
}

class Reader {
 public:
  Reader(const Memory& memory, const ElfImage& image, std::uint64_t bias)
      : memory_(memory), image_(image), llvm_(image.llvm), bias_(bias) {}

  LlvmRawProfile read() {
    LlvmRawProfile profile;
    profile.data = section(llvm_.data);
    profile.counters = section(llvm_.counters);
    const LlvmFormat* format = read_version(profile);
    if ((profile.version & kLlvmCorrelated) != 0 || (!llvm_.data && !profile.counters.empty())) {
      fail("it was compiled with -profile-correlate, and has no names in memory");
    }
    profile.binary_ids = binary_ids();
    if (format->has_bitmap) profile.bitmap = section(llvm_.bitmap);
    profile.names = section(llvm_.names);
    if (format->has_vtables) {
      profile.vtables = section(llvm_.vtables);
      profile.vtable_names = section(llvm_.vtable_names);
    }
    profile.counters_delta = address(llvm_.counters) - address(llvm_.data);
    if (format->has_bitmap) profile.bitmap_delta = bitmap_delta(profile);
    profile.names_address = address(llvm_.names);
    if (const std::string fault = find_fault(profile); !fault.empty()) fail(fault);
    const std::size_t most =
        memory_.budget() == nullptr ? std::string::npos : memory_.budget()->left() / kCopies;
    profile.values = empty_values(profile.version, profile.data, most);
    memory_.keep(kCopies * profile.values.size());
    return profile;
  }

 private:
  const LlvmFormat* read_version(LlvmRawProfile& profile) const {
    profile.version = llvm_.version ? get(*llvm_.version) : find_version(profile);
    const LlvmFormat* format = find_llvm_format(profile.version);
    if (format != nullptr) return format;
    fail("it was compiled for " + describe_llvm_version(profile.version) + ", known are " +
         supported_llvm_versions());
  }

  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read coverage counters of", memory_.name(), cause);
  }

  std::uint64_t get(const ElfSymbol& symbol) const {
    if (find_segment(image_, symbol.address, sizeof(std::uint64_t)) == nullptr) {
      fail("one of its variables is not in memory");
    }
    return memory_.get<std::uint64_t>(bias_ + symbol.address);
  }

  // The runtime takes them from symbols of the linker that are null if there is no such section.
  std::uint64_t address(const std::optional<ElfSection>& found) const {
    return found ? bias_ + found->address : 0;
  }

  // With -fcoverage-mcdc, functions that need no bitmap have an empty one. The linker then drops
  // the section, but the runtime still has its address, which the records tell.
  std::uint64_t bitmap_delta(const LlvmRawProfile& profile) const {
    std::uint64_t first = 0;
    if (!llvm_.bitmap && profile.data.size() >= kBitmapOffset + sizeof first) {
      first = number_at<std::uint64_t>(profile.data, kBitmapOffset);
    }
    return first != 0 ? first : address(llvm_.bitmap) - address(llvm_.data);
  }

  std::string section(const std::optional<ElfSection>& found) const {
    if (!found || found->size == 0) return "";
    if (found->size > kLargestSection ||
        find_segment(image_, found->address, found->size) == nullptr) {
      fail("one of its sections is not in memory");
    }
    // An image may only claim to have so much: without a budget nothing is reserved for it.
    std::string bytes;
    memory_.keep(kCopies * found->size);
    if (memory_.budget() != nullptr) bytes.reserve(found->size);
    while (bytes.size() < found->size) {
      const std::size_t done = bytes.size();
      bytes.resize(done + std::min<std::uint64_t>(kPiece, found->size - done));
      memory_.read(bias_ + found->address + done, &bytes[done], bytes.size() - done);
    }
    return bytes;
  }

  // __llvm_write_binary_ids: the length, and what is padded to 8 bytes.
  std::string binary_ids() const {
    std::string ids;
    const std::uint64_t size = image_.build_id.size() / 2;
    if (size == 0) return ids;
    ids.append(reinterpret_cast<const char*>(&size), sizeof size);
    const auto digit = [this](std::size_t at) {
      const char c = image_.build_id[at];
      return c <= '9' ? c - '0' : c - 'a' + 10;
    };
    for (std::size_t i = 0; i < size; ++i) {
      ids += static_cast<char>(digit(2 * i) << 4 | digit(2 * i + 1));
    }
    ids.resize((ids.size() + 7) / 8 * 8);
    return ids;
  }

  // Of a stripped image: the version is that of its compiler. Of the other bits, source-based
  // coverage sets only that of the size of the counters.
  std::uint64_t find_version(const LlvmRawProfile& profile) const {
    const LlvmFormat& format = compilers_format();
    if (!llvm_.has_mapping) {
      fail("it is stripped, and was not compiled with -fcoverage-mapping");
    }
    const std::size_t count = count_counters(format, profile.data);
    const bool bytes = count != 0 && count == profile.counters.size();
    if (!bytes && count * sizeof(std::uint64_t) != profile.counters.size()) {
      fail("it is stripped, and its counters are not as its compiler makes them");
    }
    return format.version | (bytes ? kLlvmByteCounters : 0);
  }

  const LlvmFormat& compilers_format() const {
    const LlvmFormat* format = nullptr;
    for (const unsigned major : llvm_.compilers) {
      const LlvmFormat* found = find_llvm_format_of_clang(major);
      if (found == nullptr) {
        fail("it is stripped, and was compiled by clang " + std::to_string(major));
      }
      if (format != nullptr && found != format) {
        fail("it is stripped, and was compiled by several versions of clang");
      }
      format = found;
    }
    if (format == nullptr) fail("it is stripped, and does not tell the version of its compiler");
    return *format;
  }

  const Memory& memory_;
  const ElfImage& image_;
  const LlvmProfile& llvm_;
  const std::uint64_t bias_;
};

std::string pid_text(int pid) {
  std::string text = std::to_string(pid);
  text.resize(kPidSize);
  return text;
}

// Up to its end; "" if that is not within `longest`.
std::string text_at(const Memory& memory, std::uint64_t address, std::size_t longest) {
  std::string text(longest, '\0');
  text.resize(memory.read_some(address, text.data(), text.size()));
  const std::size_t end = text.find('\0');
  return end == text.npos ? "" : text.substr(0, end);
}

// In the first of its fields stands a name with %p.
bool is_file_name(const Memory& memory, std::uint64_t address) {
  const std::string name = text_at(memory, memory.get<std::uint64_t>(address), kLongestName);
  return name.find("%p") != name.npos;
}

// The address of lprofCurFilename of a stripped image, by what it holds; 0 if nothing is like that.
std::uint64_t find_file_name(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                             const std::string& pid) {
  for (const ElfSegment& segment : image.segments) {
    if (!segment.writable) continue;
    const std::uint64_t begin = bias + (segment.address + 7) / 8 * 8;
    const std::uint64_t end = bias + segment.address + segment.memory_size;
    std::string bytes(kPiece + kPidSize, '\0');
    for (std::uint64_t piece = begin; piece < end; piece += kPiece) {
      const std::size_t size =
          memory.read_some(piece, bytes.data(), std::min<std::uint64_t>(bytes.size(), end - piece));
      const std::string_view read(bytes.data(), size);
      for (std::size_t at = read.find(pid); at != read.npos; at = read.find(pid, at + 1)) {
        const std::uint64_t address = piece + at - kPidOffset;
        const bool is_inside = at % 8 == 0 && address >= begin;
        if (is_inside && is_file_name(memory, address)) return address;
      }
    }
  }
  return 0;
}

bool is_set(const Memory& memory, std::uint64_t bias, const ElfSymbol& symbol) {
  std::uint64_t value = 0;
  memory.read(bias + symbol.address, &value, std::min<std::uint64_t>(symbol.size, sizeof value));
  return value != 0;
}

}  // namespace

LlvmState read_llvm_state(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  LlvmState state;
  const LlvmProfile& llvm = image.llvm;
  // InstrProfilingFile.c, writeFile: sets VPMergeHook first, and FreeHook when it has opened the
  // file and added what was in it. Both stay.
  if (llvm.merge_hook && llvm.free_hook) {
    state.stage = LlvmStage::kNotWritten;
    if (is_set(memory, bias, *llvm.merge_hook)) state.stage = LlvmStage::kReading;
    if (is_set(memory, bias, *llvm.free_hook)) state.stage = LlvmStage::kWriting;
  }
  if (llvm.dumped) state.dumped = is_set(memory, bias, *llvm.dumped);
  return state;
}

LlvmRawProfile read_llvm_counters(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  return Reader(memory, image, bias).read();
}

std::string read_llvm_profile(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  return serialize(read_llvm_counters(memory, image, bias));
}

std::string llvm_profile_head(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  const KeptMeanwhile meanwhile(memory.budget());
  return serialize_head(read_llvm_counters(memory, image, bias));
}

bool is_profile_of(std::string_view bytes, const Memory& memory, const ElfImage& image,
                   std::uint64_t bias) {
  return bytes.starts_with(llvm_profile_head(memory, image, bias));
}

void reset_llvm_counters(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias) {
  const KeptMeanwhile meanwhile(child.budget());
  const LlvmRawProfile inherited = read_llvm_counters(child, image, bias);
  const LlvmProfile& llvm = image.llvm;
  // As __llvm_profile_reset_counters (InstrProfiling.c). A counter of one byte is 0 when its code
  // has run.
  const bool bytes = (inherited.version & kLlvmByteCounters) != 0;
  if (llvm.counters) {
    child.write(bias + llvm.counters->address,
                std::string(inherited.counters.size(), bytes ? '\xff' : '\0'));
  }
  if (llvm.bitmap) child.clear(bias + llvm.bitmap->address, inherited.bitmap.size());
  // The child has not written, whatever its parent has.
  for (const auto& variable : {llvm.merge_hook, llvm.free_hook, llvm.dumped}) {
    if (variable) child.clear(bias + variable->address, variable->size);
  }
}

void mark_llvm_written(const ProcessMemory& memory, const ElfImage& image, std::uint64_t bias) {
  if (image.llvm.dumped)
    memory.write(bias + image.llvm.dumped->address, std::string("\1\0\0\0", 4));
}

bool rename_llvm_profile(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias,
                         int parent_pid, int child_pid) {
  const std::string parent = pid_text(parent_pid);
  const std::uint64_t name = image.llvm.file_name ? bias + image.llvm.file_name->address
                                                  : find_file_name(child, image, bias, parent);
  if (name == 0) return false;
  std::string known(kPidSize, '\0');
  child.read(name + kPidOffset, known.data(), known.size());
  if (known != parent) return false;
  child.write(name + kPidOffset, pid_text(child_pid));
  return true;
}

std::string llvm_file_name(const Memory& memory, const ElfImage& image, std::uint64_t bias) {
  if (!image.llvm.file_name) return "";
  const std::uint64_t address = bias + image.llvm.file_name->address;
  std::string name = text_at(memory, memory.get<std::uint64_t>(address), kLongestName);
  if (const std::size_t at = name.find("%p"); at != name.npos) {
    name.replace(at, 2, text_at(memory, address + kPidOffset, kPidSize));
  }
  return name.find('%') == name.npos ? name : "";
}

}  // namespace gentle
