// The ELF images of files, each read once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "coverage/elf_image.h"
#include "coverage/process_memory.h"

namespace gentle {

class ImageCache {
 public:
  // The image of the file as it is now. Nothing if the file is no ELF image that could be read.
  std::shared_ptr<const ElfImage> image_of(const FileMemory& file);

 private:
  std::map<std::string, std::shared_ptr<const ElfImage>> images_;  // by FileMemory::version()
};

}  // namespace gentle
