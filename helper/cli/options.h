// The options of one subcommand: getopt_long(3) behind a small face.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/deadline.h"

namespace gentle {

// Thrown for --help; `text` goes to standard output.
struct HelpRequested {
  std::string text;
};

class Options {
 public:
  // `help` is printed as it stands for --help.
  Options(std::string subcommand, std::string help);

  // What is bound is set by parse(); an option that is absent leaves it alone. `names` is the long
  // name, after its letter if it has one: "--build", "-n,--lines".
  void required(const std::string& name, std::string& value);
  void rest(std::vector<std::string>& values);
  void flag(const std::string& names, bool& value);
  void option(const std::string& names, std::string& value);
  void option(const std::string& names, int& value, int least, int most);
  void option(const std::string& names, Duration& value);                   // in seconds, above 0
  void option(const std::string& names, std::vector<std::string>& values);  // may be repeated

  // Throws Error with kExitUsage, or HelpRequested.
  void parse(const std::vector<std::string>& arguments) const;

 private:
  using Take = std::function<void(const std::string& value)>;

  struct Named {
    std::string name;  // without its dashes
    char letter;       // '\0': none
    bool has_value;
    Take take;
  };

  struct Positional {
    std::string name;
    std::string* value;
  };

  void add(const std::string& names, bool has_value, Take take);
  void read_options(std::vector<char*>& words) const;
  void read_positionals(const std::vector<std::string>& words) const;
  [[noreturn]] void throw_wrong(const std::string& object, const std::string& cause) const;
  [[noreturn]] void throw_unknown(const std::string& word) const;

  std::string subcommand_;
  std::string help_;
  std::vector<Named> named_;
  std::vector<Positional> positionals_;
  std::vector<std::string>* rest_ = nullptr;
};

}  // namespace gentle
