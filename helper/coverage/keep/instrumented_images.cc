#include "coverage/keep/instrumented_images.h"

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "coverage/image/mapped_files.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

// Not by a look at /proc/PID/exe: the program's file system may not answer (FuseFiles).
bool is_program_of(int pid, const MappedFile& file) { return program_of(pid) == file.name(); }

// What stands at its path, unless that is another file by now, or in another root than the
// process's.
std::optional<ImageCache::Image> known_image(const MappedFile& mapped, ImageCache& cache) {
  struct stat status {};
  const bool is_there =
      !mapped.deleted && ::stat(mapped.path.c_str(), &status) == 0 && status.st_ino == mapped.inode;
  return is_there ? cache.known_image(file_version(status)) : std::nullopt;
}

// What an emulator has mapped is not where its own pointers say, even if it is of this processor.
ImageCache::Image as_foreign(const ImageCache::Image& image) {
  if (image->foreign != ForeignKind::kNone) return image;
  auto emulated = std::make_shared<ElfImage>();
  emulated->foreign = ForeignKind::kEmulated;
  return emulated;
}

void load(int pid, const Memory& memory, const MappedFile& mapped, ImageCache& cache,
          std::vector<LoadedImage>& loaded) {
  if (!cache.fuse().answer(pid, mapped)) {
    throw Error("open program", mapped.path, "its FUSE file system does not answer");
  }
  // Most files need not even be opened.
  const auto known = known_image(mapped, cache);
  const bool is_enough = known && (!*known || !(*known)->build_id.empty());
  const auto file = is_enough ? nullptr : open_mapped_file(pid, mapped);
  if (file) file->bound_by(memory.budget());
  const ImageCache::Image elf = is_enough ? *known : cache.image_of(*file);
  if (!elf) return;
  if (elf->foreign != ForeignKind::kNone || !mapped.is_program()) {
    if (may_count(*elf)) loaded.push_back({mapped.path, as_foreign(elf)});  // wherever
    return;
  }
  for (const std::uint64_t bias : load_biases(*elf, mapped)) {
    memory.keep(sizeof(LoadedImage) + mapped.path.size());
    const bool is_it =
        file ? is_mapped_at(*elf, *file, memory, bias) : has_build_id_at(*elf, memory, bias);
    if (!is_it) {
      throw Error("open program", mapped.path,
                  "it has been written anew since process " + std::to_string(pid) + " loaded it")
          .hint("do not build while the tests run");
    }
    loaded.push_back({mapped.path, elf, bias, is_program_of(pid, mapped)});
  }
}

// Whether memory that is mapped from a file has the name of a data file in it, as all has that gcc,
// clang and rustc have instrumented.
bool names_a_data_file(const Memory& memory, const MappedFile& mapped) {
  constexpr std::size_t kRead = std::size_t{1} << 20;
  constexpr std::uint64_t kPage = 4096;  // the smallest there is
  constexpr std::string_view kNames[] = {".gcda", "default.profraw"};
  for (const Mapping& mapping : mapped.mappings) {
    std::string text;
    for (std::uint64_t at = mapping.start; at < mapping.end;) {
      memory.check_time();
      // A name may go on from one part to the next.
      text.erase(0, text.size() - std::min(text.size(), kNames[1].size()));
      const std::size_t known = text.size();
      text.resize(known + std::min<std::uint64_t>(kRead, mapping.end - at));
      const std::size_t got = memory.read_some(at, text.data() + known, text.size() - known);
      text.resize(known + got);
      for (const std::string_view name : kNames) {
        if (text.find(name) != std::string::npos) return true;
      }
      at += got;
      if (got > 0) continue;
      // A page that cannot be read, as beyond the end of a file that was cut: go on behind it.
      text.clear();
      at += kPage;
    }
  }
  return false;
}

// Of a file that cannot be read itself.
bool may_count(int pid, const Memory& memory, const MappedFile& mapped, ImageCache& cache) {
  if (is_program_of(pid, mapped)) return true;
  // Its memory does not answer either.
  return !cache.fuse().answer(pid, mapped) || names_a_data_file(memory, mapped);
}

void load_all(int pid, const Memory& memory, ImageCache& cache, InstrumentedImages& found) {
  for (const MappedFile& mapped : mapped_programs(pid)) {
    ++found.mapped_programs;
    found.of_fuse = found.of_fuse || cache.fuse().has(pid, mapped);
    try {
      load(pid, memory, mapped, cache, found.loaded);
    } catch (const OverBudget&) {
      throw;
    } catch (const Error& error) {
      found.unreadable.push_back(error);
      if (may_count(pid, memory, mapped, cache)) found.unread_counters.push_back(error);
    }
  }
}

// A root that has no symbol is found by its address.
void add_root_at(const Memory& memory, std::uint64_t address,
                 const std::vector<LoadedImage>& loaded, InstrumentedImages& found) {
  constexpr std::uint64_t kRootSize = 32;
  for (const LoadedImage& image : loaded) {
    if (find_segment(*image.elf, address - image.bias, kRootSize) == nullptr) continue;
    memory.keep(sizeof(GcovImage) + image.path.size());
    found.gcov.push_back({image, {address - image.bias, kRootSize}});
    return;
  }
}

void find_gcov(const Memory& memory, const std::vector<LoadedImage>& loaded,
               InstrumentedImages& found) {
  std::set<std::uint64_t> roots;
  for (const LoadedImage& image : loaded) {
    for (const ElfSymbol& root : image.elf->gcov_roots) {
      memory.keep(sizeof(GcovImage) + image.path.size());
      if (roots.insert(image.bias + root.address).second) found.gcov.push_back({image, root});
    }
  }
  for (const LoadedImage& image : loaded) {
    if (!image.elf->may_have_gcov) continue;
    for (const std::uint64_t root : find_gcov_roots(memory, *image.elf, image.bias)) {
      if (roots.insert(root).second) add_root_at(memory, root, loaded, found);
    }
  }
  for (const LoadedImage& image : loaded) {
    memory.check_time();
    const bool is_known =
        std::any_of(found.gcov.begin(), found.gcov.end(), [&](const GcovImage& known) {
          return known.loaded.elf == image.elf && known.loaded.bias == image.bias;
        });
    if (!image.elf->may_have_gcov || is_known) continue;
    const std::uint64_t root = find_written_gcov_root(memory, *image.elf, image.bias);
    if (root != 0) add_root_at(memory, root, loaded, found);
  }
  std::sort(found.gcov.begin(), found.gcov.end(), [](const GcovImage& a, const GcovImage& b) {
    return a.loaded.bias + a.root.address < b.loaded.bias + b.root.address;
  });
}

}  // namespace

InstrumentedImages find_instrumented_images(int pid, const Memory& memory, ImageCache& cache) {
  InstrumentedImages found;
  load_all(pid, memory, cache, found);
  find_gcov(memory, found.loaded, found);
  for (const LoadedImage& image : found.loaded) {
    if (image.elf->llvm.counters) found.llvm.push_back(image);
    if (image.elf->go_functions) found.go.push_back(image);
    found.clang_gcov = found.clang_gcov || image.elf->clang_gcov;
    if (image.elf->foreign == ForeignKind::kNone) continue;
    found.resets_at_fork =
        image.elf->resets_at_fork && (found.resets_at_fork || found.foreign == ForeignKind::kNone);
    found.foreign = image.elf->foreign;
  }
  return found;
}

Loss why_lost(ForeignKind kind) {
  return {kind == ForeignKind::k32Bit ? Loss::Code::k32Bit : Loss::Code::kEmulated, ""};
}

GcovCounters read_gcov_counters(const Memory& memory, const GcovImage& image) {
  return read_gcov_counters(memory, *image.loaded.elf, image.loaded.bias, image.root);
}

}  // namespace gentle
