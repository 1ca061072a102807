#include "cli/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "model/nearest.h"

namespace gentle {
namespace {

// CLI11 takes the words off the end. It is given --name=value as two words: of one whose value is
// empty it says that the value is missing.
std::vector<std::string> reversed_words(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
    words.push_back(argument.substr(0, equals));
    if (equals != std::string::npos) words.push_back(argument.substr(equals + 1));
  }
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

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
    parser_->app.parse(reversed_words(arguments));
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
