#include "coverage/languages/recorder_install.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/content_hash.h"
#include "base/error.h"
#include "coverage/languages/recorder_files.h"
#include "os/file.h"

namespace gentle {
namespace {

// Services that start at the same moment put it there at the same moment.
void put(const std::string& path, std::string_view text) {
  const std::string own = path + "." + std::to_string(::getpid());
  write_public_file(own, text);
  if (std::rename(own.c_str(), path.c_str()) != 0) throw errno_error("write", path, errno);
}

}  // namespace

// Another version of it has a folder of its own: a service may run that has begun with that.
std::string install_recorder(const std::string& coverage_folder, std::string_view language,
                             std::string_view left_out) {
  const std::string room = std::string(language) + "/";
  std::string all;
  for (const EmbeddedFile& file : recorder_files()) {
    if (file.name.starts_with(room)) all += file.text;
  }
  const std::string folder = coverage_folder + "/recorders/" + std::string(language) + "-" +
                             std::to_string(content_hash(all));
  for (const EmbeddedFile& file : recorder_files()) {
    if (!file.name.starts_with(room) || file.name == left_out) continue;
    const std::string path = folder + "/" + std::string(file.name.substr(room.size()));
    make_folders(path.substr(0, path.rfind('/')), 0777);
    if (read_file_if_there(path) != file.text) put(path, file.text);
  }
  return folder;
}

}  // namespace gentle
