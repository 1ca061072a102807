#include "coverage/merge/placeholders.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "coverage/gcov/gcno.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr off_t kLongest = 16;
// No file that a process writes has this time, the first second of 1970.
constexpr time_t kTime = 1;

}  // namespace

bool is_placeholder(const std::string& data) {
  struct stat info = {};
  if (::lstat(data.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if (info.st_size == 0) return info.st_mtim.tv_sec == kTime;
  if (info.st_size > kLongest) return false;
  const auto notes = header_of_notes(notes_of(data));
  try {
    return notes && read_file(data) == placeholder_data(*notes);
  } catch (const Error&) {
    return false;
  }
}

void remove_placeholders(ObjectFiles& files) {
  std::erase_if(files.data, [](const std::string& data) {
    if (!is_placeholder(data)) return false;
    std::error_code error;
    fs::remove(data, error);
    if (error) throw errno_error("remove", data, error.value());
    return true;
  });
}

void write_placeholders(const ObjectFiles& files) {
  for (const std::string& notes : files.notes) {
    const std::string data = data_of(notes);
    const auto header = header_of_notes(notes);
    if (!header || file_exists(data)) continue;
    write_file_atomically(data, placeholder_data(*header));
    const timespec times[2] = {{kTime, 0}, {kTime, 0}};
    if (::utimensat(AT_FDCWD, data.c_str(), times, 0) != 0) {
      throw errno_error("set the time of", data, errno);
    }
  }
}

}  // namespace gentle
