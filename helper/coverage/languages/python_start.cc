#include "coverage/languages/python_start.h"

#include <algorithm>

namespace gentle {
namespace {

constexpr std::string_view kWithValue = "WXQ";  // the rest of the word, or the next one
constexpr std::string_view kLast = "cm";        // what follows is the program's

bool holds(std::string_view list, std::string_view element) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    if (list.substr(0, end) == element) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// The first option of the interpreter that keeps sitecustomize or PYTHONPATH from it; 0 if none
// does.
char isolating_option(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word.size() < 2 || word[0] != '-') return 0;
    if (word.starts_with("--")) {
      if (word == "--check-hash-based-pycs") ++i;
      continue;
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char option = word[at];
      if (option == 'I' || option == 'E' || option == 'S') return option;
      if (kLast.find(option) != std::string_view::npos) return 0;
      if (kWithValue.find(option) == std::string_view::npos) continue;
      if (at + 1 == word.size()) ++i;
      break;
    }
  }
  return 0;
}

}  // namespace

bool is_python(std::string_view program) {
  std::string_view name = program.substr(program.rfind('/') + 1);
  if (name.starts_with("python")) {
    name.remove_prefix(6);
  } else if (name.starts_with("pypy")) {
    name.remove_prefix(4);
  } else {
    return false;
  }
  for (const std::string_view end : {"-dbg", "d", "t"}) {
    if (name.ends_with(end)) {
      name.remove_suffix(end.size());
      break;
    }
  }
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string why_no_python_recorder(const std::vector<std::string>& arguments, std::string_view path,
                                   std::string_view recorder) {
  if (const char option = isolating_option(arguments)) {
    return std::string("python -").append(1, option).append(" starts no recorder");
  }
  if (!holds(path, recorder)) return "the PYTHONPATH of its environment does not name the recorder";
  return "";
}

}  // namespace gentle
