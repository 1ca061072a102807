// An ELF file of a program or a shared library: where in it the counters of coverage are. The file
// may hold anything; it is looked at within its bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/image/process_memory.h"

namespace gentle {

struct ElfSegment {  // PT_LOAD: what is mapped
  std::uint64_t offset = 0;
  std::uint64_t address = 0;  // without the load bias
  std::uint64_t file_size = 0;
  std::uint64_t memory_size = 0;
  bool writable = false;

  bool operator==(const ElfSegment&) const = default;
};

struct ElfSymbol {
  std::uint64_t address = 0;
  std::uint64_t size = 0;

  bool operator==(const ElfSymbol&) const = default;
};

// The functions by which counts leave a process, and the one that tells of its libraries.
enum class RuntimeFunction {
  kGcovExit,         // __gcov_exit: writes, and leaves the list of all images
  kGcovDumpOne,      // __gcov_dump_one
  kLlvmWriteFile,    // __llvm_profile_write_file
  kLibrariesLoaded,  // _dl_debug_state, which does nothing: for debuggers (link.h, r_brk)
};

struct ElfFunction {
  RuntimeFunction function{};
  ElfSymbol symbol;
  std::uint32_t code = 0;  // its first four bytes, as they are in the file: never 0

  bool operator==(const ElfFunction&) const = default;
};

struct ElfSection {
  std::uint64_t address = 0;  // without the load bias
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const ElfSection&) const = default;
};

// Clang's source-based coverage: one copy of its runtime for each image. Its sections stay when an
// image is stripped, its variables have symbols in .symtab only.
struct LlvmProfile {
  std::optional<ElfSection> counters;      // __llvm_prf_cnts
  std::optional<ElfSection> data;          // __llvm_prf_data
  std::optional<ElfSection> names;         // __llvm_prf_names
  std::optional<ElfSection> bitmap;        // __llvm_prf_bits, of MC/DC, since clang 18
  std::optional<ElfSection> vtables;       // __llvm_prf_vtab, since clang 19
  std::optional<ElfSection> vtable_names;  // __llvm_prf_vns

  bool has_mapping = false;  // __llvm_covmap: compiled with -fcoverage-mapping

  std::optional<ElfSymbol> version;     // __llvm_profile_raw_version
  std::optional<ElfSymbol> merge_hook;  // VPMergeHook
  std::optional<ElfSymbol> free_hook;   // FreeHook
  std::optional<ElfSymbol> dumped;      // ProfileDumped
  std::optional<ElfSymbol> file_name;   // lprofCurFilename

  // The versions of clang in .comment, which strip leaves there; only for an image with counters.
  std::vector<unsigned> compilers;

  bool operator==(const LlvmProfile&) const = default;
};

// An image of another kind than those that are read here.
enum class ForeignKind {
  kNone,
  k32Bit,     // of this machine
  kEmulated,  // only an emulator runs it
};

struct ElfImage {
  bool position_independent = false;   // ET_DYN; the load bias of an ET_EXEC is 0
  std::string build_id;                // in hexadecimal; "" if it has none
  std::uint64_t build_id_address = 0;  // where its bytes are, without the load bias
  std::vector<ElfSegment> segments;    // by address
  bool stripped = false;               // no .symtab
  // Of a stripped image: its initialised data holds the version of a gcc, as that of libgcov does.
  bool may_have_gcov = false;

  // gcc: one hidden __gcov_root (libgcov.h) for each image that was linked with libgcov.
  std::vector<ElfSymbol> gcov_roots;
  // As often as they are there.
  std::vector<ElfFunction> functions;

  // It has the runtime of clang's --coverage, which keeps its counters to itself.
  bool clang_gcov = false;

  LlvmProfile llvm;

  // A Go program of `go build -cover`: its table of functions (.gopclntab), which nothing strips.
  std::optional<ElfSection> go_functions;

  // If it is foreign (foreign_image.h), it counts by one of these runtimes, and nothing else is
  // known but whether a child that it forks begins with counters of its own.
  ForeignKind foreign = ForeignKind::kNone;
  bool resets_at_fork = false;

  bool operator==(const ElfImage&) const = default;
};

// Throws Error with the name of the file and what is wrong with it: no ELF file, of another machine
// than x86-64 and aarch64, truncated, damaged.
ElfImage read_elf_image(const Memory& file);

// Whether it is a program of Go, with or without coverage: by its section headers, which is quick.
// False if it is no ELF file.
bool is_go_program(const Memory& file);

bool has_function(const ElfImage& image, RuntimeFunction function);

// Whether there may be counters of any kind in it.
bool may_count(const ElfImage& image);

// Which of these symbols, of four letters and more, the image takes from others, or has by itself
// if it is static. Throws Error as read_elf_image().
std::set<std::string_view> find_symbols(const Memory& file,
                                        const std::vector<std::string_view>& wanted);

// The contents of the sections with these names; "" for one that is not there, or compressed. Those
// of one name, as a compiled object may have them, stand behind each other, at multiples of 8.
// Throws Error as read_elf_image().
std::vector<std::string> read_elf_sections(const Memory& file,
                                           const std::vector<std::string_view>& names);

// What a compiled object (ET_REL) sets its variables to, section by section, as it is before the
// linker puts in addresses; without sections of more than 64 MiB. Throws Error as read_elf_image(),
// and if it is no object.
std::vector<std::string> read_object_data(const Memory& file);

// The segment that holds all of these addresses; nullptr if none does.
const ElfSegment* find_segment(const ElfImage& image, std::uint64_t address, std::uint64_t size);

}  // namespace gentle
