// An ELF image as one line of text, so that what was read of a file need not be read again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "coverage/image/elf_image.h"

namespace gentle {

std::string image_record(const ElfImage& image);

// Nothing if it is no such line: it may be of another version of this program.
std::optional<ElfImage> parse_image_record(std::string_view line);

}  // namespace gentle
