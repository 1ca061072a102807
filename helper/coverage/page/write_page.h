// Writes the report that people look at: index.html, which opens from disk without a server.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "coverage/table/coverage_table.h"

namespace gentle {

struct PageOptions {
  std::string folder;  // index.html and the folder page/ come here
  std::string root;    // names of sources below it are relative to it
  std::string title = "Coverage";
  std::string timestamp;         // as shown; "": none
  unsigned medium_percent = 75;  // less is low
  unsigned high_percent = 90;    // less is medium
  bool throw_branches = false;   // branches that only an exception takes count
  // The text of a source, nothing if it cannot be read; from several threads at once.
  std::function<std::optional<std::string>(const std::string& path)> read_source;
};

// Data of an earlier report in the folder goes. index.html comes last, in one step, so that
// whoever opens it sees a whole report. Throws Error.
void write_page(const CoverageTable& table, const PageOptions& options);

}  // namespace gentle
