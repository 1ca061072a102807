// ELF files: any bytes are looked at without harm.
#include <cstdint>
#include <string>

#include "../unit/fake_memory.h"
#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gentle::FakeMemory file(gentle::fuzz::text(data, size));
  try {
    const gentle::ElfImage image = gentle::read_elf_image(file);
    require(image.build_id.size() % 2 == 0, "a build id has two digits for a byte");
    for (const gentle::ElfSegment& segment : image.segments) {
      require(segment.file_size <= segment.memory_size, "a segment is not larger in the file");
      require(gentle::find_segment(image, segment.address, segment.memory_size) != nullptr,
              "a segment holds itself");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
