// Programs whose counters nobody here can read: they have to write them by themselves.
#pragma once

#include <optional>

#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"

namespace gentle {

// kNone of what is no ELF file, too.
ForeignKind foreign_kind(const Memory& file);

// Of a file that is foreign. Nothing if it has no runtime that counts, as far as its texts tell.
std::optional<ElfImage> read_foreign_image(const Memory& file, ForeignKind kind);

}  // namespace gentle
