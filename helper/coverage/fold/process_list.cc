#include "coverage/fold/process_list.h"

#include <optional>

#include "base/number.h"

namespace gentle {
namespace {

std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

}  // namespace

ProcessList ProcessList::parse(std::string_view text) {
  ProcessList list;
  while (!text.empty()) {
    const std::string_view name = take(text, '\n');
    if (name.empty()) break;
    list.names_.emplace_back(name);
    list.numbers_.emplace(name, list.names_.size() - 1);
  }
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    std::set<std::size_t> process;
    while (!line.empty()) {
      const auto number = parse_integer<std::size_t>(take(line, ' '), 0, list.names_.size());
      if (number && *number < list.names_.size()) process.insert(*number);
    }
    if (!process.empty()) list.processes_.insert(std::move(process));
  }
  return list;
}

std::string ProcessList::text() const {
  std::string text;
  for (const std::string& name : names_) text += name + "\n";
  for (const std::set<std::size_t>& process : processes_) {
    text += '\n';
    for (const std::size_t number : process) text += std::to_string(number) + " ";
  }
  return text + "\n";
}

std::size_t ProcessList::number_of(const std::string& name) {
  const auto [entry, is_new] = numbers_.emplace(name, names_.size());
  if (is_new) names_.push_back(name);
  return entry->second;
}

void ProcessList::add(const std::set<std::string>& names) {
  std::set<std::size_t> process;
  for (const std::string& name : names) process.insert(number_of(name));
  if (!process.empty()) processes_.insert(std::move(process));
}

std::vector<std::vector<std::string>> ProcessList::processes() const {
  std::vector<std::vector<std::string>> all;
  for (const std::set<std::size_t>& process : processes_) {
    std::vector<std::string>& names = all.emplace_back();
    for (const std::size_t number : process) names.push_back(names_[number]);
  }
  return all;
}

}  // namespace gentle
