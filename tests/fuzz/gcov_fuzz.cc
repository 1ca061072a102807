// What the compiler, its runtime and gcov write: any bytes are looked at without harm.
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "coverage/gcov/gcno.h"
#include "coverage/report/ctest_listing.h"
#include "fuzz.h"

using Listing = std::vector<gentle::ListedSource>;
using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(gentle::fuzz::text(data, size));
  for (const std::uint32_t version : {0x4231332aU, 0x4232322aU}) {  // GCC 11.3 and 12.2
    for (const bool big_endian : {false, true}) {
      const gentle::NotesHeader notes{version, 7, big_endian};
      const gentle::DataFault fault = gentle::check_data(bytes, notes);
      require(fault != gentle::DataFault::kNone || bytes.size() >= 16,
              "a whole file has a header and an end");
    }
  }
  try {
    const gentle::Notes notes = gentle::parse_notes(bytes, "notes");
    std::size_t names = notes.directory.size();
    for (const gentle::NotesSource& source : notes.sources) {
      require(source.last_line > 0, "a source is named for a line of it");
      names += source.name.size();
    }
    require(names <= size, "each name stands in the file");
    const std::string renamed = gentle::rename_sources(
        bytes, [](const std::string& name) { return name + "/a longer one"; });
    const gentle::Notes again = gentle::parse_notes(renamed, "renamed");
    require(again.sources.size() <= notes.sources.size(), "renaming adds no source");
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  for (const auto& source : gentle::read_ctest_listing(bytes).value_or(Listing())) {
    require(source.gcov.find(source.path) != std::string::npos, "a source names itself");
  }
  return 0;
}
