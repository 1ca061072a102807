// The environment of a process as a map.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace gentle {

class Environment {
 public:
  // From `environ`. The last of several settings of one name counts; text without '=' is dropped.
  static Environment from(const char* const* entries);

  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  void unset(const std::string& name) { values_.erase(name); }
  void unset_all(const std::string& beginning);    // every name that begins so
  std::string get(const std::string& name) const;  // "" if it is not set

  std::vector<std::string> entries() const;  // "NAME=value"

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace gentle
