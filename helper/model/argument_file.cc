#include "model/argument_file.h"

#include "base/error.h"

namespace gentle {
namespace {

constexpr std::string_view kFirstLine = "gentle-arguments 1";
constexpr std::string_view kArgument = "argument ";
constexpr std::string_view kLastLine = "end";

Error wrong_file(const std::string& path, const std::string& cause) {
  return Error("read arguments", path, cause)
      .hint("run cmake again; the functions for tests write this file when it configures");
}

}  // namespace

std::vector<std::string> parse_argument_file(std::string_view text, const std::string& path) {
  std::vector<std::string> arguments;
  bool ended = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    const std::string where = "line " + std::to_string(number) + ": ";
    if (ended) throw wrong_file(path, where + "text after 'end'");
    if (number == 1) {
      if (line != kFirstLine) throw wrong_file(path, where + "is not 'gentle-arguments 1'");
    } else if (line == kLastLine) {
      ended = true;
    } else if (line.substr(0, kArgument.size()) == kArgument) {
      arguments.emplace_back(line.substr(kArgument.size()));
      if (arguments.back().find('\0') != std::string::npos) {
        throw wrong_file(path, where + "holds a NUL byte");
      }
    } else {
      throw wrong_file(path, where + "is neither 'argument <text>' nor 'end'");
    }
  }
  if (!ended) throw wrong_file(path, "it is truncated: its last line is not 'end'");
  return arguments;
}

}  // namespace gentle
