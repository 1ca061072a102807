// What a recorded process has left, or somebody else in its place: any bytes give hits, or an
// error. The first byte tells how long the names are, in units of 16 bytes; then they come, and
// then the hits. They are read as those of each language.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "coverage/languages/hits.h"
#include "coverage/languages/java_hits.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

void read_as(gentle::Language language, std::string_view words, std::string_view names) {
  try {
    const gentle::Hits hits = gentle::read_hits(language, words, names, "x.hits");
    for (const auto& source : hits.sources) {
      require(source.path.starts_with('/'), "a source has an absolute path");
      require(!source.lines.contains(0), "lines begin with 1");
      require(!source.statements.contains(0), "lines begin with 1");
      for (const auto& arc : source.arcs) {
        require(language == gentle::Language::kPython, "only Python has arcs");
        require(arc.from != 0 && arc.to != 0, "an arc has both ends");
      }
      std::uint64_t ways = 0;
      for (const auto& branch : source.branches) {
        require(source.statements.contains(branch.line), "a branch stands at a statement");
        ways += branch.ways;
      }
      require(ways <= 1U << 20U, "a source has so many ways at most");
      require(source.ways.empty() || *source.ways.rbegin() <= ways, "a way is of a branch");
    }
    for (const auto& [path, reason] : hits.uncounted) {
      require(path.starts_with('/'), "a source has an absolute path");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

void read_as_java(std::string_view words, std::string_view names) {
  try {
    for (const auto& known : gentle::read_java_hits(words, names, "x.hits").classes) {
      require(!known.name.empty() && known.location.starts_with('/'), "a class has a place");
      require(known.probes.size() <= words.size() / 8, "each probe has a place");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = gentle::fuzz::text(data, size);
  if (text.empty()) return 0;
  const std::size_t length = std::min<std::size_t>(data[0] * 16U, size - 1);
  const std::string_view names = text.substr(1, length);
  const std::string_view words = text.substr(1 + length);
  gentle::loss_of_hits(words);
  read_as(gentle::Language::kPython, words, names);
  read_as(gentle::Language::kNode, words, names);
  read_as_java(words, names);
  return 0;
}
