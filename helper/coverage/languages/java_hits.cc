#include "coverage/languages/java_hits.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/number.h"
#include "coverage/languages/hits.h"

namespace gentle {
namespace {

constexpr std::size_t kJavaWord = 8;
constexpr std::size_t kJavaHeader = 8 * kJavaWord;
constexpr std::uint64_t kProbeMask = (std::uint64_t{1} << 24U) - 1;
constexpr std::size_t kMostIdDigits = 16;

Error corrupt_java(const std::string& path, const std::string& cause) {
  return Error("read hits", path, "it is corrupt: " + cause);
}

bool holds_nothing(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

bool is_class_id(std::string_view text) {
  return !text.empty() && text.size() <= kMostIdDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view take_word(std::string_view& record) {
  const std::size_t end = std::min(record.find(' '), record.size());
  const std::string_view word = record.substr(0, end);
  record.remove_prefix(std::min(end + 1, record.size()));
  return word;
}

std::optional<std::uint32_t> take_number(std::string_view& record, std::uint32_t most) {
  return parse_integer<std::uint32_t>(take_word(record), 0, most);
}

// Classes, and the places that they come from, by their numbers.
class JavaNames {
 public:
  // `places`: of probes in the file of hits, where each class has its own.
  JavaNames(std::string_view text, const std::string& path, std::size_t places, JavaHits& hits)
      : path_(path), places_(places), hits_(hits) {
    while (true) {
      const std::size_t end = text.find('\0');
      if (end == std::string_view::npos) return;  // the rest was cut off with its process
      if (!add(text.substr(0, end))) throw corrupt_java(path_, "a name in it is not of a class");
      text.remove_prefix(end + 1);
    }
  }

  JavaClass* find(std::uint32_t number) {
    const auto found = indices_.find(number);
    return found == indices_.end() ? nullptr : &hits_.classes[found->second];
  }

 private:
  bool add(std::string_view record) {
    const std::string_view kind = take_word(record);
    if (kind == "P") return true;
    const auto number = take_number(record, UINT32_MAX);
    if (!number) return false;
    if (kind == "L") {
      return record.starts_with('/') && locations_.emplace(*number, record).second;
    }
    if (kind == "C") return add_class(*number, record);
    return kind == "U" ? add_unrecorded(*number, record)
                       : kind == "N" && add_sourceless(*number, record);
  }

  bool add_class(std::uint32_t number, std::string_view record) {
    const std::string_view id = take_word(record);
    const auto probes = take_number(record, kProbeMask);
    const auto place = locations_.find(take_number(record, UINT32_MAX).value_or(0));
    if (!is_class_id(id) || !probes || place == locations_.end() || record.empty()) return false;
    if (*probes > places_) throw corrupt_java(path_, "its classes have more probes than the hits");
    places_ -= *probes;
    indices_[number] = hits_.classes.size();
    hits_.classes.push_back(
        {std::string(id), std::string(record), place->second, std::vector<bool>(*probes)});
    return true;
  }

  bool add_unrecorded(std::uint32_t reason, std::string_view record) {
    const auto place = locations_.find(take_number(record, UINT32_MAX).value_or(0));
    if (place == locations_.end() || record.empty()) return false;
    hits_.unrecorded.push_back({reason, std::string(record), place->second});
    return true;
  }

  bool add_sourceless(std::uint32_t location, std::string_view source) {
    const auto place = locations_.find(location);
    if (place == locations_.end() || source.empty()) return false;
    hits_.sourceless.push_back({std::string(source), place->second});
    return true;
  }

  const std::string& path_;
  std::size_t places_;
  JavaHits& hits_;
  std::map<std::uint32_t, std::string> locations_;
  std::map<std::uint32_t, std::size_t> indices_;
};

}  // namespace

JavaHits read_java_hits(std::string_view hits, std::string_view names, const std::string& path) {
  JavaHits result;
  if (holds_nothing(hits.substr(0, kJavaHeader))) {
    if (!holds_nothing(hits)) throw corrupt_java(path, "it has no beginning");
    return result;
  }
  if (hits.size() < kJavaHeader) throw corrupt_java(path, "it is too short");
  if (!hits.starts_with("GJVHITS1")) throw corrupt_java(path, "it does not begin as one");
  if (hits.size() % kJavaWord != 0) throw corrupt_java(path, "it ends within a hit");
  const std::string names_path = names_of_hits(path);
  JavaNames classes(names, names_path, (hits.size() - kJavaHeader) / kJavaWord, result);
  for (std::size_t at = kJavaHeader; at < hits.size(); at += kJavaWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, hits.data() + at, kJavaWord);
    if (word == 0) continue;
    const auto number = static_cast<std::uint32_t>(word >> 48U);
    JavaClass* known = classes.find(number);
    if (known == nullptr) {
      throw corrupt_java(path, "it names a class " + std::to_string(number) + " of none");
    }
    const std::uint64_t probe = (word & ~(std::uint64_t{number} << 48U));
    if (probe == 0 || probe > known->probes.size()) throw corrupt_java(path, "it holds no probe");
    known->probes[probe - 1] = true;
  }
  return result;
}

}  // namespace gentle
