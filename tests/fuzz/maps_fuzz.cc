// The text of /proc/PID/maps, and of mountinfo: any bytes are looked at without harm.
#include <cstdint>

#include "coverage/image/fuse_files.h"
#include "coverage/image/mapped_files.h"
#include "fuzz.h"

using gentle::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gentle::ElfImage image;
  image.position_independent = true;
  image.segments = {{0, 0x1000, 0x1800, 0x1800, false}, {0x1800, 0x3800, 0x900, 0x5000, true}};
  for (const gentle::MappedFile& file : gentle::parse_maps(gentle::fuzz::text(data, size))) {
    require(file.inode != 0 && !file.mappings.empty(), "a file has an inode and a mapping");
    for (const gentle::Mapping& mapping : file.mappings) {
      require(mapping.start < mapping.end, "a mapping is not empty");
    }
    require(gentle::load_biases(image, file).size() <= file.mappings.size(),
            "an image is not loaded more often than it is mapped");
  }
  gentle::is_fuse("00:2f", gentle::fuzz::text(data, size));
  return 0;
}
