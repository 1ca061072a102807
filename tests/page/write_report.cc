// Writes the page of a report, for the tests of the page and for whoever wants to look at one.
//
//   write_report told <output> <root>            counts as comments in the sources tell them
//   write_report objects <output> <root> <objects>    counts of the .gcno and .gcda below <objects>
//
// A line of a source may end with what is told of it:
//
//   //: 5            executed five times
//   //: 5 3 2 0t     so, with branches: taken three times, twice, never and by an exception
//   //: 5*           some of it was not executed
//   //: 5 3 2 c31    a condition of two terms: 1, the term has decided by true; 2, by false; 3,
//   both
//   //: excluded
//   //: calls 5 f    the function f begins there and was called so often; after what else is told
//
// Prints how long the writing took, in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/formats/demangled.h"
#include "coverage/page/write_page.h"
#include "coverage/report/asked_gcov.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/source_names.h"
#include "coverage/report/unit_gathering.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"
#include "os/file.h"

namespace {

namespace fs = std::filesystem;
using gentle::CoverageTable;
using gentle::PageOptions;

gentle::TableBranch branch_of(const std::string& word) {
  return {std::strtoll(word.c_str(), nullptr, 10), word.find('f') != std::string::npos,
          word.find('t') != std::string::npos};
}

gentle::TableDecision decision_of(const std::string& digits) {
  gentle::TableDecision decision;
  for (const char digit : digits) {
    const auto bits = static_cast<std::uint64_t>(digit - '0');
    decision.by_true |= (bits & 1U) << decision.terms;
    decision.by_false |= (bits >> 1U & 1U) << decision.terms++;
  }
  return decision;
}

void read_line(gentle::TableSource& source, std::uint32_t number, const std::string& told) {
  std::istringstream words(told);
  gentle::TableLine line;
  gentle::BranchGroup group;
  gentle::DecisionGroup decisions;
  bool has_count = false;
  for (std::string word; words >> word;) {
    if (word == "calls") {
      gentle::TableFunction function{0, 0, 4, 0};
      std::string name;
      words >> function.count;
      std::getline(words >> std::ws, name);
      function.returns = function.count;
      function.blocks_executed = function.count > 0 ? 3 : 0;
      source.functions[{name, number}] = function;
      group.place = std::uint64_t{number} << 32U | 1U;
    } else if (word.starts_with('c')) {
      decisions.decisions.push_back(decision_of(word.substr(1)));
    } else if (word == "excluded") {
      line.is_excluded = has_count = true;
    } else if (!has_count) {
      line.count = std::strtoll(word.c_str(), nullptr, 10);
      line.has_unexecuted_block = word.ends_with('*');
      has_count = true;
    } else {
      group.branches.push_back(branch_of(word));
    }
  }
  if (!group.branches.empty()) line.groups.push_back(group);
  if (!decisions.decisions.empty()) line.decisions.push_back(decisions);
  if (has_count) source.lines[number] = line;
}

gentle::TableSource read_told(const std::string& text) {
  constexpr std::string_view kTold = "//: ";
  gentle::TableSource source;
  std::istringstream lines(text);
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (const auto at = line.find(kTold); at != std::string::npos) {
      read_line(source, number, line.substr(at + kTold.size()));
    }
  }
  return source;
}

CoverageTable told_table(const std::string& root) {
  CoverageTable table;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    table.sources()[entry.path().string()] = read_told(gentle::read_file(entry.path().string()));
  }
  return table;
}

CoverageTable gathered_table(const std::string& root, const std::string& folder) {
  gentle::CoverageSpec spec;
  spec.source_dir = spec.root = root;
  spec.build_dir = folder;
  const gentle::SourceNames names(spec);
  std::vector<gentle::CompiledObject> objects;
  std::set<std::string> counted;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".gcno") continue;
    objects.push_back(gentle::read_object(entry.path().string(), names));
    for (const auto& [name, source] : objects.back().sources) {
      if (gentle::is_inside(source.file, root)) counted.insert(source.file);
    }
  }
  spec.gcov = {"gcov"};
  const gentle::WorkFiles work(folder + "/coverage.spec");
  gentle::AskedGcov gcov(spec, work, {});
  gentle::Gathered gathered = gentle::gather_units(objects, counted, gcov);
  gentle::finish_table(gathered);
  for (const std::string& warning : gathered.warnings)
    std::fprintf(stderr, "%s\n", warning.c_str());
  for (const gentle::Error& failure : gathered.failures) {
    std::fputs(failure.message().c_str(), stderr);
  }
  return gathered.table;
}

std::string value_of(const char* variable, const std::string& otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : otherwise;
}

int write(const std::vector<std::string>& arguments) {
  const std::string root = gentle::absolute_path(arguments.at(2));
  const CoverageTable table =
      arguments.at(0) == "told" ? told_table(root) : gathered_table(root, arguments.at(3));
  PageOptions options;
  options.folder = arguments.at(1);
  options.root = root;
  options.title = value_of("PAGE_TITLE", "Coverage");
  options.timestamp = value_of("PAGE_TIMESTAMP", "");
  options.throw_branches = value_of("PAGE_THROW_BRANCHES", "") == "1";
  options.read_source = [](const std::string& path) { return gentle::read_file_if_there(path); };
  const auto begin = std::chrono::steady_clock::now();
  write_page(table, options);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.1f\n", took.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool is_told = argc == 4 && arguments[0] == "told";
  if (!is_told && !(argc == 5 && arguments[0] == "objects")) {
    std::fputs(
        "usage: write_report told <output> <root>\n"
        "       write_report objects <output> <root> <objects>\n",
        stderr);
    return 2;
  }
  try {
    return write(arguments);
  } catch (const gentle::Error& error) {
    std::fputs(error.message().c_str(), stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_report: %s\n", error.what());
  }
  return 1;
}
