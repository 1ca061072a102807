#include "coverage/llvm/llvm_images.h"

#include <cstdint>

#include "base/error.h"
#include "base/number.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr const char* kName = "/llvm-images";
constexpr const char* kForks = "/forks";

}  // namespace

void note_llvm_images(const std::string& folder, const std::set<std::string>& paths) {
  std::set<std::string> all = noted_llvm_images(folder);
  const std::size_t before = all.size();
  for (const std::string& path : paths) {
    if (path.find('\n') == std::string::npos) all.insert(path);
  }
  if (all.size() == before) return;
  std::string text;
  for (const std::string& path : all) text += path + "\n";
  try {
    write_file_atomically(folder + kName, text);
  } catch (const Error&) {
    // The report names a profile of which no program is known.
  }
}

std::set<std::string> noted_llvm_images(const std::string& folder) {
  std::set<std::string> paths;
  const std::string text = read_file_if_there(folder + kName).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;  // cut
    if (end > begin) paths.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return paths;
}

void note_forks(const std::string& folder, unsigned forks) {
  try {
    write_file_atomically(folder + kForks, std::to_string(forks));
  } catch (const Error&) {
    // Counted with those that were not forked.
  }
}

unsigned noted_forks(const std::string& folder) {
  const std::string text = read_file_if_there(folder + kForks).value_or("");
  return parse_integer<unsigned>(text, 0, UINT32_MAX).value_or(0);
}

}  // namespace gentle
