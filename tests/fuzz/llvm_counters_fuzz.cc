// The memory of a process that clang's runtime counts in, and an image that says where: the input
// begins with where its sections are, and the rest is one segment of any bytes.
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "../unit/fake_memory.h"
#include "base/error.h"
#include "coverage/llvm/llvm_counters.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

constexpr std::uint64_t kStart = 0x400000;  // where the inputs of the corpus were made for

// For each section its address in the segment and its size; what is not there is 0.
struct Places {
  std::uint16_t sections[6][2];
  std::uint16_t has_version;  // or it is stripped
  std::uint16_t clang;
};

gentle::ElfImage image_of(const Places& places, std::size_t size) {
  gentle::ElfImage image;
  image.build_id = "0123456789";
  image.segments.push_back({0, kStart, size, size, true});
  gentle::LlvmProfile& llvm = image.llvm;
  std::optional<gentle::ElfSection>* sections[] = {
      &llvm.counters, &llvm.data, &llvm.names, &llvm.bitmap, &llvm.vtables, &llvm.vtable_names};
  for (std::size_t i = 0; i < std::size(sections); ++i) {
    const auto [address, length] = places.sections[i];
    if (address != 0) *sections[i] = {kStart + address, 0, length};
  }
  llvm.has_mapping = true;
  if (places.has_version != 0) llvm.version = {kStart, 8};
  llvm.compilers = {places.clang};
  return image;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Places places{};
  if (size < sizeof places) return 0;
  std::memcpy(&places, data, sizeof places);
  const std::string_view bytes = gentle::fuzz::text(data + sizeof places, size - sizeof places);
  const gentle::FakeMemory memory(kStart, bytes);
  const gentle::ElfImage image = image_of(places, bytes.size());
  gentle::LlvmRawProfile profile;
  try {
    profile = gentle::read_llvm_counters(memory, image, 0);
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
    return 0;
  }
  const std::string written = gentle::serialize(profile);
  require(gentle::find_fault(profile).empty(), "each function has its counters");
  require(gentle::is_profile_of(written, memory, image, 0), "it is its own profile");
  require(gentle::parse_llvm_profile(written, "file") == profile,
          "what is written is read the same");
  return 0;
}
