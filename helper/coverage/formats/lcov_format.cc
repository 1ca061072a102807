#include "coverage/formats/lcov_format.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "coverage/formats/counted_source.h"
#include "coverage/formats/share.h"
#include "coverage/formats/table_summary.h"

namespace gentle {
namespace {

// lcov takes letters, digits and '_' for the name of a test, and warns of anything else.
std::string test_name(std::string title) {
  std::replace_if(
      title.begin(), title.end(),
      [](char c) {
        const char lower = static_cast<char>(c | 0x20);
        return (lower < 'a' || lower > 'z') && (c < '0' || c > '9');
      },
      '_');
  return title;
}

// A record is one line, and what stands behind a comma is its next field. Names of paths are the
// file system's, whatever their encoding.
std::string without_line_ends(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, '?');
  return text;
}

std::string in_one_field(std::string text) {
  text = without_line_ends(std::move(text));
  std::replace(text.begin(), text.end(), ',', '?');
  return text;
}

void write_totals(std::string& text, std::string_view what, const Share& share) {
  text.append(what).append("F:").append(std::to_string(share.total)).append("\n");
  text.append(what).append("H:").append(std::to_string(share.covered)).append("\n");
}

// By the name as the linker knows it: lcov 1 takes a name to end at its first comma, and genhtml
// demangles it if it is asked to.
void write_functions(PartedText& text, const std::vector<CountedFunction>& functions) {
  const auto write = [&text](std::string_view what, const auto& value,
                             const CountedFunction& function) {
    text.part().append(what).append(std::to_string(value)).append(",");
    text.part().append(in_one_field(std::string(function.linker_name))).append("\n");
  };
  for (const CountedFunction& function : functions) write("FN:", function.line, function);
  for (const CountedFunction& function : functions) {
    write("FNDA:", function.counts.count, function);
  }
}

bool is_executed(const BranchGroup& group) {
  return std::any_of(group.branches.begin(), group.branches.end(),
                     [](const TableBranch& branch) { return branch.count > 0; });
}

// A group that was never reached has '-' in place of counts.
void write_branches(std::string& text, std::uint32_t number, const TableLine& line,
                    const FormatOptions& options) {
  const std::string start = "BRDA:" + std::to_string(number) + ",";
  std::vector<bool> executed(line.groups.size());
  std::transform(line.groups.begin(), line.groups.end(), executed.begin(), is_executed);
  visit_branches(line, options,
                 [&](std::size_t group, std::size_t index, const TableBranch& branch) {
                   text += start + std::to_string(group) + "," + std::to_string(index) + "," +
                           (executed[group] ? std::to_string(branch.count) : "-") + "\n";
                 });
}

std::string sense(std::uint64_t decided_alone, std::uint32_t term, std::string_view outcome) {
  return "," + std::string(outcome) + (((decided_alone >> term) & 1U) != 0 ? ",1," : ",0,");
}

// lcov 2 knows a group of a line by its size alone. So all terms of a line are one group: decisions
// of one size would be one. lcov 1 passes over these records. Source: geninfo(1) and lcovutil.pm of
// lcov 2.3.1, which reads MCF and MCH where the manual says MRF and MRH.
void write_conditions(std::string& text, std::uint32_t number, const TableLine& line) {
  std::uint32_t terms = 0;
  visit_decisions(line, [&](const TableDecision& decision) { terms += decision.told_terms(); });
  const std::string start = "MCDC:" + std::to_string(number) + "," + std::to_string(terms);
  std::uint32_t index = 0;
  visit_decisions(line, [&](const TableDecision& decision) {
    for (std::uint32_t term = 0; term < decision.told_terms(); ++term, ++index) {
      const std::string end = std::to_string(index) + "," + std::to_string(index) + "\n";
      text.append(start).append(sense(decision.by_false, term, "f")).append(end);
      text.append(start).append(sense(decision.by_true, term, "t")).append(end);
    }
  });
}

}  // namespace

void write_lcov(const CoverageTable& table, const FormatOptions& options, PartedText& text) {
  for (const auto& [path, source] : table.sources()) {
    const FileSummary summary = summarize_lines(path, source, options);
    text.part() += "TN:" + test_name(options.title) + "\nSF:" + without_line_ends(path) + "\n";
    {
      const std::vector<CountedFunction> functions = counted_functions(source);
      write_functions(text, functions);
      write_totals(text.part(), "FN", share_of(functions));
    }
    for (const auto& [number, line] : source.lines) {
      write_branches(text.part(), number, line, options);
    }
    write_totals(text.part(), "BR", summary.branches);
    for (const auto& [number, line] : source.lines) write_conditions(text.part(), number, line);
    if (summary.conditions.total > 0) write_totals(text.part(), "MC", summary.conditions);
    for (const auto& [number, line] : source.lines) {
      if (line.is_excluded) continue;
      text.part() += "DA:" + std::to_string(number) + "," + std::to_string(line.count) + "\n";
    }
    write_totals(text.part(), "L", summary.lines);
    text.part() += "end_of_record\n";
  }
}

}  // namespace gentle
