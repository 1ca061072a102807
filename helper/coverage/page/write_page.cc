#include "coverage/page/write_page.h"

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/content_hash.h"
#include "coverage/page/js_text.h"
#include "coverage/page/page_assets.h"
#include "coverage/page/page_data.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

constexpr std::string_view kStart = "index.html";

std::vector<std::vector<const PageSource*>> chunks_of(const std::vector<PageSource>& sources) {
  std::vector<std::vector<const PageSource*>> chunks;
  for (const PageSource& source : sources) {
    if (source.chunk == chunks.size()) chunks.emplace_back();
    chunks[source.chunk].push_back(&source);
  }
  return chunks;
}

// One chunk after the other, by as many threads as there are processors.
class ChunkWriting {
 public:
  ChunkWriting(const std::vector<PageSource>& sources, const PageOptions& options,
               std::string folder)
      : chunks_(chunks_of(sources)), options_(options), folder_(std::move(folder)) {}

  void run() {
    run_workers(chunks_.size(), [this] { work(); });
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < chunks_.size(); i = next_++) {
      write_public_parts(folder_ + "/" + std::to_string(i) + ".js", [&](PartedText& script) {
        write_sources_script(chunks_[i], options_, script);
      });
    }
  }

  const std::vector<std::vector<const PageSource*>> chunks_;
  const PageOptions& options_;
  const std::string folder_;
  std::atomic<std::size_t> next_ = 0;
};

// Tells one report from the next: a browser that keeps the data of a published one would mix them.
std::string version_of(std::string_view script) { return std::to_string(content_hash(script)); }

std::string sum_text(const PageShare& share) {
  return std::to_string(share.covered) + " of " + std::to_string(share.all);
}

// Puts the report's own words into the start page, each place once: none is looked for in another.
std::string start_page(std::string_view page, const std::vector<PageSource>& sources,
                       const PageOptions& options, const std::string& version) {
  PageTotals totals;
  for (const PageSource& source : sources) totals.add(source.totals);
  const std::vector<std::pair<std::string_view, std::string>> places = {
      {"{{title}}", html_text(options.title)},       {"{{version}}", version},
      {"{{lines}}", sum_text(totals.lines)},         {"{{branches}}", sum_text(totals.branches)},
      {"{{functions}}", sum_text(totals.functions)},
  };
  std::string text;
  while (!page.empty()) {
    std::size_t next = std::string_view::npos;
    const std::pair<std::string_view, std::string>* found = nullptr;
    for (const auto& place : places) {
      if (const std::size_t at = page.find(place.first); at < next) {
        next = at;
        found = &place;
      }
    }
    text += page.substr(0, next);
    if (found == nullptr) break;
    text += found->second;
    page.remove_prefix(next + found->first.size());
  }
  return text;
}

}  // namespace

void write_page(const CoverageTable& table, const PageOptions& options) {
  const std::string folder = options.folder + "/page";
  remove_tree(folder);
  make_folders(folder + "/sources", 0777);
  make_folders(folder + "/prism", 0777);
  const std::vector<PageSource> sources = page_sources(table, options);
  ChunkWriting(sources, options, folder + "/sources").run();
  const std::string index = index_script(sources, options);
  write_public_file(folder + "/index.js", index);
  std::string_view start;
  for (const EmbeddedFile& asset : page_assets()) {
    if (asset.name == kStart) {
      start = asset.text;
    } else {
      write_public_file(folder + "/" + std::string(asset.name), asset.text);
    }
  }
  write_public_file(options.folder + "/" + std::string(kStart),
                    start_page(start, sources, options, version_of(index)));
}

}  // namespace gentle
