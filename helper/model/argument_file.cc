#include "model/argument_file.h"

#include "base/error.h"
#include "model/spec_lines.h"

namespace gentle {
namespace {

using Arguments = std::vector<std::string>;

constexpr SpecField<Arguments> kFields[] = {
    {"argument", [](Arguments& arguments, std::string_view v) { arguments.emplace_back(v); }},
};

}  // namespace

std::vector<std::string> parse_argument_file(std::string_view text, const std::string& path) {
  Arguments arguments;
  try {
    read_spec_lines(text, "gentle-arguments 1", kFields, arguments);
  } catch (const WrongSpec& wrong) {
    throw Error("read arguments", path, wrong.cause)
        .hint("run cmake again; the functions for tests write this file when it configures");
  }
  return arguments;
}

}  // namespace gentle
