#include "coverage/report/ctest_listing.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "coverage/merge/object_files.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "/for-ctest";
// Data of a gcc before 3.4. Only ctest looks for such files: lcov and gcovr would fail on a .gcda.
constexpr const char* kListing = "/report.da";
constexpr std::string_view kFirstLine = "gentle-ctest-listing 1\n";
constexpr std::string_view kSourceHeading = "        -:    0:Source:";
// ctest reads nine columns of a count and five of a line number: a longer number would be another.
constexpr std::int64_t kLargestCount = 99'999'999;
constexpr std::uint32_t kLastLine = 99'999;

// In the columns of gcov.
void list_line(std::uint32_t number, const TableLine* counted, std::string& text) {
  char line[64];
  const bool is_code = counted != nullptr && !counted->is_excluded;
  if (is_code && counted->count > 0) {
    const auto shown = static_cast<long long>(std::min(counted->count, kLargestCount));
    std::snprintf(line, sizeof line, "%9lld:%5u:\n", shown, number);
  } else {
    std::snprintf(line, sizeof line, "%9s:%5u:\n", is_code ? "#####" : "-", number);
  }
  text += line;
}

std::uint32_t lines_of_file(const std::string& path) {
  const std::string text = read_file_if_there(path).value_or("");
  const auto ended = std::count(text.begin(), text.end(), '\n');
  return static_cast<std::uint32_t>(ended) + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

bool has_code(const TableSource& source) {
  return std::any_of(source.lines.begin(), source.lines.end(),
                     [](const auto& line) { return !line.second.is_excluded; });
}

// Of every line of the file: ctest complains if there are fewer, and shows its source.
void list_source(const std::string& path, const TableSource& source, std::string& text) {
  text.append(kSourceHeading).append(path).append("\n");
  const std::uint32_t last = source.lines.rbegin()->first;
  const std::uint32_t end = std::min(std::max(last, lines_of_file(path)), kLastLine);
  auto next = source.lines.begin();
  for (std::uint32_t number = 1; number <= end; ++number) {
    const bool is_next = next != source.lines.end() && next->first == number;
    list_line(number, is_next ? &next->second : nullptr, text);
    if (is_next) ++next;
  }
}

// Where ctest looks; nothing if CMake knows no target NAME.
std::optional<std::string> target_folder(const CoverageSpec& spec) {
  const std::string target = "/" + fs::path(spec.output_dir).filename().string() + ".dir";
  for (std::string& folder : target_folders(spec.build_dir)) {
    if (folder.ends_with(target)) return std::move(folder);
  }
  return std::nullopt;
}

std::optional<std::string> listing_folder(const CoverageSpec& spec) {
  const auto target = target_folder(spec);
  if (!target) return std::nullopt;
  return *target + (spec.config.empty() ? "" : "/" + spec.config) + kFolder;
}

}  // namespace

std::string ctest_listing(const CoverageTable& table) {
  std::string text(kFirstLine);
  for (const auto& [path, source] : table.sources()) {
    if (has_code(source)) list_source(path, source, text);
  }
  return text;
}

std::optional<std::vector<ListedSource>> read_ctest_listing(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return std::nullopt;
  text.remove_prefix(kFirstLine.size());
  std::vector<ListedSource> sources;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    if (line.starts_with(kSourceHeading)) {
      sources.push_back({std::string(line.substr(kSourceHeading.size())), ""});
    }
    if (!sources.empty()) sources.back().gcov.append(line).append("\n");
  }
  return sources;
}

bool is_ctest_told(const CoverageSpec& spec) {
  const auto folder = listing_folder(spec);
  return folder && file_exists(*folder + kListing);
}

void leave_ctest_listing(const CoverageSpec& spec, const CoverageTable& table) {
  const auto folder = listing_folder(spec);
  if (!folder) return;
  make_folders(*folder, 0777);
  write_file_atomically(*folder + kListing, ctest_listing(table));
}

void remove_ctest_listings(const CoverageSpec& spec) {
  const auto target = target_folder(spec);
  if (!target) return;
  remove_tree(*target + kFolder);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(*target, error)) {
    remove_tree(entry.path().string() + kFolder);
  }
}

}  // namespace gentle
