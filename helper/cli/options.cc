#include "cli/options.h"

#include <getopt.h>

#include <algorithm>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/number.h"
#include "model/nearest.h"

namespace gentle {
namespace {

// What getopt_long gives back for the i-th option that has no letter.
constexpr int kFirstCode = 256;

// The word that getopt_long has just refused, without its value.
std::string refused_word(const std::vector<char*>& words) {
  if (optopt > 0 && optopt < kFirstCode) return {'-', static_cast<char>(optopt)};
  const std::string word = words[static_cast<std::size_t>(optind) - 1];
  return word.substr(0, word.find('='));
}

}  // namespace

Options::Options(std::string subcommand, std::string help)
    : subcommand_(std::move(subcommand)), help_(std::move(help)) {}

void Options::required(const std::string& name, std::string& value) {
  positionals_.push_back({name, &value});
}

void Options::rest(std::vector<std::string>& values) { rest_ = &values; }

void Options::flag(const std::string& names, bool& value) {
  add(names, false, [&value](const std::string&) { value = true; });
}

void Options::option(const std::string& names, std::string& value) {
  add(names, true, [&value](const std::string& text) { value = text; });
}

void Options::option(const std::string& names, int& value, int least, int most) {
  add(names, true, [this, &value, least, most, names](const std::string& text) {
    const auto number = parse_integer(text, least, most);
    if (!number) {
      throw_wrong(names.substr(names.find("--")) + " " + text,
                  "no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    value = *number;
  });
}

void Options::option(const std::string& names, Duration& value) {
  add(names, true, [this, &value, names](const std::string& text) {
    const auto seconds = parse_seconds(text);
    if (!seconds || *seconds <= Duration{}) {
      throw_wrong(names.substr(names.find("--")) + " " + text, "no number of seconds above 0");
    }
    value = *seconds;
  });
}

void Options::option(const std::string& names, std::vector<std::string>& values) {
  add(names, true, [&values](const std::string& text) { values.push_back(text); });
}

void Options::add(const std::string& names, bool has_value, Take take) {
  const std::size_t dashes = names.find("--");
  const char letter = dashes == 0 ? '\0' : names[1];
  named_.push_back({names.substr(dashes + 2), letter, has_value, std::move(take)});
}

void Options::parse(const std::vector<std::string>& arguments) const {
  // Before anything else can be wrong.
  const auto is_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  if (std::any_of(arguments.begin(), arguments.end(), is_help)) throw HelpRequested{help_};
  std::vector<std::string> copies = arguments;
  copies.insert(copies.begin(), "gentle");
  std::vector<char*> words;
  for (std::string& word : copies) words.push_back(word.data());
  words.push_back(nullptr);
  read_options(words);
  read_positionals({words.begin() + optind, words.end() - 1});
}

void Options::read_options(std::vector<char*>& words) const {
  std::string letters = ":";  // a missing value is told as ':'
  std::vector<::option> longs;
  for (std::size_t i = 0; i < named_.size(); ++i) {
    const Named& named = named_[i];
    const int code = named.letter != '\0' ? named.letter : kFirstCode + static_cast<int>(i);
    longs.push_back({named.name.c_str(), named.has_value ? 1 : 0, nullptr, code});
    if (named.letter != '\0') letters += named.letter;
    if (named.letter != '\0' && named.has_value) letters += ':';
  }
  longs.push_back({});
  optind = 0;  // begin anew: getopt(3), "NOTES"
  opterr = 0;
  const int count = static_cast<int>(words.size()) - 1;
  for (;;) {
    const int code = ::getopt_long(count, words.data(), letters.c_str(), longs.data(), nullptr);
    if (code == -1) return;
    if (code == '?') throw_unknown(refused_word(words));
    if (code == ':')
      throw_wrong(words[static_cast<std::size_t>(optind) - 1], "its value is missing");
    const auto is_it = [&](const ::option& candidate) { return candidate.val == code; };
    const auto found = std::find_if(longs.begin(), longs.end(), is_it) - longs.begin();
    named_[static_cast<std::size_t>(found)].take(optarg != nullptr ? optarg : "");
  }
}

void Options::read_positionals(const std::vector<std::string>& words) const {
  std::size_t used = 0;
  for (const Positional& positional : positionals_) {
    if (used == words.size()) throw_wrong("<" + positional.name + ">", "missing");
    *positional.value = words[used++];
  }
  if (rest_ != nullptr) {
    rest_->assign(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
  } else if (used < words.size()) {
    throw_wrong(words[used], "unexpected");
  }
}

void Options::throw_wrong(const std::string& object, const std::string& cause) const {
  throw Error("read command line of 'gentle " + subcommand_ + "'", object, cause)
      .hint("gentle " + subcommand_ + " --help")
      .exit_code(kExitUsage);
}

void Options::throw_unknown(const std::string& word) const {
  std::vector<std::string> known = {"--help"};
  for (const Named& named : named_) known.push_back("--" + named.name);
  const std::string near = word.starts_with("--") ? nearest(word, known) : "";
  if (near == word) throw_wrong(word, "it takes no value");
  throw_wrong(word, near.empty() ? "unexpected" : "did you mean '" + near + "'?");
}

}  // namespace gentle
