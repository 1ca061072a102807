#include "coverage/formats/counted_source.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <tuple>

#include "coverage/formats/demangled.h"

namespace gentle {
namespace {

bool begins_excluded(const TableSource& source, std::uint32_t number) {
  const auto line = source.lines.find(number);
  return line != source.lines.end() && line->second.is_excluded;
}

}  // namespace

std::string shown_name(const std::string& path, const FormatOptions& options) {
  const std::string& root = options.root;
  const std::string folder = root.ends_with('/') ? root : root + "/";
  const bool is_below = !root.empty() && path.size() > folder.size() && path.starts_with(folder);
  return is_below ? path.substr(folder.size()) : path;
}

Share share_of(const TableDecision& decision) {
  const std::uint32_t terms = decision.told_terms();
  const std::uint64_t all =
      terms == kMostTerms ? ~std::uint64_t{0} : (std::uint64_t{1} << terms) - 1;
  const int covered =
      std::popcount(decision.by_true & all) + std::popcount(decision.by_false & all);
  return {static_cast<std::uint64_t>(covered), std::uint64_t{2} * terms};
}

std::vector<CountedFunction> counted_functions(const TableSource& source) {
  std::map<std::string, CountedFunction> by_name;
  for (const auto& [key, counts] : source.functions) {
    const auto& [linker_name, line] = key;
    if (begins_excluded(source, line)) continue;
    std::string name = counts.name.empty() ? demangled(linker_name) : counts.name;
    const auto [at, is_new] = by_name.try_emplace(name);
    CountedFunction& known = at->second;
    if (is_new) {
      known = {std::move(name), linker_name, line, counts};
    } else {
      known.line = std::min(known.line, line);
      add_function(known.counts, counts);
    }
  }
  std::vector<CountedFunction> functions;
  functions.reserve(by_name.size());
  for (auto& [name, function] : by_name) functions.push_back(std::move(function));
  std::sort(functions.begin(), functions.end(),
            [](const CountedFunction& a, const CountedFunction& b) {
              return std::tie(a.line, a.name) < std::tie(b.line, b.name);
            });
  return functions;
}

}  // namespace gentle
