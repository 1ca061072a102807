#include "coverage/image/mapped_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "base/error.h"
#include "coverage/image/bytes.h"
#include "coverage/image/map_query.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::size_t kMostFiles = 4096;
constexpr std::size_t kMostMappings = 4096;  // of one file
constexpr std::size_t kLargestMaps = std::size_t{64} << 20;
constexpr std::uint64_t kPage = 4096;  // the least; segments begin at larger ones' bounds too
constexpr std::size_t kCompared = 4096;
constexpr std::string_view kEmulators[] = {"box64", "box86", "FEXInterpreter", "FEXLoader"};

std::string proc_path(int pid, const std::string& file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

// Takes the word before `end` off the front, and `end` with it.
std::optional<std::string_view> take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view word = text.substr(0, at);
  text.remove_prefix(at + 1);
  return word;
}

std::optional<std::uint64_t> number(std::optional<std::string_view> text, int base) {
  std::uint64_t value = 0;
  if (!text) return std::nullopt;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// A newline in a name is written \012, and nothing else is changed: proc(5). So a name that really
// holds these four characters is told wrong; the file is then found through /proc.
std::string with_newlines(std::string_view text) {
  constexpr std::string_view kNewline = "\\012";
  std::string path(text);
  for (std::size_t at = 0; (at = path.find(kNewline, at)) != std::string::npos; ++at) {
    path.replace(at, kNewline.size(), "\n");
  }
  return path;
}

struct MapsLine {
  Mapping mapping;
  std::string_view device;
  std::uint64_t inode = 0;
  std::string_view path;
};

// "55d0-55d2 r-xp 00001000 fe:00 12345      /path", proc(5).
std::optional<MapsLine> parse_line(std::string_view line) {
  const auto start = number(take(line, '-'), 16);
  const auto end = number(take(line, ' '), 16);
  const auto rights = take(line, ' ');
  const auto offset = number(take(line, ' '), 16);
  const auto device = take(line, ' ');
  if (!start || !end || !rights || !offset || !device || *start >= *end) return std::nullopt;
  const std::size_t inode_end = std::min(line.find(' '), line.size());
  const auto inode = number(line.substr(0, inode_end), 10);
  if (!inode || rights->size() < 3) return std::nullopt;
  line.remove_prefix(inode_end);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return MapsLine{{*start, *end, *offset, (*rights)[2] == 'x'}, *device, *inode, line};
}

void add_line(std::vector<MappedFile>& files, const MapsLine& line) {
  if (line.inode == 0 || line.path.empty()) return;
  const auto known = std::find_if(files.rbegin(), files.rend(), [&](const MappedFile& file) {
    return file.inode == line.inode && file.device == line.device;
  });
  if (known != files.rend()) {
    known->mappings.push_back(line.mapping);
    require_few_mappings(files, *known);
    return;
  }
  MappedFile file;
  set_path(file, with_newlines(line.path));
  file.device = line.device;
  file.inode = line.inode;
  file.mappings.push_back(line.mapping);
  files.push_back(std::move(file));
  require_few_mappings(files, files.back());
}

// The device is not compared: some file systems (btrfs, overlayfs) tell another one in maps than by
// stat. is_mapped_at() makes sure.
std::unique_ptr<FileMemory> open_if_same(const std::string& path, const MappedFile& file,
                                         const std::string& name) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return nullptr;
  if (!S_ISREG(status.st_mode) || status.st_ino != file.inode) return nullptr;
  return std::make_unique<FileMemory>(std::move(fd), name);
}

std::string map_files_path(int pid, const Mapping& mapping) {
  char range[40];
  char* at = std::to_chars(range, std::end(range), mapping.start, 16).ptr;
  *at++ = '-';
  at = std::to_chars(at, std::end(range), mapping.end, 16).ptr;
  return proc_path(pid, "map_files/" + std::string(range, at));
}

std::uint64_t page_start(std::uint64_t address) { return address - address % kPage; }

// Whether the file is mapped at `address` with this part of it there.
bool is_mapped(const MappedFile& file, std::uint64_t address, std::uint64_t offset) {
  return std::any_of(file.mappings.begin(), file.mappings.end(), [&](const Mapping& mapping) {
    return address >= mapping.start && address < mapping.end &&
           mapping.offset + (address - mapping.start) == offset;
  });
}

// mprotect splits mappings, so only the first page of a segment is sure to be where it was. A
// segment without bytes in the file (.bss alone) is anonymous memory.
bool is_whole(const ElfImage& image, const MappedFile& file, std::uint64_t bias) {
  return std::all_of(image.segments.begin(), image.segments.end(), [&](const ElfSegment& segment) {
    return segment.file_size == 0 ||
           is_mapped(file, page_start(bias + segment.address), page_start(segment.offset));
  });
}

const ElfSegment* first_of_file(const ElfImage& image) {
  const auto first = std::find_if(image.segments.begin(), image.segments.end(),
                                  [](const ElfSegment& segment) { return segment.file_size > 0; });
  return first == image.segments.end() ? nullptr : &*first;
}

}  // namespace

std::string MappedFile::name() const { return deleted ? path + std::string(kDeleted) : path; }

bool MappedFile::is_program() const {
  return std::any_of(mappings.begin(), mappings.end(),
                     [](const Mapping& mapping) { return mapping.executable; });
}

std::vector<MappedFile> parse_maps(std::string_view text) {
  std::vector<MappedFile> files;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (const auto parsed = parse_line(line)) add_line(files, *parsed);
  }
  return files;
}

void set_path(MappedFile& file, std::string_view path) {
  file.deleted = path.ends_with(kDeleted);
  if (file.deleted) path.remove_suffix(kDeleted.size());
  file.path = path;
}

void require_few_mappings(const std::vector<MappedFile>& files, const MappedFile& added) {
  if (files.size() <= kMostFiles && added.mappings.size() <= kMostMappings) return;
  throw OverBudget("list mappings", "", "it has mapped more files than a rescue looks at");
}

bool is_emulator(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  // Docker's own is called buildkit-qemu-aarch64.
  if (name.find("qemu-") != std::string_view::npos) return true;
  return std::any_of(std::begin(kEmulators), std::end(kEmulators),
                     [name](std::string_view emulator) { return name.starts_with(emulator); });
}

std::vector<MappedFile> mapped_programs(int pid) {
  const bool all = is_emulator(program_of(pid));
  if (!all) {
    if (auto files = query_mapped_programs(pid)) return *std::move(files);
  }
  auto files = parse_maps(read_file_if_there(proc_path(pid, "maps"), kLargestMaps).value_or(""));
  if (all) return files;
  std::erase_if(files, [](const MappedFile& file) { return !file.is_program(); });
  return files;
}

std::vector<std::string> paths_of(int pid, const MappedFile& file) {
  const std::string name = file.name();
  // A path of maps is one below our own root; the process may have had another.
  std::vector<std::string> paths = {name, file.path, proc_path(pid, "root") + file.path};
  if (program_of(pid) == name) paths.push_back(proc_path(pid, "exe"));
  // These need more rights than to trace the process (proc(5), map_files).
  for (const Mapping& mapping : file.mappings) paths.push_back(map_files_path(pid, mapping));
  return paths;
}

std::unique_ptr<FileMemory> open_mapped_file(int pid, const MappedFile& file) {
  for (const std::string& path : paths_of(pid, file)) {
    if (auto opened = open_if_same(path, file, file.name())) return opened;
  }
  throw Error("open program", file.path,
              "it has been removed or replaced since process " + std::to_string(pid) + " loaded it")
      .hint("do not build while the tests run");
}

std::vector<std::uint64_t> load_biases(const ElfImage& image, const MappedFile& file) {
  std::vector<std::uint64_t> biases;
  const ElfSegment* first = first_of_file(image);
  if (first == nullptr) return biases;
  const std::uint64_t offset = page_start(first->offset);
  for (const Mapping& mapping : file.mappings) {
    if (offset < mapping.offset || offset - mapping.offset >= mapping.end - mapping.start) continue;
    const std::uint64_t bias =
        mapping.start + (offset - mapping.offset) - page_start(first->address);
    const bool fits = image.position_independent || bias == 0;
    if (fits && is_whole(image, file, bias)) biases.push_back(bias);
  }
  return biases;
}

bool is_mapped_at(const ElfImage& image, const Memory& file, const Memory& process,
                  std::uint64_t bias) {
  const ElfSegment* first = first_of_file(image);
  if (first == nullptr || first->writable) return true;
  const std::size_t size = std::min<std::uint64_t>(first->file_size, kCompared);
  std::string on_disk(size, '\0');
  std::string in_memory(size, '\0');
  return file.read_some(first->offset, on_disk.data(), size) == size &&
         process.read_some(bias + first->address, in_memory.data(), size) == size &&
         on_disk == in_memory;
}

bool has_build_id_at(const ElfImage& image, const Memory& process, std::uint64_t bias) {
  std::string id(image.build_id.size() / 2, '\0');
  return process.read_some(bias + image.build_id_address, id.data(), id.size()) == id.size() &&
         hexadecimal(id) == image.build_id;
}

}  // namespace gentle
