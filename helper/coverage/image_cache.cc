#include "coverage/image_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

// Each program that is built anew adds a line.
constexpr std::uint64_t kLargestMemory = 1 << 16;

std::shared_ptr<const ElfImage> read(const FileMemory& file) {
  try {
    auto image = std::make_shared<const ElfImage>(read_elf_image(file));
    return may_count(*image) ? image : nullptr;
  } catch (const Error&) {
    return nullptr;  // scripts and data are mapped to be executed, too
  }
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

// What cannot be remembered is found out again.
ImageCache::~ImageCache() {
  if (memory_.empty() || news_.empty()) return;
  const int start_anew = file_size(memory_) > kLargestMemory ? O_TRUNC : 0;
  const UniqueFd fd(::open(memory_.c_str(),
                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | start_anew,
                           S_IRUSR | S_IWUSR));
  // In one write, so that no other process's lines come between.
  if (fd && ::write(fd.get(), news_.data(), news_.size()) < 0) return;
}

std::shared_ptr<const ElfImage> ImageCache::image_of(const FileMemory& file) {
  const auto [entry, is_new] = images_.try_emplace(file.version());
  if (!is_new || is_known(entry->first)) return entry->second;
  entry->second = read(file);
  if (!entry->second) news_ += entry->first + "\n";
  return entry->second;
}

bool ImageCache::is_known(const std::string& version) {
  if (memory_.empty()) return false;
  if (!known_) {
    try {
      known_ = lines_of(read_file_if_there(memory_).value_or(""));
    } catch (const Error&) {
      known_.emplace();
    }
  }
  return known_->contains(version);
}

}  // namespace gentle
