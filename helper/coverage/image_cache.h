// The ELF images of files, each read once; and which files count nothing, for all processes of a
// build: a test loads the same few system libraries as the one before.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "coverage/elf_image.h"
#include "coverage/process_memory.h"

namespace gentle {

class ImageCache {
 public:
  ImageCache() = default;
  // Remembers in this file, of the user's own, what counts nothing.
  explicit ImageCache(std::string memory) : memory_(std::move(memory)) {}
  ImageCache(const ImageCache&) = delete;
  ImageCache& operator=(const ImageCache&) = delete;
  ~ImageCache();

  // The image of the file as it is now. Nothing if it counts nothing, or is no ELF image that could
  // be read.
  std::shared_ptr<const ElfImage> image_of(const FileMemory& file);

 private:
  bool is_known(const std::string& version);

  std::map<std::string, std::shared_ptr<const ElfImage>> images_;  // by FileMemory::version()
  std::string memory_;                                             // "": none
  std::optional<std::set<std::string>> known_;                     // what stands in it
  std::string news_;
};

}  // namespace gentle
