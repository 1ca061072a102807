// The memory of a process that libgcov counts in: one segment that holds any bytes, with the root
// at its beginning.
#include <cstdint>
#include <string>

#include "../unit/fake_memory.h"
#include "base/error.h"
#include "coverage/gcov/gcov_counters.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

constexpr std::uint64_t kStart = 0x400000;  // where the inputs of the corpus were made for

void look(const gentle::FakeMemory& memory, const gentle::ElfImage& image) {
  for (const gentle::ElfSymbol& root : image.gcov_roots) {
    const gentle::GcovCounters counters = gentle::read_gcov_counters(memory, image, 0, root);
    for (const gentle::GcovObject& object : counters.objects) {
      require(!object.path.empty(), "an object has a path");
      const std::string written = gentle::serialize(object.data);
      gentle::Gcda read = gentle::parse_gcda(written, object.path);
      // An object of which another has all functions does not tell what it counts.
      if (read.counters.empty()) read.kinds = object.data.kinds;
      require(read == object.data, "what is written is read the same");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gentle::FakeMemory memory(kStart, gentle::fuzz::text(data, size));
  gentle::ElfImage image;
  image.segments.push_back({0, kStart, size, size, true});
  image.gcov_roots.push_back({kStart, 32});
  image.functions.push_back({gentle::RuntimeFunction::kGcovExit, {kStart + 64, 16}, 1});
  for (const std::uint64_t root : gentle::find_gcov_roots(memory, image, 0)) {
    require(root >= kStart && root < kStart + size, "a root is in the memory");
  }
  gentle::is_dumping(memory, image, 0, kStart + 8);
  try {
    look(memory, image);
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
