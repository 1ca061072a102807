#include "coverage/image_cache.h"

#include "base/error.h"

namespace gentle {
namespace {

std::shared_ptr<const ElfImage> read(const FileMemory& file) {
  try {
    return std::make_shared<const ElfImage>(read_elf_image(file));
  } catch (const Error&) {
    return nullptr;  // scripts and data are mapped to be executed, too
  }
}

}  // namespace

std::shared_ptr<const ElfImage> ImageCache::image_of(const FileMemory& file) {
  const auto [entry, is_new] = images_.try_emplace(file.version());
  if (is_new) entry->second = read(file);
  return entry->second;
}

}  // namespace gentle
