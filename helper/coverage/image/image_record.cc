#include "coverage/image/image_record.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace gentle {
namespace {

// Changes with the members of ElfImage.
constexpr unsigned kFormat = 4;
constexpr std::uint64_t kMost = 4096;  // of anything
constexpr auto kLastForeignKind = static_cast<unsigned>(ForeignKind::kEmulated);

class RecordWriter {
 public:
  template <typename Number>
  void number(const Number& value) {
    text_ += std::to_string(value) + " ";
  }
  void word(const std::string& value) { text_ += value + " "; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class RecordReader {
 public:
  explicit RecordReader(std::string_view text) : rest_(text) {}

  template <typename Number>
  void number(Number& value) {
    const std::string_view digits = next();
    std::uint64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    value = static_cast<Number>(number);
    is_good_ = is_good_ && error == std::errc{} && stop == end && value == number;
  }
  void word(std::string& value) { value = next(); }

  // Room for so many, unless the line is damaged.
  template <typename Value>
  void resize(std::vector<Value>& values, std::uint64_t count) {
    is_good_ = is_good_ && count <= kMost;
    values.resize(is_good_ ? count : 0);
  }

  bool is_whole() const { return is_good_ && rest_.empty(); }

 private:
  std::string_view next() {
    const std::size_t end = rest_.find(' ');
    is_good_ = is_good_ && end != std::string_view::npos;
    if (!is_good_) return "";
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return word;
  }

  std::string_view rest_;
  bool is_good_ = true;
};

// Hands over each member, to be written or to be set: in one order for both.
template <typename Io, std::integral Number>
void transfer(Io& io, Number& value) {
  io.number(value);
}

template <typename Io>
void transfer(Io& io, ElfSegment& segment) {
  io.number(segment.offset);
  io.number(segment.address);
  io.number(segment.file_size);
  io.number(segment.memory_size);
  io.number(segment.writable);
}

template <typename Io>
void transfer(Io& io, ElfSymbol& symbol) {
  io.number(symbol.address);
  io.number(symbol.size);
}

template <typename Io>
void transfer(Io& io, ElfFunction& function) {
  auto number = static_cast<unsigned>(function.function);
  io.number(number);
  function.function = static_cast<RuntimeFunction>(number);
  transfer(io, function.symbol);
  io.number(function.code);
}

template <typename Io>
void transfer(Io& io, ElfSection& section) {
  io.number(section.address);
  io.number(section.offset);
  io.number(section.size);
}

template <typename Io, typename Value>
void transfer(Io& io, std::vector<Value>& values) {
  std::uint64_t count = values.size();
  io.number(count);
  if constexpr (std::is_same_v<Io, RecordReader>) io.resize(values, count);
  for (Value& value : values) transfer(io, value);
}

template <typename Io, typename Value>
void transfer(Io& io, std::optional<Value>& value) {
  bool is_there = value.has_value();
  io.number(is_there);
  if (is_there && !value) value.emplace();
  if (is_there) transfer(io, *value);
}

template <typename Io>
void transfer(Io& io, ForeignKind& kind) {
  auto number = static_cast<unsigned>(kind);
  io.number(number);
  kind = static_cast<ForeignKind>(std::min(number, kLastForeignKind));
}

template <typename Io>
void transfer(Io& io, LlvmProfile& llvm) {
  for (auto* section :
       {&llvm.counters, &llvm.data, &llvm.names, &llvm.bitmap, &llvm.vtables, &llvm.vtable_names}) {
    transfer(io, *section);
  }
  io.number(llvm.has_mapping);
  for (auto* symbol :
       {&llvm.version, &llvm.merge_hook, &llvm.free_hook, &llvm.dumped, &llvm.file_name}) {
    transfer(io, *symbol);
  }
  transfer(io, llvm.compilers);
}

template <typename Io>
void transfer(Io& io, ElfImage& image) {
  io.number(image.position_independent);
  io.word(image.build_id);
  io.number(image.build_id_address);
  transfer(io, image.segments);
  io.number(image.stripped);
  io.number(image.may_have_gcov);
  transfer(io, image.gcov_roots);
  transfer(io, image.functions);
  io.number(image.clang_gcov);
  transfer(io, image.llvm);
  transfer(io, image.go_functions);
  transfer(io, image.foreign);
  io.number(image.resets_at_fork);
}

}  // namespace

std::string image_record(const ElfImage& image) {
  RecordWriter writer;
  writer.number(kFormat);
  ElfImage copy = image;
  transfer(writer, copy);
  return writer.take();
}

std::optional<ElfImage> parse_image_record(std::string_view line) {
  RecordReader reader(line);
  unsigned format = 0;
  reader.number(format);
  if (format != kFormat) return std::nullopt;
  ElfImage image;
  transfer(reader, image);
  if (!reader.is_whole()) return std::nullopt;
  return image;
}

}  // namespace gentle
