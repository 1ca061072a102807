// The memory of a Go program, which the process may have filled with anything: what is found in it
// is as Go makes it, or there is an error. The bytes are mapped from one address on; the first ones
// are the table of functions.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.h"
#include "coverage/languages/go_memory.h"
#include "fuzz.h"

using gentle::fuzz::require;

namespace {

constexpr std::uint64_t kStart = 0x10000;

class Bytes : public gentle::Memory {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override {
    if (address < kStart || address - kStart >= bytes_.size()) return 0;
    const std::string_view rest = bytes_.substr(address - kStart, size);
    std::memcpy(buffer, rest.data(), rest.size());
    return rest.size();
  }
  std::string name() const override { return "memory"; }

 private:
  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes memory(gentle::fuzz::text(data, size));
  gentle::ElfImage image;
  image.segments.push_back({0, kStart, size, size, true});
  image.go_functions = gentle::ElfSection{kStart, 0, size};
  try {
    const gentle::GoSnapshot snapshot = gentle::read_go_program(memory, image, 0);
    for (const auto& [place, counters] : snapshot.counters.functions) {
      require(place.first < snapshot.packages.size(), "counters are of a package");
      require(!counters.empty(), "counters are some");
    }
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
