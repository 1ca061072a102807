// The programs and shared libraries that a process has mapped.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"

namespace gentle {

struct Mapping {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t offset = 0;  // in the file
  bool executable = false;

  bool operator==(const Mapping&) const = default;
};

// A file of which something is mapped, with all of its mappings, by address. The same file under
// several names is one.
struct MappedFile {
  std::string path;      // as the kernel tells it, without " (deleted)"
  bool deleted = false;  // or its name really ends so
  std::string device;    // "fe:00"
  std::uint64_t inode = 0;
  std::vector<Mapping> mappings;

  std::string name() const;  // as the kernel tells it
  bool is_program() const;   // something of it may be executed

  bool operator==(const MappedFile&) const = default;
};

// The text of /proc/PID/maps, in the order of the first mappings. What has no file (heap, stack,
// anonymous memory) and lines that cannot be read are left out.
std::vector<MappedFile> parse_maps(std::string_view text);

// By the path that the kernel tells, which may end in " (deleted)".
void set_path(MappedFile& file, std::string_view path);

// Each is compared with all others: of a process that has mapped more files than any program does,
// or `added` in more places, nothing is looked at: OverBudget.
void require_few_mappings(const std::vector<MappedFile>& files, const MappedFile& added);

// Those of which something may be executed; of an emulator all, since it maps the programs that it
// runs as data. None if the process is gone. Throws Error if it may not
// be looked at, and as require_few_mappings().
std::vector<MappedFile> mapped_programs(int pid);

// Whether a program runs those of other processors: qemu-aarch64-static, box64, FEXInterpreter.
bool is_emulator(std::string_view path);

// Where the file is found, the likeliest place first. Another file may stand there by now.
std::vector<std::string> paths_of(int pid, const MappedFile& file);

// The file itself: by its path, or if another one stands there by now, or it was removed, through
// /proc/PID. Throws Error if it cannot be had: the path is then still the one that was mapped.
std::unique_ptr<FileMemory> open_mapped_file(int pid, const MappedFile& file);

// What is added to the addresses of the image, once for each time that it is mapped (dlmopen maps a
// library again). A place counts only if every segment is mapped where it belongs.
std::vector<std::uint64_t> load_biases(const ElfImage& image, const MappedFile& file);

// Whether what is mapped there began as this file: it may have been written anew in place. Compares
// the headers and what follows them, the build id as a rule.
bool is_mapped_at(const ElfImage& image, const Memory& file, const Memory& process,
                  std::uint64_t bias);

// The same of an image with a build id, by that alone.
bool has_build_id_at(const ElfImage& image, const Memory& process, std::uint64_t bias);

}  // namespace gentle
