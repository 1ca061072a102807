// ELF files: any bytes are looked at without harm.
#include <cstdint>
#include <string>

#include "../unit/fake_memory.h"
#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

void read_data(const gentle::Memory& file) {
  try {
    for (const std::string& data : gentle::read_object_data(file)) {
      require(data.size() <= std::size_t{64} << 20, "no huge section is read");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gentle::FakeMemory file(gentle::fuzz::text(data, size));
  read_data(file);
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
