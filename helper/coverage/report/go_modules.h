// Where the sources of Go are: the compiler names them by the path of their package,
// "example.com/app/lib/a.go", and a go.mod says which folder "example.com/app" is.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// The module that the text of a go.mod declares; "": none.
std::string go_module_of(std::string_view text);

class GoModules {
 public:
  // Looks for each go.mod below `root`, in the folders above it, and in the build folder last.
  GoModules(std::string root, std::string build_dir);

  // The absolute paths where a source of this module may be: in each of its folders, those where it
  // is; if it is in none, where it was. Of a module that others have vendored, where they have put
  // it. None if the module is not here.
  std::vector<std::string> places_of(const std::string& module, const std::string& file);

 private:
  void look_below(const std::string& folder, const std::string& without);
  void look_above(const std::string& folder);
  void take(const std::string& folder);
  std::vector<std::string> known_places(const std::string& module, const std::string& file) const;
  std::vector<std::string> vendored_places(const std::string& file) const;

  std::string root_;
  std::string build_dir_;
  bool has_looked_ = false;
  bool has_looked_in_build_ = false;
  std::map<std::string, std::set<std::string>> folders_;  // by module
};

}  // namespace gentle
