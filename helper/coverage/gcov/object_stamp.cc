#include "coverage/gcov/object_stamp.h"

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "coverage/gcov/gcov_version.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"

namespace gentle {
namespace {

// How struct gcov_info begins (libgcov.h of gcc), on machines of 64 bits.
struct InfoHead {
  std::uint32_t version;
  std::uint32_t padding;
  std::uint64_t next;  // set when the program starts
  std::uint32_t stamp;
};
constexpr std::size_t kAlignment = 8;
constexpr std::size_t kHeadBytes = offsetof(InfoHead, stamp) + sizeof(InfoHead::stamp);

std::optional<std::uint32_t> stamp_in(std::string_view data) {
  for (std::size_t at = 0; at + kHeadBytes <= data.size(); at += kAlignment) {
    InfoHead head{};
    std::memcpy(&head, data.data() + at, kHeadBytes);
    const bool is_info = head.padding == 0 && head.next == 0 && gcc_major_of(head.version) != 0;
    if (is_info) return head.stamp;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> stamp_of_object(const std::string& path) {
  try {
    const FileMemory file(path);
    for (const std::string& data : read_object_data(file)) {
      if (const auto stamp = stamp_in(data)) return stamp;
    }
  } catch (const Error&) {
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace gentle
