#include "coverage/gcov_process.h"

#include <algorithm>
#include <set>
#include <utility>

#include "coverage/process_images.h"

namespace gentle {
namespace {

// An image at one of the places where it is loaded.
struct Loaded {
  std::string path;
  std::shared_ptr<const ElfImage> elf;
  std::uint64_t bias = 0;
};

void load(int pid, const Memory& memory, const MappedFile& mapped, std::vector<Loaded>& loaded) {
  const auto file = open_mapped_file(pid, mapped);
  const auto elf = std::make_shared<const ElfImage>(read_elf_image(*file));
  for (const std::uint64_t bias : load_biases(*elf, mapped)) {
    if (!is_mapped_at(*elf, *file, memory, bias)) {
      throw Error("open program", mapped.path,
                  "it has been written anew since process " + std::to_string(pid) + " loaded it")
          .hint("do not build while the tests run");
    }
    loaded.push_back({mapped.path, elf, bias});
  }
}

// A root that has no symbol is found by its address.
void add_root_at(std::uint64_t address, const std::vector<Loaded>& loaded, GcovImages& found) {
  constexpr std::uint64_t kRootSize = 32;
  for (const Loaded& image : loaded) {
    if (find_segment(*image.elf, address - image.bias, kRootSize) == nullptr) continue;
    found.images.push_back({image.path, image.elf, image.bias, {address - image.bias, kRootSize}});
    return;
  }
}

}  // namespace

GcovImages find_gcov_images(int pid, const Memory& memory) {
  GcovImages found;
  std::vector<Loaded> loaded;
  for (const MappedFile& mapped : mapped_files(pid)) {
    if (!mapped.is_program()) continue;
    try {
      load(pid, memory, mapped, loaded);
    } catch (const Error& error) {
      found.unreadable.push_back(error);
    }
  }
  std::set<std::uint64_t> roots;
  for (const Loaded& image : loaded) {
    for (const ElfSymbol& root : image.elf->gcov_roots) {
      if (!roots.insert(image.bias + root.address).second) continue;
      found.images.push_back({image.path, image.elf, image.bias, root});
    }
  }
  for (const Loaded& image : loaded) {
    for (const std::uint64_t root : find_gcov_roots(memory, *image.elf, image.bias)) {
      if (roots.insert(root).second) add_root_at(root, loaded, found);
    }
  }
  std::sort(found.images.begin(), found.images.end(), [](const GcovImage& a, const GcovImage& b) {
    return a.bias + a.root.address < b.bias + b.root.address;
  });
  return found;
}

GcovCounters read_gcov_counters(const Memory& memory, const GcovImage& image) {
  return read_gcov_counters(memory, *image.elf, image.bias, image.root);
}

}  // namespace gentle
