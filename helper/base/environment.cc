#include "base/environment.h"

#include <string_view>

namespace gentle {

Environment Environment::from(const char* const* entries) {
  Environment environment;
  for (; *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    const std::size_t equals = entry.find('=', 1);
    if (equals == std::string_view::npos) continue;
    environment.set(std::string(entry.substr(0, equals)), std::string(entry.substr(equals + 1)));
  }
  return environment;
}

std::string Environment::get(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

void Environment::unset_all(const std::string& beginning) {
  std::erase_if(values_, [&](const auto& value) { return value.first.starts_with(beginning); });
}

std::vector<std::string> Environment::entries() const {
  std::vector<std::string> entries;
  for (const auto& [name, value] : values_) {
    std::string entry = name;
    entry += '=';
    entry += value;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace gentle
