#include "coverage/gcov/gcda.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/error.h"
#include "coverage/gcov/gcda_reader.h"

namespace gentle {
namespace {

constexpr std::uint32_t kCounterWords = 2;
constexpr std::uint32_t kSummaryWords = 2;
constexpr std::uint32_t kFunctionWords = 3;

// Zeros are not written out, so a few bytes can stand for gigabytes of them. The largest objects of
// real sources have some hundred thousand counters.
constexpr std::size_t kMostCounters = std::size_t{1} << 22;

std::string hexadecimal(std::uint32_t word) {
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 0xf];
  return text;
}

class Parser {
 public:
  Parser(std::string_view bytes, const std::string& name)
      : bytes_(bytes), name_(name), reader_(bytes) {}

  Gcda parse() {
    parse_header();
    parse_summary();
    auto record = next();
    for (bool first = true; record; first = false) {
      if (record->tag != kGcdaFunctionTag) fail(unknown(*record));
      record = parse_function(*record, first || !any_present_);
    }
    return std::move(data_);
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read coverage data", name_, cause);
  }

  static std::string unknown(const GcdaRecord& record) {
    return "its record " + hexadecimal(record.tag) + " is not known";
  }

  std::optional<GcdaRecord> next() {
    auto record = reader_.next();
    if (reader_.is_truncated()) fail(kGcdaTruncated);
    return record;
  }

  void parse_header() {
    if (bytes_.empty()) fail("it is empty: its process was killed before it wrote");
    const GcdaHeader& header = reader_.header();
    if (!reader_.is_gcda() && !reader_.is_truncated()) fail("it is no .gcda file");
    if (header.big_endian) fail("it was written on a big-endian machine");
    format_ = find_gcov_format(header.version);
    if (format_ == nullptr && header.version != 0) {
      fail("it was written by " + describe_gcov_version(header.version) + ", known are " +
           supported_gcov_versions());
    }
    if (reader_.is_truncated()) fail(kGcdaTruncated);
    if (format_ == nullptr) fail("it is no .gcda file");
    data_.version = header.version;
    data_.stamp = header.stamp;
    data_.checksum = header.checksum;
  }

  void parse_summary() {
    const auto record = next();
    if (!record || record->tag != kGcdaSummaryTag) {
      fail("it begins with record " + hexadecimal(record ? record->tag : 0));
    }
    if (record->bytes.size() != kSummaryWords * kGcdaWordSize)
      fail("its summary has a wrong length");
    data_.runs = record->word(0);
    data_.sum_max = record->word(1);
  }

  // Gives back the record behind the function.
  std::optional<GcdaRecord> parse_function(const GcdaRecord& head, bool first_present) {
    GcdaFunction function;
    function.present = !head.bytes.empty();
    if (!function.present) {
      data_.functions.push_back(function);
      return next();
    }
    if (head.bytes.size() != kFunctionWords * kGcdaWordSize) {
      fail("its function " + number() + " has a wrong length");
    }
    any_present_ = true;
    function.ident = head.word(0);
    function.lineno_checksum = head.word(1);
    function.cfg_checksum = head.word(2);
    std::array<bool, kCounterKinds> kinds{};
    auto record = next();
    std::optional<std::size_t> last;
    for (; record && record->tag != kGcdaFunctionTag; record = next()) {
      const std::size_t kind = kind_of(*record);
      if (last && kind <= *last) fail("the counters of its function " + number() + " are mixed up");
      last = kind;
      kinds[kind] = true;
      function.counts[kind] = parse_counters(*record);
    }
    if (first_present) data_.kinds = kinds;
    if (kinds != data_.kinds)
      fail("its function " + number() + " has other counters than the rest");
    data_.functions.push_back(function);
    return record;
  }

  std::string number() const { return std::to_string(data_.functions.size()); }

  std::size_t kind_of(const GcdaRecord& record) const {
    const std::uint32_t from_first = record.tag - kGcdaCounterTag;
    const std::uint32_t index = from_first >> kGcdaCounterTagShift;
    if (record.tag < kGcdaCounterTag || from_first % (1U << kGcdaCounterTagShift) != 0 ||
        index >= format_->merge_functions) {
      fail(unknown(record));
    }
    const CounterKind* kind = counter_kind_at(index);
    if (kind == nullptr) {
      fail("it holds counters of -fprofile-generate, not only those of --coverage");
    }
    return static_cast<std::size_t>(*kind);
  }

  std::uint32_t parse_counters(const GcdaRecord& record) {
    constexpr std::uint64_t kCounterSize = kCounterWords * kGcdaWordSize;
    const std::uint64_t bytes = record.zeros + record.bytes.size();
    if (bytes % kCounterSize != 0) fail("its counters have a wrong length");
    const std::uint64_t count = bytes / kCounterSize;
    if (count > kMostCounters - data_.counters.size()) fail("it holds too many counters");
    if (record.zeros > 0) {
      data_.counters.resize(data_.counters.size() + count);
    } else {
      for (std::uint64_t i = 0; i < count; ++i) {
        data_.counters.push_back(static_cast<std::int64_t>(record.counter(i)));
      }
    }
    return static_cast<std::uint32_t>(count);
  }

  std::string_view bytes_;
  const std::string& name_;
  GcdaReader reader_;
  const GcovFormat* format_ = nullptr;
  bool any_present_ = false;
  Gcda data_;
};

class Writer {
 public:
  explicit Writer(const Gcda& data) : data_(data), format_(*find_gcov_format(data.version)) {}

  std::string write() {
    bytes_.reserve(64 + data_.functions.size() * 32 + data_.counters.size() * 8);
    word(kGcdaMagic);
    word(data_.version);
    word(data_.stamp);
    if (format_.has_checksum) word(data_.checksum);
    word(kGcdaSummaryTag);
    word(words_to_length(kSummaryWords));
    word(data_.runs);
    word(data_.sum_max);
    const std::int64_t* next = data_.counters.data();
    for (const GcdaFunction& function : data_.functions) next = write_function(function, next);
    word(0);
    return std::move(bytes_);
  }

 private:
  void word(std::uint32_t value) {
    for (std::uint32_t i = 0; i < kGcdaWordSize; ++i) {
      bytes_.push_back(static_cast<char>(value >> 8 * i & 0xff));
    }
  }

  std::uint32_t words_to_length(std::uint32_t words) const {
    return words * kGcdaWordSize / format_.length_unit;
  }

  const std::int64_t* write_function(const GcdaFunction& function, const std::int64_t* next) {
    word(kGcdaFunctionTag);
    word(function.present ? words_to_length(kFunctionWords) : 0);
    if (!function.present) return next;
    word(function.ident);
    word(function.lineno_checksum);
    word(function.cfg_checksum);
    for (std::size_t kind = 0; kind < kCounterKinds; ++kind) {
      if (!data_.kinds[kind]) continue;
      word(kGcdaCounterTag + (index_of(kAllCounterKinds[kind]) << kGcdaCounterTagShift));
      write_counters(next, function.counts[kind]);
      next += function.counts[kind];
    }
    return next;
  }

  void write_counters(const std::int64_t* values, std::uint32_t count) {
    const std::uint32_t length = words_to_length(count * kCounterWords);
    if (std::all_of(values, values + count, [](std::int64_t value) { return value == 0; })) {
      word(0U - length);
      return;
    }
    word(length);
    for (std::uint32_t i = 0; i < count; ++i) {
      word(static_cast<std::uint32_t>(values[i]));
      word(static_cast<std::uint32_t>(static_cast<std::uint64_t>(values[i]) >> 32));
    }
  }

  const Gcda& data_;
  const GcovFormat& format_;
  std::string bytes_;
};

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max()
               : std::numeric_limits<std::int64_t>::min();
}

std::uint32_t saturating_sum(std::uint32_t a, std::uint32_t b) {
  std::uint32_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint32_t>::max() : sum;
}

bool same_function(const GcdaFunction& a, const GcdaFunction& b) {
  return a.ident == b.ident && a.lineno_checksum == b.lineno_checksum &&
         a.cfg_checksum == b.cfg_checksum && a.counts == b.counts;
}

bool has_functions(const Gcda& data) {
  return std::any_of(data.functions.begin(), data.functions.end(),
                     [](const GcdaFunction& function) { return function.present; });
}

// As libgcov's "Merge mismatch". libgcov since gcc 12 looks at the checksum only; but gcov refuses
// a .gcda whose stamp is not that of the .gcno, so the counters of one would be lost then.
void require_same_object(const Gcda& a, const Gcda& b, const std::string& name) {
  const auto fail = [&](const std::string& cause) {
    throw Error("add up coverage data", name, cause);
  };
  if (a.version != b.version) {
    fail("it is of " + describe_gcov_version(b.version) + ", the rest of " +
         describe_gcov_version(a.version));
  }
  if (a.stamp != b.stamp || a.checksum != b.checksum) fail("it is of another compilation");
  if (a.functions.size() != b.functions.size()) {
    fail("it has " + std::to_string(b.functions.size()) + " functions, the rest has " +
         std::to_string(a.functions.size()));
  }
  if (has_functions(a) && has_functions(b) && a.kinds != b.kinds) {
    fail("it has other kinds of counters");
  }
  for (std::size_t i = 0; i < a.functions.size(); ++i) {
    if (!a.functions[i].present || !b.functions[i].present) continue;
    if (!same_function(a.functions[i], b.functions[i])) {
      fail("its function " + std::to_string(i) + " is another one");
    }
  }
}

// Calls `visit` with the kind and the index of each counter of a function that begins at `first`.
template <typename Visit>
void for_each_counter(const GcdaFunction& function, std::size_t first, Visit visit) {
  for (std::size_t kind = 0; kind < kCounterKinds; ++kind) {
    for (std::uint32_t i = 0; i < function.counts[kind]; ++i)
      visit(kAllCounterKinds[kind], first++);
  }
}

std::int64_t merged(CounterKind kind, std::int64_t a, std::int64_t b) {
  switch (kind) {
    case CounterKind::kArcs:
      return saturating_sum(a, b);
    case CounterKind::kConditions:
    case CounterKind::kPaths:
      return a | b;
  }
  return a;
}

using CounterPart = std::vector<std::int64_t>::const_iterator;

}  // namespace

std::uint64_t counters_of(const GcdaFunction& function) {
  std::uint64_t count = 0;
  if (function.present) {
    for (const std::uint32_t of_kind : function.counts) count += of_kind;
  }
  return count;
}

Gcda parse_gcda(std::string_view bytes, const std::string& name) {
  return Parser(bytes, name).parse();
}

std::string serialize(const Gcda& data) { return Writer(data).write(); }

void merge(Gcda& into, const Gcda& from, const std::string& name) {
  require_same_object(into, from, name);
  Gcda sum = into;
  if (!has_functions(into)) sum.kinds = from.kinds;
  sum.runs = saturating_sum(into.runs, from.runs);
  sum.sum_max = saturating_sum(into.sum_max, from.sum_max);
  sum.counters.clear();
  CounterPart ours = into.counters.begin();
  CounterPart theirs = from.counters.begin();
  for (std::size_t i = 0; i < into.functions.size(); ++i) {
    const auto our_count = static_cast<std::ptrdiff_t>(counters_of(into.functions[i]));
    const auto their_count = static_cast<std::ptrdiff_t>(counters_of(from.functions[i]));
    if (!into.functions[i].present) {
      // One program took the function from here, the other from another object file.
      sum.functions[i] = from.functions[i];
      sum.counters.insert(sum.counters.end(), theirs, theirs + their_count);
    } else {
      const std::size_t first = sum.counters.size();
      sum.counters.insert(sum.counters.end(), ours, ours + our_count);
      if (their_count > 0) {
        for_each_counter(into.functions[i], first, [&](CounterKind kind, std::size_t at) {
          const auto offset = static_cast<std::ptrdiff_t>(at - first);
          sum.counters[at] = merged(kind, sum.counters[at], *(theirs + offset));
        });
      }
    }
    ours += our_count;
    theirs += their_count;
  }
  into = std::move(sum);
}

}  // namespace gentle
