#include "coverage/languages/go_files.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/number.h"
#include "coverage/image/bytes.h"
#include "coverage/languages/go_format.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr const char* kGoVariable = "GOCOVERDIR";
constexpr std::size_t kHashDigits = 32;
// That of another build, whose test this runs below, is not the user's own.
constexpr std::string_view kOfAnyBuild = "/Testing/Fixtures/coverage/go";

}  // namespace

void add_go_folder(Environment& environment, const std::string& go_folder) {
  const std::string folder = environment.get(kGoVariable);
  if (folder.empty() || folder.ends_with(kOfAnyBuild)) environment.set(kGoVariable, go_folder);
}

void make_go_folder(const std::string& go_folder) {
  try {
    make_folders(go_folder, 0777);
  } catch (const Error&) {
    // Go says so.
  }
}

std::optional<GoCounterName> parse_go_counter_name(const std::string& name) {
  if (!name.starts_with(kGoCounters)) return std::nullopt;
  const std::size_t first = kGoCounters.size() + kHashDigits;
  const std::size_t second = name.find('.', first + 1);
  if (name.size() <= first || name[first] != '.' || second == std::string::npos) {
    return std::nullopt;
  }
  const auto pid = parse_integer<int>(name.substr(first + 1, second - first - 1), 1, 1 << 30);
  const auto time = parse_integer<std::int64_t>(name.substr(second + 1), 0, INT64_MAX);
  if (!pid || !time) return std::nullopt;
  return GoCounterName{name.substr(kGoCounters.size(), kHashDigits), *pid, *time};
}

std::vector<std::string> go_counter_files(const std::string& folder, const std::string& hash,
                                          int pid, std::int64_t since) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  for (const std::string& name : entries_of(folder)) {
    const auto parts = parse_go_counter_name(name);
    if (!parts || parts->pid != pid || parts->time < since) continue;
    if (!hash.empty() && parts->hash != hexadecimal(hash)) continue;
    found.emplace_back(parts->time, folder + "/" + name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (auto& [time, path] : found) paths.push_back(std::move(path));
  return paths;
}

std::int64_t go_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace gentle
