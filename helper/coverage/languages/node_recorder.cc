#include "coverage/languages/node_recorder.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "coverage/languages/recorder_install.h"

namespace gentle {
namespace {

constexpr std::string_view kTelling[] = {"-v",     "--version",    "-h",
                                         "--help", "--v8-options", "--completion-bash"};
// The next word is not an option, nor the program.
constexpr std::string_view kOptionsWithValue[] = {
    "-r",       "--require",  "--import",     "-C",           "--conditions",
    "--loader", "--env-file", "--input-type", "--watch-path", "--experimental-loader"};

template <std::size_t N>
bool is_one_of(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// As a word of NODE_OPTIONS: in quotes if it has to be.
std::string option_word(const std::string& path) {
  if (path.find_first_of(" \"") == std::string::npos) return path;
  std::string word = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') word += '\\';
    word += c;
  }
  return word + '"';
}

std::string require_option(std::string_view recorder) {
  return "--require " + option_word(std::string(recorder) + "/gentle_node_start.cjs");
}

}  // namespace

std::string install_node_recorder(const std::string& coverage_folder) {
  return install_recorder(coverage_folder, "node");
}

void add_node_recorder(Environment& environment, const std::string& recorder,
                       const std::string& hits) {
  const std::string options = environment.get("NODE_OPTIONS");
  const std::string own = require_option(recorder);
  if (options.find(own) == std::string::npos) {
    environment.set("NODE_OPTIONS", options.empty() ? own : own + " " + options);
  }
  environment.set("GENTLE_NODE_HITS", hits);
}

bool is_node(std::string_view program) {
  std::string_view name = program.substr(program.rfind('/') + 1);
  if (!name.starts_with("node")) return false;
  name.remove_prefix(name.starts_with("nodejs") ? 6 : 4);
  if (name.starts_with("-")) name.remove_prefix(1);
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool tells_of_node(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (!word.starts_with("-")) return false;  // the rest is the program's
    // `--run` only starts a task of package.json.
    if (word == "--run" || word.starts_with("--run=")) return true;
    // With `--watch`, it only starts another Node, without that option.
    if (word == "--watch" || word.starts_with("--watch-")) return true;
    if (is_one_of(kTelling, word)) return true;
    if (is_one_of(kOptionsWithValue, word)) ++i;
  }
  return false;
}

std::string why_no_node_recorder(std::string_view options, std::string_view recorder) {
  if (options.find(require_option(recorder)) != std::string_view::npos) return "";
  return "the NODE_OPTIONS of its environment does not name the recorder";
}

}  // namespace gentle
