// Which files each of many processes has written. Processes that wrote the same ones are one entry.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

class ProcessList {
 public:
  // What does not follow the form, as after a power cut, is left out.
  static ProcessList parse(std::string_view text);

  // A name a line, an empty line, and then a process a line: the numbers of its names, from 0.
  std::string text() const;

  // Names hold no newline and are not empty.
  void add(const std::set<std::string>& names);

  std::vector<std::vector<std::string>> processes() const;

 private:
  std::size_t number_of(const std::string& name);

  std::vector<std::string> names_;
  std::map<std::string, std::size_t> numbers_;
  std::set<std::set<std::size_t>> processes_;
};

}  // namespace gentle
