#include "coverage/formats/counted_source.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "coverage/formats/demangled.h"

namespace gentle {
namespace {

bool begins_excluded(const TableSource& source, std::uint32_t number) {
  const auto line = source.lines.find(number);
  return line != source.lines.end() && line->second.is_excluded;
}

// rustc's scheme v0, and the one before.
bool is_of_rust(std::string_view linker_name) {
  constexpr std::size_t kHash = 20;  // "17h", 16 digits, "E"
  return linker_name.starts_with("_R") ||
         (linker_name.starts_with("_ZN") && linker_name.size() > kHash &&
          linker_name.substr(linker_name.size() - kHash).starts_with("17h"));
}

// What makes several functions one: their name, as people write it. Names of Rust hold the crate,
// and the types of a generic function, which no two programs have in common: there it is the place.
using Identity = std::tuple<std::string_view, std::uint32_t, std::uint32_t>;

Identity identity_of(const CountedFunction& function) {
  if (!is_of_rust(function.linker_name) || function.counts.column == 0)
    return {function.name, 0, 0};
  return {"", function.line, function.counts.column};
}

struct HashOfIdentity {
  std::size_t operator()(const Identity& identity) const {
    const auto& [name, line, column] = identity;
    return std::hash<std::string_view>{}(name) ^ (std::size_t{line} << 16U) ^ column;
  }
};

// The functions are large: what is sorted are their places.
std::vector<CountedFunction> in_order(std::vector<CountedFunction> functions) {
  std::vector<CountedFunction*> order;
  order.reserve(functions.size());
  for (CountedFunction& function : functions) order.push_back(&function);
  std::sort(order.begin(), order.end(), [](const CountedFunction* a, const CountedFunction* b) {
    return std::tie(a->line, a->name) < std::tie(b->line, b->name);
  });
  std::vector<CountedFunction> sorted;
  sorted.reserve(order.size());
  for (CountedFunction* function : order) sorted.push_back(std::move(*function));
  return sorted;
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
  std::vector<CountedFunction> functions;
  functions.reserve(source.functions.size());  // they stay where they are, and so do their names
  std::unordered_map<Identity, CountedFunction*, HashOfIdentity> by_identity;
  by_identity.reserve(source.functions.size());
  for (const auto& [key, counts] : source.functions) {
    const auto& [linker_name, line] = key;
    if (begins_excluded(source, line)) continue;
    CountedFunction& function = functions.emplace_back();
    function = {
        counts.name.empty() ? demangled(linker_name) : counts.name,
        linker_name,
        line,
        {counts.count, counts.returns, counts.blocks, counts.blocks_executed, "", counts.column}};
    CountedFunction& known =
        *by_identity.try_emplace(identity_of(function), &function).first->second;
    if (&known == &function) continue;
    known.line = std::min(known.line, line);
    add_function(known.counts, counts);
    functions.pop_back();
  }
  return in_order(std::move(functions));
}

}  // namespace gentle
