#include "coverage/report/llvm_tools.h"

#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/number.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kName = "llvm-profdata";
constexpr std::string_view kCovName = "llvm-cov";
constexpr std::string_view kReleaseText = "LLVM version ";
constexpr const char* kLibraries = "/usr/lib";  // llvm-19/bin of Debian, llvm19/bin of Alpine
constexpr std::string_view kLibraryName = "llvm";

// What the program prints, without a newline at its end; "" if it fails.
std::string answer_of(const std::vector<std::string>& command, const Environment& environment) {
  try {
    const ToolEnd end = run_tool({command, environment, "", "", "/dev/null"});
    if (end.end != EndStatus{}) return "";
    return end.output.substr(0, end.output.find_last_not_of('\n') + 1);
  } catch (const Error&) {
    return "";
  }
}

void add_folders_of_path(const std::string& path, std::vector<std::string>& folders) {
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    if (end > begin) folders.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
}

void add_folders_of_llvm(std::vector<std::string>& folders) {
  for (const std::string& name : entries_of(kLibraries)) {
    if (name.starts_with(kLibraryName)) folders.push_back(kLibraries + ("/" + name) + "/bin");
  }
}

// The component llvm-tools: <sysroot>/lib/rustlib/x86_64-unknown-linux-gnu/bin/llvm-profdata.
void add_folders_of_rust(const Environment& environment, std::vector<std::string>& folders) {
  const std::string rustc = find_program("rustc", environment.get("PATH"));
  if (rustc.empty()) return;
  const std::string targets =
      answer_of({rustc, "--print", "sysroot"}, environment) + "/lib/rustlib/";
  for (const std::string& name : entries_of(targets)) folders.push_back(targets + name + "/bin");
}

bool is_tool_name(std::string_view file) {
  if (!file.starts_with(kName)) return false;
  file.remove_prefix(kName.size());
  return file.empty() || (file.starts_with('-') && parse_integer<int>(file.substr(1), 1, 999));
}

bool may_be_executed(const std::string& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  return fs::is_regular_file(status) &&
         (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
}

}  // namespace

unsigned llvm_release_of(std::string_view version_text) {
  const std::size_t at = version_text.find(kReleaseText);
  if (at == std::string_view::npos) return 0;
  version_text.remove_prefix(at + kReleaseText.size());
  unsigned release = 0;
  std::from_chars(version_text.data(), version_text.data() + version_text.size(), release);
  return release;
}

std::string llvm_cov_beside(const std::string& profdata) {
  const std::size_t at = profdata.rfind(kName);
  if (at == std::string::npos) return "";
  std::string cov = profdata;
  cov.replace(at, kName.size(), kCovName);
  return may_be_executed(cov) ? cov : "";
}

std::vector<LlvmTool> find_llvm_profdata(const Environment& environment) {
  std::vector<std::string> folders;
  add_folders_of_path(environment.get("PATH"), folders);
  add_folders_of_llvm(folders);
  add_folders_of_rust(environment, folders);
  // Not std::stable_sort: libstdc++ 12 and clang in C++20 warn of std::get_temporary_buffer.
  std::multimap<unsigned, LlvmTool, std::greater<>> newest_first;
  std::set<fs::path> known;
  for (const std::string& folder : folders) {
    for (const std::string& file : entries_of(folder)) {
      if (!is_tool_name(file)) continue;
      const std::string path = folder + "/" + file;
      std::error_code error;
      if (!may_be_executed(path) || !known.insert(fs::canonical(path, error)).second) continue;
      // Release 14 tells it only behind a command.
      const unsigned release =
          llvm_release_of(answer_of({path, "merge", "--version"}, environment));
      newest_first.emplace(release, LlvmTool{path, release});
    }
  }
  std::vector<LlvmTool> tools;
  for (const auto& [release, tool] : newest_first) tools.push_back(tool);
  return tools;
}

}  // namespace gentle
