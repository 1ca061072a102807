#include "coverage/keep/go_remains.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "coverage/languages/go_files.h"
#include "coverage/languages/go_format.h"
#include "coverage/languages/go_memory.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

// What is parsed of a file takes some 25 times as much memory, and is held for a moment only. One
// of all functions of Kubernetes has 2 MB.
constexpr std::size_t kLargestGoFile = std::size_t{4} << 20;

// Whether each count of one is at least the other's.
bool includes(const GoCounts& more, const GoCounts& less) {
  return std::all_of(less.begin(), less.end(), [&](const auto& function) {
    const auto known = more.find(function.first);
    return known != more.end() && known->second.size() == function.second.size() &&
           std::equal(function.second.begin(), function.second.end(), known->second.begin(),
                      [](std::uint32_t few, std::uint32_t many) { return few <= many; });
  });
}

// The newest file of the process; nothing if there is none, or it is cut: the end came while Go
// wrote.
struct WrittenFile {
  std::string path;
  std::optional<GoCounters> counters;
};

WrittenFile newest_file(const std::string& folder, const std::string& hash, int pid,
                        std::int64_t since) {
  const std::vector<std::string> paths = go_counter_files(folder, hash, pid, since);
  if (paths.empty()) return {};
  WrittenFile file{paths.back(), std::nullopt};
  try {
    file.counters = parse_go_counters(read_data_file(file.path, kLargestGoFile), file.path);
  } catch (const Error&) {
    // It is written anew.
  }
  return file;
}

// GOCOVERDIR of the user, as we reach it; "": it is ours, or there is none.
std::string other_folder(int pid, const std::string& ours) {
  const std::string folder = variable_value(pid, "GOCOVERDIR");
  if (folder.empty() || folder == ours) return "";
  const std::string process = "/proc/" + std::to_string(pid);
  return folder.starts_with('/') ? process + "/root" + folder : process + "/cwd/" + folder;
}

}  // namespace

GoRemains read_go_remains(int thread, const Memory& memory, const ElfImage& image,
                          std::uint64_t bias, const GoPlace& place) {
  GoRemains remains;
  GoSnapshot snapshot = read_go_program(memory, image, bias);
  if (snapshot.packages.empty()) return remains;
  const GoCounters& counters = snapshot.counters;
  const int pid = process_of_thread(thread).value_or(thread);
  const int own_pid = pid_as_it_sees_it(pid);
  const WrittenFile ours = newest_file(place.folder, counters.hash, own_pid, place.since);
  remains.has_written = ours.counters.has_value();
  if (!remains.has_written) {
    const std::string other = other_folder(thread, place.folder);
    const auto theirs =
        other.empty() ? WrittenFile{} : newest_file(other, counters.hash, own_pid, place.since);
    remains.has_written = theirs.counters.has_value();
  }
  remains.meta_name = go_meta_name(counters.hash);
  if (!is_regular_file(place.folder + "/" + remains.meta_name)) {
    remains.meta = go_meta_file(counters.hash, snapshot.mode, snapshot.packages);
  }
  if (ours.counters && includes(ours.counters->functions, counters.functions)) return remains;
  // What a program has written by itself and not reset, by runtime/coverage, is in its memory, too.
  // In another pid namespace it may be the file of a process of that number in a third one.
  const bool has_part = !ours.path.empty() && own_pid == pid &&
                        (!ours.counters || includes(counters.functions, ours.counters->functions));
  if (has_part) remains.replaced = ours.path;
  remains.counters_name = go_counter_name(counters.hash, own_pid, go_time());
  remains.counters = go_counter_file(counters);
  memory.keep(remains.meta.size() + remains.counters.size());
  return remains;
}

}  // namespace gentle
