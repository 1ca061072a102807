#include "coverage/image/foreign_image.h"

#include <elf.h>

#include <array>
#include <cstring>

#include "coverage/image/runtime_text.h"
#include "os/processor.h"

namespace gentle {

ForeignKind foreign_kind(const Memory& file) {
  constexpr std::size_t kMachine = 18;  // of e_machine, in each class: elf(5)
  std::array<unsigned char, kMachine + 2> header{};
  if (file.read_some(0, header.data(), header.size()) != header.size() ||
      std::memcmp(header.data(), ELFMAG, SELFMAG) != 0) {
    return ForeignKind::kNone;
  }
  const bool is_little = header[EI_DATA] == ELFDATA2LSB;
  const unsigned machine = header[kMachine] | header[kMachine + 1] << 8;
  const bool is_own = is_little && machine == kElfMachine;
  if (is_own && header[EI_CLASS] == ELFCLASS64) return ForeignKind::kNone;
  // The machine of x32 is the one of 64 bits.
  const bool is_narrow = is_little && (is_own || machine == kNarrowElfMachine);
  return is_narrow ? ForeignKind::k32Bit : ForeignKind::kEmulated;
}

std::optional<ElfImage> read_foreign_image(const Memory& file, ForeignKind kind) {
  const RuntimeTexts texts = find_runtime_texts(file, 0, kWholeFile);
  if (!texts.any()) return std::nullopt;
  ElfImage image;
  image.foreign = kind;
  image.resets_at_fork = texts.resets_at_fork && !texts.clang_gcov && !texts.llvm;
  return image;
}

}  // namespace gentle
