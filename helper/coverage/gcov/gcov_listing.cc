#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/number.h"
#include "coverage/gcov/gcov_output.h"

namespace gentle {
namespace {

constexpr std::string_view kNotExecuted = "#####";
constexpr std::string_view kExceptionOnly = "=====";
constexpr std::string_view kNoCode = "-";
constexpr std::string_view kSource = "Source:";
constexpr std::string_view kFunction = "function ";
constexpr std::string_view kBranch = "branch ";
constexpr std::uint32_t kHundred = 100;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

// The word behind `key`: of "f called 2 returned 100%", "2" behind " called ".
std::string_view word_behind(std::string_view text, std::string_view key) {
  const std::size_t at = text.rfind(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(" %"));
}

class ListingReader {
 public:
  explicit ListingReader(const std::string& name) : name_(name) {}

  GcovOutput read(std::string_view listing) {
    while (!listing.empty()) {
      const std::size_t newline = listing.find('\n');
      read_line(listing.substr(0, newline));
      listing.remove_prefix(newline == std::string_view::npos ? listing.size() : newline + 1);
    }
    return std::move(result_);
  }

 private:
  // What is none of these, such as the calls, tells nothing that counts.
  void read_line(std::string_view line) {
    if (line.starts_with(kFunction) && source_ != nullptr) return read_function(line);
    if (line.starts_with(kBranch) && line_ != nullptr) return read_branch(line);
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) return;
    const auto number = parse_integer<std::uint32_t>(
        trimmed(line.substr(first + 1, second - first - 1)), 0, UINT32_MAX);
    if (!number) return;
    const std::string_view rest = line.substr(second + 1);
    if (*number == 0) return read_heading(rest);
    read_source_line(trimmed(line.substr(0, first)), *number);
  }

  void read_heading(std::string_view text) {
    if (!text.starts_with(kSource)) return;
    result_.unit.sources.emplace_back().name = text.substr(kSource.size());
    source_ = &result_.unit.sources.back();
    line_ = nullptr;
  }

  // "function f called 2 returned 100% blocks executed 75%": before the line where it begins.
  void read_function(std::string_view text) {
    text.remove_prefix(kFunction.size());
    FunctionCount function;
    function.execution_count = count(word_behind(text, " called "));
    const std::int64_t returned =
        std::clamp<std::int64_t>(count(word_behind(text, " returned ")), 0, kHundred);
    function.returns = function.execution_count / kHundred * returned +
                       function.execution_count % kHundred * returned / kHundred;
    function.blocks = kHundred;
    function.blocks_executed =
        parse_integer<std::uint32_t>(word_behind(text, " executed "), 0, kHundred).value_or(0);
    function.name = result_.names.emplace_back(text.substr(0, text.rfind(" called ")));
    source_->functions.push_back(function);
    ++without_line_;
  }

  void read_source_line(std::string_view word, std::uint32_t number) {
    if (source_ == nullptr) throw wrong(word);
    auto& functions = source_->functions;
    for (; without_line_ > 0; --without_line_) {
      functions[functions.size() - without_line_].start_line = number;
    }
    line_ = nullptr;
    if (word == kNoCode) return;
    LineCount line;
    line.line = number;
    line.has_unexecuted_block = word.ends_with('*') || word == kNotExecuted;
    if (word.ends_with('*')) word.remove_suffix(1);
    if (word != kNotExecuted && word != kExceptionOnly) line.count = count(word);
    line.branches.begin = static_cast<std::uint32_t>(result_.unit.branches.size());
    source_->lines.push_back(line);
    line_ = &source_->lines.back();
  }

  // "branch  0 taken 3" or "branch  0 never executed".
  void read_branch(std::string_view text) {
    BranchCount branch;
    const std::string_view taken = word_behind(text, " taken ");
    if (!taken.empty()) branch.count = count(taken);
    result_.unit.branches.push_back(branch);
    ++line_->branches.size;
  }

  std::int64_t count(std::string_view word) const {
    const auto value = parse_integer<std::int64_t>(word, INT64_MIN, INT64_MAX);
    if (!value) throw wrong(word);
    return *value;
  }

  Error wrong(std::string_view word) const {
    return Error("read what gcov prints of", name_, "'" + std::string(word) + "' is no count");
  }

  const std::string& name_;
  GcovOutput result_;
  SourceCount* source_ = nullptr;
  LineCount* line_ = nullptr;
  std::size_t without_line_ = 0;  // the last functions of the source, which begin at the next line
};

}  // namespace

GcovOutput read_gcov_listing(std::string_view listing, const std::string& name) {
  return ListingReader(name).read(listing);
}

}  // namespace gentle
