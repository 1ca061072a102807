// The reader of a .gcno and its .gcda: any two files give lines or an error, in bounded time.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "coverage/gcov/unit_lines.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

void check_counts(const gentle::UnitNotes& notes, const gentle::UnitLines& unit) {
  std::size_t functions = 0;
  for (const gentle::SourceCount& source : unit.sources) {
    functions += source.functions.size();
    for (const gentle::LineCount& line : source.lines) {
      require(line.line > 0, "a line has a number");
      require(line.branches.begin + line.branches.size <= unit.branches.size(),
              "the branches of a line are there");
      require(line.decisions.begin + line.decisions.size <= unit.decisions.size(),
              "the decisions of a line are there");
      require(line.function == gentle::kNoFunction || line.function < source.functions.size(),
              "the function of a line is there");
    }
  }
  require(functions <= notes.functions.size(), "each function is named once");
}

void check_equal_where_it_matters(const gentle::UnitLines& all, const gentle::UnitLines& some) {
  for (std::size_t i = 0; i < all.sources.size(); i += 2) {
    const auto& lines = all.sources[i].lines;
    require(lines.size() == some.sources[i].lines.size(), "all lines of a source are there");
    require(all.sources[i].functions.size() == some.sources[i].functions.size(),
            "so are functions");
    for (std::size_t j = 0; j < lines.size(); ++j) {
      const gentle::LineCount& line = some.sources[i].lines[j];
      require(lines[j].line == line.line && lines[j].count == line.count &&
                  lines[j].function == line.function &&
                  lines[j].branches.size == line.branches.size,
              "a line does not depend on other sources");
    }
  }
}

}  // namespace

// The first byte says where the .gcda begins, in 255ths of the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = gentle::fuzz::text(data + 1, size - 1);
  const std::size_t middle = bytes.size() * data[0] / 255;
  try {
    const gentle::UnitNotes notes = gentle::read_unit_notes(
        bytes.substr(0, middle), "notes", [](const std::string&) { return false; });
    for (const gentle::FunctionNotes& function : notes.functions) {
      require(function.blocks <= 2 + 2 * notes.arcs_of(function).size(), "blocks have arcs");
    }
    check_counts(notes, count_unit_lines(notes, no_counters(notes)));
    const gentle::UnitCounters counters = read_unit_counters(bytes.substr(middle), notes);
    const gentle::UnitLines all = count_unit_lines(notes, counters);
    check_counts(notes, all);
    const gentle::UnitLines some =
        count_unit_lines(notes, counters, [](std::size_t source) { return source % 2 == 0; });
    check_counts(notes, some);
    check_equal_where_it_matters(all, some);
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
