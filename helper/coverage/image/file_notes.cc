#include "coverage/image/file_notes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/file.h"

namespace gentle {
namespace {

// Each program that is built anew adds lines.
constexpr std::uint64_t kLargest = 1 << 17;

std::string line_start(const std::string& version, std::string_view what) {
  return "\n" + version + std::string(what) + " ";
}

}  // namespace

// What cannot be kept is found out again.
FileNotes::~FileNotes() {
  if (path_.empty() || news_.empty()) return;
  const int start_anew = file_size(path_) > kLargest ? O_TRUNC : 0;
  const UniqueFd fd(::open(path_.c_str(),
                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | start_anew,
                           S_IRUSR | S_IWUSR));
  // In one write, so that no other process's lines come between.
  if (fd && ::write(fd.get(), news_.data(), news_.size()) < 0) return;
}

std::optional<std::string> FileNotes::find(const std::string& version, std::string_view what) {
  const std::string start = line_start(version, what);
  const std::size_t at = notes().find(start);
  if (version.empty() || at == std::string::npos) return std::nullopt;
  const std::size_t begin = at + start.size();
  const std::size_t end = notes().find('\n', begin);
  // A line that is cut off may be any.
  if (end == std::string::npos) return std::nullopt;
  return notes().substr(begin, end - begin);
}

void FileNotes::add(const std::string& version, std::string_view what, std::string_view text) {
  if (version.empty()) return;
  const std::string line = version + std::string(what) + " " + std::string(text) + "\n";
  notes() += line;
  news_ += line;
}

std::string& FileNotes::notes() {
  if (notes_) return *notes_;
  notes_ = "\n";
  try {
    if (!path_.empty()) *notes_ += read_file_if_there(path_).value_or("");
  } catch (const Error&) {
    // Then nothing is known.
  }
  return *notes_;
}

}  // namespace gentle
