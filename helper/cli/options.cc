#include "cli/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "model/nearest.h"

namespace gentle {

struct Options::Parser {
  std::string subcommand;
  std::string help;
  CLI::App app;
  std::vector<std::string> known = {"--help"};

  void remember(const std::string& names) {
    std::size_t begin = 0;
    while (begin < names.size()) {
      const std::size_t end = std::min(names.find(',', begin), names.size());
      known.push_back(names.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  Error wrong(const std::string& object, const std::string& cause) const {
    return Error("read command line of 'gentle " + subcommand + "'", object, cause)
        .hint("gentle " + subcommand + " --help")
        .exit_code(kExitUsage);
  }
};

Options::Options(std::string subcommand, std::string help) : parser_(std::make_unique<Parser>()) {
  parser_->subcommand = std::move(subcommand);
  parser_->help = std::move(help);
  parser_->app.set_help_flag();  // --help is looked for before anything else can be wrong
}

Options::~Options() = default;

void Options::required(const std::string& name, std::string& value) {
  parser_->app.add_option(name, value)->required();
}

void Options::rest(const std::string& name, std::vector<std::string>& values) {
  parser_->app.add_option(name, values);
}

void Options::flag(const std::string& names, bool& value) {
  parser_->remember(names);
  parser_->app.add_flag(names, value);
}

void Options::option(const std::string& names, std::string& value) {
  parser_->remember(names);
  parser_->app.add_option(names, value);
}

void Options::option(const std::string& names, int& value, int least, int most) {
  parser_->remember(names);
  parser_->app.add_option(names, value)->check(CLI::Range(least, most));
}

void Options::option(const std::string& names, std::vector<std::string>& values) {
  parser_->remember(names);
  parser_->app.add_option(names, values)->allow_extra_args(false);
}

void Options::parse(const std::vector<std::string>& arguments) {
  const auto is_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  if (std::any_of(arguments.begin(), arguments.end(), is_help)) throw HelpRequested{parser_->help};
  try {
    // CLI11 takes them off the end.
    parser_->app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ExtrasError&) {
    const std::string word = parser_->app.remaining().front();
    const std::string near = word.starts_with("-") ? nearest(word, parser_->known) : "";
    throw parser_->wrong(word, near.empty() ? "unexpected" : "did you mean '" + near + "'?");
  } catch (const CLI::RequiredError& error) {
    throw parser_->wrong("", error.what());
  } catch (const CLI::ParseError& error) {
    throw parser_->wrong("", error.what());
  }
}

}  // namespace gentle
