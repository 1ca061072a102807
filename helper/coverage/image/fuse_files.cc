#include "coverage/image/fuse_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/unique_fd.h"
#include "os/file.h"
#include "os/spawn.h"

namespace gentle {
namespace {

constexpr std::chrono::seconds kLongestAnswer{2};
constexpr std::size_t kLargestMountinfo = std::size_t{16} << 20;
constexpr std::string_view kNoDisk = "00:";  // the major number of file systems without one

std::string device_text(unsigned int major, unsigned int minor) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02x:%02x", major, minor);
  return text.data();
}

// "" if there is no such file. Does not ask a FUSE server: by what the kernel knows already, and
// without a name that it would have to look up.
std::string device_of(const std::string& path) {
  struct statx status {};
  if (::statx(AT_FDCWD, path.c_str(), AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &status) != 0) {
    return "";
  }
  return device_text(status.stx_dev_major, status.stx_dev_minor);
}

void touch(const char* path) {
  const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  std::array<char, 4096> bytes{};
  if (file && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    (void)!::pread(file.get(), bytes.data(), bytes.size(), 0);
  }
}

std::string_view take_word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  return word;
}

// "43:7" is "2b:07" in maps.
bool is_device(std::string_view decimal, std::string_view device) {
  unsigned int major = 0;
  unsigned int minor = 0;
  const char* end = decimal.data() + decimal.size();
  const auto colon = std::from_chars(decimal.data(), end, major).ptr;
  if (colon == end || *colon != ':') return false;
  std::from_chars(colon + 1, end, minor);
  return device_text(major, minor) == device;
}

}  // namespace

// "36 35 98:0 /root /place rw,noatime shared:1 - ext3 source options", proc(5).
bool is_fuse(std::string_view device, std::string_view mountinfo) {
  while (!mountinfo.empty()) {
    std::string_view line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    take_word(line);
    take_word(line);
    if (!is_device(take_word(line), device)) continue;
    const std::size_t end = line.find(" - ");
    if (end == std::string_view::npos) continue;
    line.remove_prefix(end + 3);
    const std::string_view type = take_word(line);
    return type == "fuse" || type.starts_with("fuse.");
  }
  return false;
}

bool FuseFiles::has(int pid, const MappedFile& file) { return has(pid, file.device); }

bool FuseFiles::has(int pid, const std::string& device) {
  static const std::string root = device_of("/");
  if (!device.starts_with(kNoDisk) || device == root) return false;
  const auto known = known_.find(device);
  if (known != known_.end()) return known->second;
  const auto mounts =
      read_file_if_there("/proc/" + std::to_string(pid) + "/mountinfo", kLargestMountinfo);
  if (!mounts || mounts->empty()) return false;  // it has ended: nothing is known for the next one
  return known_[device] = is_fuse(device, *mounts);
}

bool FuseFiles::answer(int pid, const MappedFile& file) {
  return !has(pid, file) || answer(file.device, paths_of(pid, file));
}

bool FuseFiles::answer_for_program(int pid) {
  const std::string program = "/proc/" + std::to_string(pid) + "/exe";
  const std::string device = device_of(program);
  return !has(pid, device) || answer(device, {program});
}

bool FuseFiles::answer(const std::string& device, const std::vector<std::string>& paths) {
  if (silent_.contains(device)) return false;
  const auto touch_all = [&paths] {
    for (const std::string& path : paths) touch(path.c_str());
  };
  if (ends_in_child(touch_all, kLongestAnswer)) return true;
  silent_.insert(device);
  return false;
}

}  // namespace gentle
