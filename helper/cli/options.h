// The options of one subcommand: CLI11 behind a small face, so that one file pays for its headers.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace gentle {

// Thrown for --help; `text` goes to standard output.
struct HelpRequested {
  std::string text;
};

class Options {
 public:
  // `help` is printed as it stands for --help.
  Options(std::string subcommand, std::string help);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // What is bound is set by parse(); an option that is absent leaves it alone.
  void required(const std::string& name, std::string& value);
  void rest(const std::string& name, std::vector<std::string>& values);
  void flag(const std::string& names, bool& value);  // "-f,--follow"
  void option(const std::string& names, std::string& value);
  void option(const std::string& names, int& value, int least, int most);
  void option(const std::string& names, std::vector<std::string>& values);  // may be repeated

  // Throws Error with kExitUsage, or HelpRequested.
  void parse(const std::vector<std::string>& arguments);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace gentle
