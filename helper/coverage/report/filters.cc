#include "coverage/report/filters.h"

#include <string_view>

#include "base/error.h"
#include "base/number.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

// Prints the number of the first argument that is wrong, the version of Python, and why.
constexpr const char* kProgram = R"(
import re, sys
for number, regex in enumerate(sys.argv[1:]):
    try:
        re.compile(regex)
    except Exception as error:
        version = "%d.%d" % sys.version_info[:2]
        text = "%d %s %s" % (number, version, error)
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        break
)";

bool is_python(std::string_view word) {
  return word.substr(word.rfind('/') + 1).starts_with("python");
}

// Takes the next word off a line; one in quotes may hold spaces.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const bool quoted = line.starts_with('"');
  if (quoted) line.remove_prefix(1);
  const std::size_t end = std::min(line.find_first_of(quoted ? "\"" : " \t\r"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::string program_at(const std::string& name, const Environment& environment) {
  return name.find('/') == std::string::npos ? find_program(name, environment.get("PATH")) : name;
}

// "" if there is none. A gcovr that is no script of Python (one in a language of shells around it)
// runs by the Python in PATH, most probably.
std::string python_of_gcovr(const std::string& gcovr, const Environment& environment) {
  const std::string program = program_at(gcovr.empty() ? "gcovr" : gcovr, environment);
  if (program.empty()) return "";
  const auto script = read_file_if_there(program);
  if (!script) return "";
  const std::string python = python_of_script(*script);
  return program_at(python.empty() ? "python3" : python, environment);
}

}  // namespace

std::string python_of_script(std::string_view script) {
  if (!script.starts_with("#!")) return "";
  std::string_view rest = script.substr(2);
  std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  while (!line.empty()) {  // also behind env and its options
    const std::string_view word = take_word(line);
    if (is_python(word)) return std::string(word);
  }
  // A path that is too long for the kernel, or holds spaces, is executed by a shell.
  line = rest.substr(0, rest.find('\n'));
  if (take_word(line) != "'''exec'") return "";
  const std::string_view word = take_word(line);
  return is_python(word) ? std::string(word) : "";
}

std::optional<WrongFilter> find_wrong_filter(const std::vector<Filter>& filters,
                                             const std::string& gcovr,
                                             const Environment& environment) {
  if (filters.empty()) return std::nullopt;
  std::string answer;
  try {
    const std::string python = python_of_gcovr(gcovr, environment);
    if (python.empty()) return std::nullopt;
    std::vector<std::string> command = {python, "-I", "-S", "-W", "ignore", "-c", kProgram};
    for (const Filter& filter : filters) command.push_back(filter.regex);
    answer = run_tool({command, environment, "", ""}).output;
  } catch (const Error&) {
    return std::nullopt;
  }
  std::string_view rest = answer;
  const auto number = parse_integer<std::size_t>(take_word(rest), 0, filters.size() - 1);
  if (!number) return std::nullopt;
  const std::string version(take_word(rest));
  return WrongFilter{filters[*number],
                     "it is no regular expression of Python " + version + ": " + std::string(rest)};
}

}  // namespace gentle
