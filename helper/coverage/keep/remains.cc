#include "coverage/keep/remains.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/unique_fd.h"
#include "coverage/gcov/gcda.h"
#include "coverage/keep/instrumented_images.h"
#include "coverage/languages/go_memory.h"
#include "coverage/llvm/llvm_counters.h"
#include "coverage/llvm/llvm_images.h"
#include "coverage/llvm/llvm_profile.h"
#include "os/data_file.h"
#include "os/file.h"
#include "os/process.h"
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

// What is parsed of a file takes several times as much memory, and is held for a moment only.
constexpr std::size_t kLargestGcda = std::size_t{16} << 20;

std::optional<Gcda> whole_gcda(const std::string& path, RescueBudget& budget) {
  budget.check_time();
  if (!is_regular_file(path)) return std::nullopt;
  // One that may not be read may hold counts: to take it for none would lose them in silence.
  const std::string bytes = read_data_file(path, kLargestGcda);
  try {
    return parse_gcda(bytes, path);
  } catch (const Error&) {
    return std::nullopt;  // the end came while libgcov wrote it
  }
}

constexpr std::size_t kMostPlaces = 1024;

bool is_larger_somewhere(const Gcda& a, const Gcda& b) {
  return !std::equal(a.counters.begin(), a.counters.end(), b.counters.begin(), b.counters.end(),
                     [](std::int64_t x, std::int64_t y) { return x <= y; });
}

FirstGcovFile first_file(const Memory& memory, const GcovImage& image) {
  return first_gcov_file(memory, *image.loaded.elf, image.loaded.bias, image.root);
}

// Of the process itself, and whole: it may have been a limit, or the disk, that cut it.
bool is_in_file(const GcovObject& object, const std::string& folder, RescueBudget& budget) {
  const auto file = whole_gcda(own_path(folder, object.path), budget);
  return file && file->stamp == object.data.stamp;
}

// Where libgcov writes without GCOV_PREFIX: the process may have had another environment by then.
// The file holds what was there before, and so does the memory.
bool is_beside_notes(const GcovObject& object, RescueBudget& budget) {
  const auto file = whole_gcda(object.path, budget);
  return file && file->stamp == object.data.stamp && !is_larger_somewhere(object.data, *file);
}

// With the arguments a program can have 6 MiB (execve(2)), but tell of more (PR_SET_MM).
constexpr std::size_t kLargestEnvironment = std::size_t{8} << 20;

// What GCOV_PREFIX was when the process executed its program.
std::string prefix_of(int thread) {
  constexpr std::string_view kName = "GCOV_PREFIX=";
  const std::string proc = "/proc/" + std::to_string(thread);
  const std::string environment =
      '\0' + read_file_if_there(proc + "/environ", kLargestEnvironment).value_or("");
  const std::size_t at = environment.find('\0' + std::string(kName));
  return at == std::string::npos ? "" : environment.c_str() + at + 1 + kName.size();
}

// Where it wrote instead, others may have written before: then the memory holds their counts, too.
bool has_added_to_others(int thread, const GcovRemains& image, RescueBudget& budget) {
  const auto& objects = image.counters.objects;
  const std::string root = "/proc/" + std::to_string(thread) + "/root";
  for (const std::string& folder : {root, root + prefix_of(thread)}) {
    if (std::any_of(objects.begin(), objects.end(), [&](const GcovObject& object) {
          const auto file = whole_gcda(own_path(folder, object.path), budget);
          return file && file->stamp == object.data.stamp && file->runs > 1 &&
                 !is_larger_somewhere(object.data, *file);
        })) {
      return true;
    }
  }
  return false;
}

bool has_written(const GcovRemains& image, const std::string& folder, RescueBudget& budget) {
  const auto& objects = image.counters.objects;
  const bool own = std::all_of(objects.begin(), objects.end(), [&](const GcovObject& object) {
    return is_in_file(object, folder, budget);
  });
  return own || std::all_of(objects.begin(), objects.end(), [&](const GcovObject& object) {
           return is_beside_notes(object, budget);
         });
}

struct Reading {
  int thread;
  const Memory& memory;
  RescueBudget& budget;
  const DataFolders& folders;
  const std::set<std::uint64_t>& taken;
  Remains& remains;
};

void read_gcov(const Reading& reading, const GcovImage& image) {
  const LoadedImage& loaded = image.loaded;
  const Memory& memory = reading.memory;
  const GcovState state = read_gcov_state(memory, loaded.bias, image.root);
  GcovRemains found;
  found.adds = reading.taken.contains(loaded.bias + image.root.address);
  if (state.dumped && found.adds) return;
  found.is_program = loaded.is_program;
  const std::uint64_t stack_pointer = stack_pointer_of(reading.thread);
  found.is_dumping =
      stack_pointer != 0 && is_dumping(memory, *loaded.elf, loaded.bias, stack_pointer);
  found.counters = read_gcov_counters(memory, image);
  if (state.dumped) {
    if (has_written(found, reading.folders.gcov, reading.budget)) return;
    if (has_added_to_others(reading.thread, found, reading.budget)) {
      reading.remains.lost.push_back({Loss::Code::kAddedToOthers, ""});
      return;
    }
    reading.remains.could_not_write = true;
  }
  if (!found.counters.objects.empty()) reading.remains.gcov.push_back(std::move(found));
}

// See docs/llvm-runtime.md, "Has it written?".
void read_llvm(const Reading& reading, const LoadedImage& image) {
  const Memory& memory = reading.memory;
  const std::string& folder = reading.folders.llvm;
  const LlvmState state = read_llvm_state(memory, *image.elf, image.bias);
  if (state.dumped && reading.taken.contains(image.bias + image.elf->llvm.counters->address))
    return;
  const bool wrote = state.dumped || state.stage == LlvmStage::kWriting;
  LlvmRemains found;
  const std::string head = llvm_profile_head(memory, *image.elf, image.bias);
  for (const std::string& name : entries_of(folder)) {
    reading.budget.check_time();
    if (!name.ends_with(".profraw")) continue;
    const std::string path = folder + "/" + name;
    const std::string bytes = read_data_file(path, reading.budget.left());
    if (!bytes.starts_with(head)) continue;
    const bool whole = is_whole_llvm_profile(bytes) && !is_locked(path);
    if (whole && (wrote || state.stage == LlvmStage::kUnknown)) return;
    // What it read of a whole one is in the memory only from then on.
    if (!whole || wrote) found.replaced.push_back(path);
  }
  reading.remains.could_not_write = reading.remains.could_not_write || wrote;
  found.profile = read_llvm_profile(memory, *image.elf, image.bias);
  reading.remains.llvm.push_back(std::move(found));
}

// Clang's runtime makes its file when the image is loaded. One that is not in our folder stays
// empty where we write in its place: nobody wants it. A file of another user than the process's is
// let alone.
void remove_empty_file(const Reading& reading, const LoadedImage& image) {
  const std::string name = llvm_file_name(reading.memory, *image.elf, image.bias);
  const auto user = user_of(reading.thread);
  if (name.empty() || !user) return;
  const std::string process = "/proc/" + std::to_string(reading.thread);
  if (!name.starts_with('/')) return remove_if_empty(process + "/cwd/" + name, *user);
  remove_if_empty(process + "/root" + name, *user);
  remove_if_empty(name, *user);  // made before it has left our root folder
}

Loss unreadable(const Error& error) { return {Loss::Code::kUnreadable, error.cause()}; }

// One image that cannot be read shall not cost the others.
template <typename Read>
void noting_loss(Remains& remains, const Read& read) {
  try {
    read();
  } catch (const OverBudget&) {
    throw;
  } catch (const Error& error) {
    remains.lost.push_back(unreadable(error));
  }
}

// Whether a whole file holds counts that are not in the memory as well: see docs/gcov-runtime.md,
// "Has it written?".
bool is_from_before(const Gcda& file, const Gcda& memory, const GcovRemains& image) {
  if (image.adds) return true;
  if (image.is_dumping) return is_larger_somewhere(file, memory);
  return !image.is_program || image.counters.state.run_counted;
}

// Whatever the umask takes away from new folders and files, we have to use them.
class NoUmask {
 public:
  NoUmask() : before_(::umask(0)) {}
  NoUmask(const NoUmask&) = delete;
  NoUmask& operator=(const NoUmask&) = delete;
  ~NoUmask() { ::umask(before_); }

 private:
  mode_t before_;
};

uid_t owner_of(int fd, const std::string& path) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) throw errno_error("write in folder", path, errno);
  return info.st_uid;
}

// The folder at `below` in `folder`, made where it is not there. The process may have put links in
// its folder, and may have fewer rights than we have, or other users' folders: Error.
UniqueFd make_folders_below(const std::string& folder, const std::string& below) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd at = open_own_folder(folder);
  const uid_t owner = owner_of(at.get(), folder);
  for (std::size_t start = below.find_first_not_of('/'); start < below.size();) {
    const std::size_t end = std::min(below.find('/', start), below.size());
    const std::string name = below.substr(start, end - start);
    const std::string path = folder + below.substr(0, end);
    ::mkdirat(at.get(), name.c_str(), S_IRWXU);
    at = UniqueFd(::openat(at.get(), name.c_str(), kFlags));
    if (!at) throw errno_error("write in folder", path, errno);
    if (const uid_t other = owner_of(at.get(), path); other != owner) {
      throw Error("write in folder", path, "it belongs to user id " + std::to_string(other));
    }
    start = std::min(below.find_first_not_of('/', end), below.size());
  }
  return at;
}

// The files of one process.
class Writer {
 public:
  Writer(std::string folder, RescueBudget& budget) : folder_(std::move(folder)), budget_(budget) {}

  void write(const GcovRemains& image) {
    for (const GcovObject& object : image.counters.objects) {
      const std::string path = own_path(folder_, object.path);
      Gcda data = object.data;
      const auto file = whole_gcda(path, budget_);
      // The program and a library of its may both have been linked with the same object.
      const bool is_ours = !written_.insert(path).second;
      if (file && (is_ours || is_from_before(*file, data, image))) merge(data, *file, path);
      put(path, serialize(data));
    }
  }

  void put(const std::string& path, const std::string& bytes) {
    std::string parent = path.substr(0, path.rfind('/'));
    const NoUmask no_umask;
    if (parent != last_parent_) {
      // That of the run holds those of all its processes, and is closed to everybody else.
      const std::string run = folder_.substr(0, folder_.rfind('/'));
      make_folders(run, S_IRWXU);
      parent_ = make_folders_below(run, parent.substr(run.size()));
    }
    last_parent_ = std::move(parent);
    // By the open folder: the path may have got a link in it meanwhile.
    const std::string open_parent = "/proc/self/fd/" + std::to_string(parent_.get());
    write_file(open_parent + path.substr(path.rfind('/')), bytes);
  }

 private:
  std::string folder_;
  RescueBudget& budget_;
  std::string last_parent_;
  UniqueFd parent_;
  std::set<std::string> written_;
};

// What clang's runtime had begun to write stops llvm-profdata from reading the rest.
void remove_parts(const std::string& folder, RescueBudget& budget) {
  for (const std::string& name : entries_of(folder)) {
    budget.check_time();
    const std::string path = folder + "/" + name;
    if (!name.ends_with(".profraw")) continue;
    // A FIFO in its place would have llvm-profdata wait for ever.
    const bool is_whole = is_regular_file(path) && is_whole_llvm_profile(read_data_file(path));
    if (!is_whole) remove_tree(path);
  }
}

void read_images(const Reading& reading, const InstrumentedImages& images) {
  Remains& remains = reading.remains;
  remains.instrumented = !images.none();
  remains.clang_gcov = images.clang_gcov;
  remains.foreign = images.foreign;
  remains.resets_at_fork = images.resets_at_fork;
  for (const Error& error : images.unread_counters) remains.lost.push_back(unreadable(error));
  for (const GcovImage& image : images.gcov) {
    noting_loss(remains, [&] { read_gcov(reading, image); });
  }
  for (const LoadedImage& image : images.go) {
    noting_loss(remains, [&] {
      remains.go.push_back(read_go_remains(reading.thread, reading.memory, *image.elf, image.bias,
                                           reading.folders.go));
    });
  }
  for (const LoadedImage& image : images.llvm) {
    remains.llvm_images.insert(image.path);
    noting_loss(remains, [&] {
      read_llvm(reading, image);
      remove_empty_file(reading, image);
    });
  }
}

}  // namespace

Remains read_remains(int thread, const DataFolders& folders, const std::set<std::uint64_t>& taken,
                     const InstrumentedImages* known, ImageCache& cache, RescueBudget& budget) {
  Remains remains;
  const ProcessMemory memory(thread, &budget);
  const Reading reading{thread, memory, budget, folders, taken, remains};
  try {
    if (known != nullptr) {
      read_images(reading, *known);
      if (remains.lost.empty()) return remains;
      remains = {};  // it may have been killed while it unloaded one of them
    }
    read_images(reading, find_instrumented_images(thread, memory, cache));
  } catch (const OverBudget& over) {
    // Nobody may know what it counts; but the loss of some of it would be the loss of all.
    remains = {};
    remains.instrumented = true;
    remains.lost.push_back({Loss::Code::kOverLimit, over.cause()});
  } catch (const Error& error) {
    remains.lost.push_back(unreadable(error));
  }
  return remains;
}

namespace {

// A Writer closes the folder above the process's own to others: that is the one of Go itself.
constexpr const char* kGoWriter = "all";

// Several supervisors may write the same file.
void put_whole(Writer& writer, const std::string& folder, const std::string& name,
               const std::string& bytes) {
  const std::string part = folder + "/." + name + "." + std::to_string(::getpid());
  writer.put(part, bytes);
  const std::string whole = folder + "/" + name;
  if (::rename(part.c_str(), whole.c_str()) != 0) throw errno_error("write", whole, errno);
}

}  // namespace

void write_remains(const Remains& remains, const std::string& folder, const std::string& go_folder,
                   RescueBudget& budget) {
  Writer go_writer(go_folder + "/" + kGoWriter, budget);
  for (const GoRemains& program : remains.go) {
    if (!program.meta.empty()) put_whole(go_writer, go_folder, program.meta_name, program.meta);
    if (!program.counters.empty()) {
      go_writer.put(go_folder + "/" + program.counters_name, program.counters);
    }
    if (!program.replaced.empty()) remove_tree(program.replaced);
  }
  Writer writer(folder, budget);
  for (const GcovRemains& image : remains.gcov) writer.write(image);
  if (!remains.llvm.empty()) remove_parts(folder, budget);
  int number = 0;
  for (const LlvmRemains& image : remains.llvm) {
    for (const std::string& path : image.replaced) remove_tree(path);
    std::string path;
    do {
      budget.check_time();
      path = folder + "/" + std::string(kRescuedProfile) + std::to_string(++number) + ".profraw";
    } while (file_exists(path));
    writer.put(path, image.profile);
  }
  if (!remains.llvm.empty()) note_llvm_images(folder, remains.llvm_images);
}

void InheritedCounters::take_back(int parent, const std::set<std::uint32_t>& stamps,
                                  ImageCache& cache, RescueBudget& budget) {
  const ProcessMemory memory(parent, &budget);
  for (const GcovImage& image : find_instrumented_images(parent, memory, cache).gcov) {
    const GcovState state = read_gcov_state(memory, image.loaded.bias, image.root);
    if (state.dumped && stamps.contains(first_file(memory, image).stamp)) {
      reset_gcov_counters(memory, image.loaded.bias, image.root, {});
    }
  }
}

InheritedCounters::Found InheritedCounters::reset(int child, int parent,
                                                  const InstrumentedImages& images,
                                                  RescueBudget& budget) {
  const ProcessMemory memory(child, &budget);
  if (images.foreign != ForeignKind::kNone && !images.resets_at_fork) {
    throw Error("take away counts", "", describe(why_lost(images.foreign)));
  }
  for (const GcovImage& image : images.gcov) {
    const LoadedImage& loaded = image.loaded;
    if (ranges_.size() > kMostPlaces) ranges_.clear();  // of libraries that come and go
    const auto [known, is_new] =
        ranges_.try_emplace(Place{loaded.elf, loaded.bias, image.root.address});
    if (is_new) {
      const KeptMeanwhile meanwhile(&budget);
      known->second = read_gcov_counters(memory, image).ranges;
    }
    reset_gcov_counters(memory, loaded.bias, image.root, known->second);
  }
  for (const LoadedImage& image : images.go) reset_go_counters(memory, *image.elf, image.bias);
  Found found{!images.none()};
  for (const LoadedImage& image : images.llvm) {
    reset_llvm_counters(memory, *image.elf, image.bias);
    const bool renamed = rename_llvm_profile(memory, *image.elf, image.bias,
                                             pid_as_it_sees_it(parent), pid_as_it_sees_it(child));
    found.own_file = found.own_file && renamed;
  }
  return found;
}

}  // namespace gentle
