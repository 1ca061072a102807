#include "cli/coverage_sharing.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/process_id.h"
#include "coverage/keep/coverage_paths.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

// Those that have reset the counts and lived at the last reset, a line each. Beside the data, which
// a reset removes.
std::string path_beside(const std::string& coverage_spec) {
  const auto data = coverage_folder_beside(coverage_spec);
  return data ? *data + ".users" : "";
}

std::vector<ProcessId> read_users(const std::string& path) {
  std::vector<ProcessId> users;
  const std::string text = read_file_if_there(path).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (const auto user = parse_process_id(text.substr(begin, end - begin))) users.push_back(*user);
    begin = end + 1;
  }
  return users;
}

}  // namespace

void note_reset(const std::string& coverage_spec) {
  const auto ctest = owning_ctest();
  const std::string path = path_beside(coverage_spec);
  if (!ctest || path.empty()) return;
  std::vector<ProcessId> users = read_users(path);
  std::erase_if(users, [&](const ProcessId& user) { return user == *ctest || !is_alive(user); });
  users.push_back(*ctest);
  std::string text;
  for (const ProcessId& user : users) text += to_text(user) + "\n";
  make_folders(path.substr(0, path.find_last_of('/')), 0775);
  write_file_atomically(path, text);
}

std::string sharing_warning(const std::string& coverage_spec) {
  const auto ctest = owning_ctest();
  const std::string path = path_beside(coverage_spec);
  if (!ctest || path.empty()) return "";
  std::vector<ProcessId> users = read_users(path);
  if (std::erase(users, *ctest) == 0 || users.empty()) return "";
  std::string pids;
  for (const ProcessId& user : users) {
    pids += (pids.empty() ? "" : ", ") + std::to_string(user.pid);
  }
  return "gentle: warning: report coverage: ctest " + pids +
         " ran in this build folder at the same time, and the last reset has removed what the "
         "other "
         "had counted: these numbers are not those of one run, continuing\n"
         "hint: run one after the other, or leave coverage out of one: ctest -FA coverage\n";
}

}  // namespace gentle
