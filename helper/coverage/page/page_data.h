// The scripts that bring the table to the page. A page that is opened from disk cannot fetch
// anything but scripts, so each is one call with JSON in it:
//
//   gentle.takeIndex({...})            everything about the report but what is in its sources
//   gentle.takeSources(<chunk>, [...])    some sources, each with its text and its counts
//
// What is new about a source later (the tests that reached a line, what only services reached, a
// patch) becomes a key of its own beside "lines" and "branches", and names that many lines share a
// list in the index. The page passes over keys that it does not know.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/parted_text.h"
#include "coverage/page/page_totals.h"
#include "coverage/page/write_page.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// A source and where its data is.
struct PageSource {
  std::string path;
  std::string name;  // relative to the root, if it is below
  const TableSource* counts = nullptr;
  PageTotals totals;
  std::size_t chunk = 0;
  std::size_t place = 0;  // within its chunk
};

// In the order of their names. Sources share a chunk until it is as large as what a browser reads
// without anybody noticing.
std::vector<PageSource> page_sources(const CoverageTable& table, const PageOptions& options);

std::string index_script(const std::vector<PageSource>& sources, const PageOptions& options);

// `sources` are those of one chunk.
void write_sources_script(const std::vector<const PageSource*>& sources, const PageOptions& options,
                          PartedText& script);

}  // namespace gentle
