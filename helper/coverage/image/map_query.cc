#include "coverage/image/map_query.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "base/unique_fd.h"

namespace gentle {
namespace {

// struct procmap_query of linux/fs.h, which the headers of older systems do not have.
struct MapQuery {
  std::uint64_t size = sizeof(MapQuery);
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t rights = 0;
  std::uint64_t page_size = 0;
  std::uint64_t offset = 0;
  std::uint64_t inode = 0;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint32_t name_size = 0;
  std::uint32_t build_id_size = 0;
  std::uint64_t name = 0;  // where to put it
  std::uint64_t build_id = 0;
};
constexpr unsigned long kMapQuery = _IOWR('f', 17, MapQuery);
constexpr std::uint64_t kExecutable = 0x04;
constexpr std::uint64_t kThereOrNext = 0x10;
constexpr std::uint64_t kOfFile = 0x20;

std::string device_text(const MapQuery& found) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02x:%02x", found.device_major, found.device_minor);
  return text.data();
}

void add(std::vector<MappedFile>& files, const MapQuery& found) {
  const std::string device = device_text(found);
  auto file = std::find_if(files.begin(), files.end(), [&](const MappedFile& known) {
    return known.inode == found.inode && known.device == device;
  });
  if (file == files.end()) {
    file = files.insert(file, MappedFile{});
    file->device = device;
    file->inode = found.inode;
  }
  file->mappings.push_back(
      {found.start, found.end, found.offset, (found.rights & kExecutable) != 0});
  require_few_mappings(files, *file);
}

bool name(int maps, MappedFile& file) {
  std::array<char, 4096> path{};
  MapQuery query;
  query.address = file.mappings.front().start;
  query.name = reinterpret_cast<std::uint64_t>(path.data());
  query.name_size = path.size();
  if (::ioctl(maps, kMapQuery, &query) != 0) return false;
  set_path(file, path.data());
  return true;
}

}  // namespace

std::optional<std::vector<MappedFile>> query_mapped_programs(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/maps";
  const UniqueFd maps(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<MappedFile> files;
  MapQuery query;
  for (;; query = {.address = query.end}) {
    query.flags = kThereOrNext | kOfFile;
    if (::ioctl(maps.get(), kMapQuery, &query) != 0) break;
    add(files, query);
  }
  if (errno != ENOENT) return std::nullopt;  // ENOENT: that was the last one
  std::erase_if(files, [](const MappedFile& file) { return !file.is_program(); });
  for (MappedFile& file : files) {
    if (!name(maps.get(), file)) return std::nullopt;
  }
  return files;
}

}  // namespace gentle
