#include "coverage/llvm/llvm_images.h"

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr const char* kName = "/llvm-images";

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

}  // namespace gentle
