#include "coverage/table/exclusion_markers.h"

#include <algorithm>
#include <optional>

namespace gentle {
namespace {

constexpr std::string_view kExclude = "_EXCL_";

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// "LCOV" before `at`, or "".
std::string_view tool_before(std::string_view line, std::size_t at) {
  for (const std::string_view tool : {"GCOVR", "GCOV", "LCOV"}) {
    if (at < tool.size() || line.substr(at - tool.size(), tool.size()) != tool) continue;
    const bool begins = at == tool.size() || !is_word(line[at - tool.size() - 1]);
    return begins ? tool : std::string_view();
  }
  return {};
}

struct Open {
  std::string marker;  // without its START
  std::uint32_t line = 0;
};

class Markers {
 public:
  void read(std::string_view line) {
    ++number_;
    for (std::size_t at = line.find(kExclude); at != std::string_view::npos;
         at = line.find(kExclude, at + 1)) {
      const std::string_view tool = tool_before(line, at);
      if (tool.empty()) continue;
      std::size_t end = at + kExclude.size();
      while (end < line.size() && is_word(line[end])) ++end;
      const std::size_t word = at + kExclude.size();
      apply(std::string(tool), line.substr(word, end - word));
    }
    if (lines_) found_.lines.insert(number_);
    if (branches_) found_.branches.insert(number_);
    lines_ = open_lines_.has_value();
    branches_ = open_branches_.has_value();
  }

  ExclusionMarkers finish() {
    for (const auto& open : {open_lines_, open_branches_}) {
      if (open) tell(open->line, open->marker + "START has no " + open->marker + "STOP");
    }
    return std::move(found_);
  }

 private:
  void apply(const std::string& tool, std::string_view word) {
    const bool of_branches = word.starts_with("BR_");
    if (of_branches) word.remove_prefix(3);
    bool& now = of_branches ? branches_ : lines_;
    std::optional<Open>& open = of_branches ? open_branches_ : open_lines_;
    const std::string marker = tool + (of_branches ? "_EXCL_BR_" : "_EXCL_");
    if (word == "LINE") {
      now = true;
    } else if (word == "START") {
      now = true;
      if (open)
        tell(number_, marker + "START, but one is open since line " + std::to_string(open->line));
      if (!open) open = {marker, number_};
    } else if (word == "STOP") {
      now = true;
      if (!open) tell(number_, marker + "STOP has no " + marker + "START");
      open.reset();
    }
  }

  void tell(std::uint32_t line, const std::string& what) {
    found_.problems.push_back("line " + std::to_string(line) + ": " + what);
  }

  ExclusionMarkers found_;
  std::uint32_t number_ = 0;
  bool lines_ = false;  // this one is excluded
  bool branches_ = false;
  std::optional<Open> open_lines_;
  std::optional<Open> open_branches_;
};

}  // namespace

ExclusionMarkers find_exclusion_markers(std::string_view source) {
  Markers markers;
  while (!source.empty()) {
    const std::size_t newline = source.find('\n');
    markers.read(source.substr(0, newline));
    source.remove_prefix(newline == std::string_view::npos ? source.size() : newline + 1);
  }
  return markers.finish();
}

}  // namespace gentle
