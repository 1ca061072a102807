#include "coverage/llvm/llvm_profile.h"

#include <cstddef>

#include "base/error.h"
#include "coverage/image/bytes.h"
#include "coverage/llvm/llvm_version.h"

namespace gentle {
namespace {

// "\xfflprofr\x81" as a number: of a 64-bit program, in its byte order (InstrProfData.inc).
constexpr std::uint64_t kMagic = 0xff6c70726f667281;
constexpr std::uint64_t kSwappedMagic = 0x8172666f72706cff;
constexpr std::uint64_t kMagicOf32Bits = 0xff6c70726f665281;  // "R" for the second "r"
constexpr std::uint64_t kSwappedMagicOf32Bits = 0x8152666f72706cff;
constexpr std::size_t kVtableSize = 24;  // INSTR_PROF_VTABLE_DATA

constexpr std::size_t kCounterOffset = 16;  // of the offset of the counters in a record

std::uint64_t byte_swapped(std::uint64_t number) {
  std::uint64_t swapped = 0;
  for (int i = 0; i < 8; ++i) swapped = swapped << 8 | (number >> (8 * i) & 0xff);
  return swapped;
}

std::uint64_t padding(std::uint64_t size) { return (8 - size % 8) % 8; }

std::size_t counter_size(std::uint64_t version) {
  return (version & kLlvmByteCounters) != 0 ? 1 : sizeof(std::uint64_t);
}

template <typename Number>
void put(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_padded(std::string& bytes, std::string_view section) {
  bytes += section;
  bytes.append(padding(section.size()), '\0');
}

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& name) : rest_(bytes), name_(name) {}

  LlvmRawProfile parse() {
    if (rest_.empty()) fail("it is empty");
    const auto magic = number();
    if (magic == kSwappedMagic) fail("it is of a machine with another byte order");
    if (magic != kMagic) fail("it is no raw profile of a 64-bit program");
    profile_.version = number();
    format_ = find_llvm_format(profile_.version);
    if (format_ == nullptr) {
      fail("it is of " + describe_llvm_version(profile_.version) + ", known are " +
           supported_llvm_versions());
    }
    parse_body();
    return std::move(profile_);
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read profile", name_, cause);
  }

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) fail("it is truncated");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::uint64_t number() { return number_at<std::uint64_t>(take(sizeof(std::uint64_t)), 0); }

  std::string section(std::uint64_t count, std::uint64_t unit) {
    if (count > rest_.size() / unit) fail("it is truncated");
    return std::string(take(count * unit));
  }

  std::string padded_section(std::uint64_t count, std::uint64_t unit = 1) {
    std::string found = section(count, unit);
    take(padding(found.size()));
    return found;
  }

  void parse_body() {
    const std::uint64_t binary_ids = number();
    const std::uint64_t records = number();
    const std::uint64_t padding_before_counters = number();
    const std::uint64_t counters = number();
    const std::uint64_t padding_behind_counters = number();
    const std::uint64_t bitmap = format_->has_bitmap ? number() : 0;
    const std::uint64_t padding_behind_bitmap = format_->has_bitmap ? number() : 0;
    const std::uint64_t names = number();
    profile_.counters_delta = number();
    if (format_->has_bitmap) profile_.bitmap_delta = number();
    profile_.names_address = number();
    const std::uint64_t vtables = format_->has_vtables ? number() : 0;
    const std::uint64_t vtable_names = format_->has_vtables ? number() : 0;
    if (number() != format_->value_kinds - 1) fail("it has other kinds of values");

    profile_.binary_ids = section(binary_ids, 1);
    profile_.data = section(records, format_->record_size);
    profile_.counters = padded_section(counters, counter_size(profile_.version));
    profile_.bitmap = padded_section(bitmap);
    profile_.names = padded_section(names);
    profile_.vtables = padded_section(vtables, kVtableSize);
    profile_.vtable_names = padded_section(vtable_names);
    parse_values(records);
    if (!rest_.empty()) fail("there is something behind it");
    // Only on macOS, where the counters are mapped from the file, are they page-aligned.
    if (padding_before_counters != 0 ||
        padding_behind_counters != padding(profile_.counters.size()) ||
        padding_behind_bitmap != padding(profile_.bitmap.size())) {
      fail("its sizes contradict each other");
    }
  }

  // struct ValueProfData, of which the first number is the size.
  void parse_values(std::uint64_t records) {
    const std::string_view before = rest_;
    for (std::uint64_t record = 0; record < records; ++record) {
      if (!has_values(record)) continue;
      if (rest_.size() < sizeof(std::uint32_t)) fail("it is truncated");
      const auto size = number_at<std::uint32_t>(rest_, 0);
      if (size < sizeof(std::uint64_t)) fail("its value data is damaged");
      take(size);
    }
    profile_.values = before.substr(0, before.size() - rest_.size());
  }

  bool has_values(std::uint64_t record) const {
    const std::size_t sites = record * format_->record_size + format_->value_sites;
    for (std::size_t kind = 0; kind < format_->value_kinds; ++kind) {
      if (number_at<std::uint16_t>(profile_.data, sites + 2 * kind) != 0) return true;
    }
    return false;
  }

  std::string_view rest_;
  const std::string& name_;
  const LlvmFormat* format_ = nullptr;
  LlvmRawProfile profile_;
};

// Of one function: struct ValueProfData, and in it for each kind a ValueProfRecord that counts no
// value at any site.
void put_empty_values(std::string& values, const LlvmFormat& format, std::string_view record) {
  std::string kinds;
  std::uint32_t count = 0;
  for (std::uint32_t kind = 0; kind < format.value_kinds; ++kind) {
    const auto sites = number_at<std::uint16_t>(record, format.value_sites + 2 * kind);
    if (sites == 0) continue;
    ++count;
    put<std::uint32_t>(kinds, kind);
    put<std::uint32_t>(kinds, sites);
    put_padded(kinds, std::string(sites, '\0'));
  }
  if (count == 0) return;
  put<std::uint32_t>(values, static_cast<std::uint32_t>(kinds.size() + 2 * sizeof count));
  put<std::uint32_t>(values, count);
  values += kinds;
}

}  // namespace

std::string serialize_head(const LlvmRawProfile& profile) {
  const LlvmFormat& format = *find_llvm_format(profile.version);
  std::string bytes;
  put(bytes, kMagic);
  put(bytes, profile.version);
  put<std::uint64_t>(bytes, profile.binary_ids.size());
  put<std::uint64_t>(bytes, profile.data.size() / format.record_size);
  put<std::uint64_t>(bytes, 0);
  put<std::uint64_t>(bytes, profile.counters.size() / counter_size(profile.version));
  put(bytes, padding(profile.counters.size()));
  if (format.has_bitmap) {
    put<std::uint64_t>(bytes, profile.bitmap.size());
    put(bytes, padding(profile.bitmap.size()));
  }
  put<std::uint64_t>(bytes, profile.names.size());
  put(bytes, profile.counters_delta);
  if (format.has_bitmap) put(bytes, profile.bitmap_delta);
  put(bytes, profile.names_address);
  if (format.has_vtables) {
    put<std::uint64_t>(bytes, profile.vtables.size() / kVtableSize);
    put<std::uint64_t>(bytes, profile.vtable_names.size());
  }
  put<std::uint64_t>(bytes, format.value_kinds - 1);
  return bytes + profile.binary_ids;
}

std::string serialize(const LlvmRawProfile& profile) {
  const LlvmFormat& format = *find_llvm_format(profile.version);
  std::string bytes = serialize_head(profile);
  bytes += profile.data;
  put_padded(bytes, profile.counters);
  if (format.has_bitmap) put_padded(bytes, profile.bitmap);
  put_padded(bytes, profile.names);
  if (format.has_vtables) {
    put_padded(bytes, profile.vtables);
    put_padded(bytes, profile.vtable_names);
  }
  bytes += profile.values;
  return bytes;
}

std::string empty_values(std::uint64_t version, std::string_view data, std::size_t most) {
  const LlvmFormat& format = *find_llvm_format(version);
  std::string values;
  for (std::size_t at = 0; at + format.record_size <= data.size(); at += format.record_size) {
    if (values.size() > most) break;
    put_empty_values(values, format, data.substr(at, format.record_size));
  }
  return values;
}

std::string find_fault(const LlvmRawProfile& profile) {
  const LlvmFormat& format = *find_llvm_format(profile.version);
  if (profile.data.size() % format.record_size != 0 ||
      profile.counters.size() % counter_size(profile.version) != 0 ||
      profile.vtables.size() % kVtableSize != 0) {
    return "its sections have a wrong size";
  }
  // An address in a record is counted from the record. It may be below 0, and so wraps.
  const auto is_in = [](std::uint64_t offset, std::uint64_t size, const std::string& section) {
    return offset <= section.size() && size <= section.size() - offset;
  };
  for (std::size_t at = 0; at < profile.data.size(); at += format.record_size) {
    const std::string_view record = std::string_view(profile.data).substr(at, format.record_size);
    const std::uint64_t count = number_at<std::uint32_t>(record, format.counter_count);
    const auto counters =
        number_at<std::uint64_t>(record, kCounterOffset) + at - profile.counters_delta;
    if (count == 0) return "a function has no counters";
    if (!is_in(counters, count * counter_size(profile.version), profile.counters)) {
      return "the counters of a function are not in their section";
    }
    if (!format.has_bitmap) continue;
    const auto size = number_at<std::uint32_t>(record, format.bitmap_size);
    const auto bitmap = number_at<std::uint64_t>(record, kBitmapOffset) + at - profile.bitmap_delta;
    if (size != 0 && !is_in(bitmap, size, profile.bitmap)) {
      return "the bitmap of a function is not in its section";
    }
  }
  return "";
}

LlvmRawProfile parse_llvm_profile(std::string_view bytes, const std::string& name) {
  return Parser(bytes, name).parse();
}

std::optional<LlvmRawHeader> read_llvm_header(std::string_view bytes) {
  if (bytes.size() < 2 * sizeof(std::uint64_t)) return std::nullopt;
  const auto magic = number_at<std::uint64_t>(bytes, 0);
  auto version = number_at<std::uint64_t>(bytes, sizeof magic);
  const bool swapped = magic == kSwappedMagic || magic == kSwappedMagicOf32Bits;
  if (!swapped && magic != kMagic && magic != kMagicOf32Bits) return std::nullopt;
  if (swapped) version = byte_swapped(version);
  return LlvmRawHeader{version & ~kLlvmVariants,
                       magic == kMagic && find_llvm_format(version) != nullptr};
}

bool is_whole_llvm_profile(std::string_view bytes) {
  try {
    parse_llvm_profile(bytes, "");
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace gentle
