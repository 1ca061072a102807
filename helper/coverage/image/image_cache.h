// The ELF images of files, each read once: by this process, and where it is noted, by all of a
// build.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "coverage/image/elf_image.h"
#include "coverage/image/file_notes.h"
#include "coverage/image/fuse_files.h"
#include "coverage/image/process_memory.h"

namespace gentle {

class ImageCache {
 public:
  // Nothing: it counts nothing, or is no ELF image that could be read.
  using Image = std::shared_ptr<const ElfImage>;

  explicit ImageCache(FileNotes& notes) : notes_(notes) {}

  // The image of the file as it is now.
  Image image_of(const FileMemory& file);

  // The same without a look at the file, by its file_version(), if it is known already.
  std::optional<Image> known_image(const std::string& version);

  // Which files may be touched at all.
  FuseFiles& fuse() { return fuse_; }

 private:
  FileNotes& notes_;
  FuseFiles fuse_;
  std::map<std::string, Image> images_;  // by version
};

}  // namespace gentle
