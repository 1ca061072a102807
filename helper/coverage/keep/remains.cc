#include "coverage/keep/remains.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "base/error.h"
#include "coverage/gcov/gcda.h"
#include "coverage/keep/instrumented_images.h"
#include "coverage/llvm/llvm_counters.h"
#include "coverage/llvm/llvm_profile.h"
#include "os/file.h"
#include "os/tracer.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// Where libgcov writes the file, as the kernel resolves the path. It comes from the memory of the
// process, and must not lead out of its folder.
std::string own_path(const std::string& folder, const std::string& path) {
  const bool is_plain = path.starts_with('/') && path.find("/.") == std::string::npos &&
                        path.find("//") == std::string::npos;
  return folder + (is_plain ? path : fs::path("/" + path).lexically_normal().string());
}

FirstGcovFile first_file(const Memory& memory, const GcovImage& image) {
  return first_gcov_file(memory, *image.loaded.elf, image.loaded.bias, image.root);
}

bool has_written(const Memory& memory, const GcovImage& image, const GcovState& state,
                 const std::string& folder) {
  if (!state.dumped) return false;
  // Not where it cannot write: another user by now, a chroot.
  const std::string first = first_file(memory, image).path;
  return first.empty() || file_exists(own_path(folder, first));
}

void read_gcov(int thread, const Memory& memory, const GcovImage& image, const std::string& folder,
               Remains& remains) {
  const LoadedImage& loaded = image.loaded;
  const GcovState state = read_gcov_state(memory, loaded.bias, image.root);
  if (has_written(memory, image, state, folder)) return;
  GcovRemains found;
  found.is_program = loaded.is_program;
  const std::uint64_t stack_pointer = stack_pointer_of(thread);
  found.is_dumping =
      stack_pointer != 0 && is_dumping(memory, *loaded.elf, loaded.bias, stack_pointer);
  found.counters = read_gcov_counters(memory, image);
  if (!found.counters.objects.empty()) remains.gcov.push_back(std::move(found));
}

// See docs/llvm-runtime.md, "Has it written?".
void read_llvm(const Memory& memory, const LoadedImage& image, const std::string& folder,
               Remains& remains) {
  const LlvmState state = read_llvm_state(memory, *image.elf, image.bias);
  const bool wrote = state.dumped || state.stage == LlvmStage::kWriting;
  LlvmRemains found;
  for (const std::string& name : entries_of(folder)) {
    const std::string path = folder + "/" + name;
    const std::string bytes = name.ends_with(".profraw") ? read_file(path) : "";
    if (!is_profile_of(bytes, memory, *image.elf, image.bias)) continue;
    const bool whole = is_whole_llvm_profile(bytes) && !is_locked(path);
    if (whole && (wrote || state.stage == LlvmStage::kUnknown)) return;
    // What it read of a whole one is in the memory only from then on.
    if (!whole || wrote) found.replaced.push_back(path);
  }
  found.profile = read_llvm_profile(memory, *image.elf, image.bias);
  remains.llvm.push_back(std::move(found));
}

std::string reason_of(const Error& error) {
  return "its counters cannot be read: " + error.cause();
}

// One image that cannot be read shall not cost the others.
template <typename Read>
void noting_loss(Remains& remains, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    remains.lost.push_back(reason_of(error));
  }
}

std::optional<Gcda> whole_gcda(const std::string& path) {
  const auto bytes = read_file_if_there(path);
  if (!bytes) return std::nullopt;
  try {
    return parse_gcda(*bytes, path);
  } catch (const Error&) {
    return std::nullopt;  // the end came while libgcov wrote it
  }
}

bool is_larger_somewhere(const Gcda& a, const Gcda& b) {
  return !std::equal(a.counters.begin(), a.counters.end(), b.counters.begin(), b.counters.end(),
                     [](std::int64_t x, std::int64_t y) { return x <= y; });
}

// Whether a whole file holds counts that are not in the memory as well: see docs/gcov-runtime.md,
// "Has it written?".
bool is_from_before(const Gcda& file, const Gcda& memory, const GcovRemains& image) {
  if (image.is_dumping) return is_larger_somewhere(file, memory);
  return !image.is_program || image.counters.state.run_counted;
}

// The files of one process.
class Writer {
 public:
  explicit Writer(std::string folder) : folder_(std::move(folder)) {}

  void write(const GcovRemains& image) {
    for (const GcovObject& object : image.counters.objects) {
      const std::string path = own_path(folder_, object.path);
      Gcda data = object.data;
      const auto file = whole_gcda(path);
      // The program and a library of its may both have been linked with the same object.
      const bool is_ours = !written_.insert(path).second;
      if (file && (is_ours || is_from_before(*file, data, image))) merge(data, *file, path);
      put(path, serialize(data));
    }
  }

  void put(const std::string& path, const std::string& bytes) {
    std::string parent = path.substr(0, path.rfind('/'));
    if (parent != last_parent_) make_folders(parent, 0777);
    last_parent_ = std::move(parent);
    write_file(path, bytes);
  }

 private:
  std::string folder_;
  std::string last_parent_;
  std::set<std::string> written_;
};

// What clang's runtime had begun to write stops llvm-profdata from reading the rest.
void remove_parts(const std::string& folder) {
  for (const std::string& name : entries_of(folder)) {
    const std::string path = folder + "/" + name;
    if (name.ends_with(".profraw") && !is_whole_llvm_profile(read_file(path))) remove_tree(path);
  }
}

}  // namespace

Remains read_remains(int thread, const DataFolders& folders, ImageCache& cache) {
  Remains remains;
  const ProcessMemory memory(thread);
  try {
    const InstrumentedImages images = find_instrumented_images(thread, memory, cache);
    remains.instrumented = !images.none();
    remains.clang_gcov = images.clang_gcov;
    for (const GcovImage& image : images.gcov) {
      noting_loss(remains, [&] { read_gcov(thread, memory, image, folders.gcov, remains); });
    }
    for (const LoadedImage& image : images.llvm) {
      noting_loss(remains, [&] { read_llvm(memory, image, folders.llvm, remains); });
    }
  } catch (const Error& error) {
    remains.lost.push_back(reason_of(error));
  }
  return remains;
}

void write_remains(const Remains& remains, const std::string& folder) {
  Writer writer(folder);
  for (const GcovRemains& image : remains.gcov) writer.write(image);
  if (!remains.llvm.empty()) remove_parts(folder);
  int number = 0;
  for (const LlvmRemains& image : remains.llvm) {
    for (const std::string& path : image.replaced) remove_tree(path);
    writer.put(folder + "/rescued-" + std::to_string(++number) + ".profraw", image.profile);
  }
}

void InheritedCounters::take_back(int parent, const std::set<std::uint32_t>& stamps,
                                  ImageCache& cache) {
  const ProcessMemory memory(parent);
  for (const GcovImage& image : find_instrumented_images(parent, memory, cache).gcov) {
    const GcovState state = read_gcov_state(memory, image.loaded.bias, image.root);
    if (state.dumped && stamps.contains(first_file(memory, image).stamp)) {
      reset_gcov_counters(memory, image.loaded.bias, image.root, {});
    }
  }
}

InheritedCounters::Found InheritedCounters::reset(int child, int parent, ImageCache& cache) {
  const ProcessMemory memory(child);
  const InstrumentedImages images = find_instrumented_images(child, memory, cache);
  for (const GcovImage& image : images.gcov) {
    const LoadedImage& loaded = image.loaded;
    const auto [known, is_new] =
        ranges_.try_emplace(Place{loaded.elf, loaded.bias, image.root.address});
    if (is_new) known->second = read_gcov_counters(memory, image).ranges;
    reset_gcov_counters(memory, loaded.bias, image.root, known->second);
  }
  Found found{!images.none()};
  for (const LoadedImage& image : images.llvm) {
    reset_llvm_counters(memory, *image.elf, image.bias);
    const bool renamed = rename_llvm_profile(memory, *image.elf, image.bias, parent, child);
    found.own_file = found.own_file && renamed;
  }
  return found;
}

}  // namespace gentle
