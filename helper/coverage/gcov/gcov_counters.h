// What gcc's runtime, libgcov, knows in the memory of a process: the counters of each object file,
// and whether it has written them.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coverage/gcov/gcda.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"

namespace gentle {

struct GcovObject {
  std::string path;  // of the .gcda, as compiled in: GCOV_PREFIX is not applied
  // What libgcov would write to it, were there no such file. Where libgcov has found one, and has
  // begun to write its sum, the counters hold that sum: see docs/gcov-runtime.md.
  Gcda data;
};

// What libgcov has done with the counters of one program or shared library.
struct GcovState {
  // All files were written, and the counters not reset since: whatever was counted after that is
  // lost to libgcov, too. Set at the very end: false also in the midst of writing.
  bool dumped = false;
  // A dump was completed at least once (by this process or, before a fork, its parent), whatever
  // was reset since.
  bool run_counted = false;
};

// Where counters are, with the load bias.
struct CounterRange {
  std::uint64_t address = 0;
  std::uint64_t size = 0;

  bool operator==(const CounterRange&) const = default;
};

// All that was linked with one copy of libgcov: one program or shared library.
struct GcovCounters {
  GcovState state;
  // In the order in which libgcov writes them.
  std::vector<GcovObject> objects;
  std::vector<CounterRange> ranges;  // by address; those beside each other are one
};

GcovState read_gcov_state(const Memory& memory, std::uint64_t bias, const ElfSymbol& root);

// The .gcda that is written first; without a path if nothing that was linked with this libgcov
// counts. Throws Error as read_gcov_counters().
struct FirstGcovFile {
  std::string path;
  std::uint32_t stamp = 0;
};
FirstGcovFile first_gcov_file(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                              const ElfSymbol& root);

// Reads the root at `root`, an address without the load bias, of an image that is mapped at
// `bias`. Throws Error with the name of the memory and what is not as libgcov makes it, or of
// which version it is if it is unknown. All that is pointed to has to be in the image itself.
GcovCounters read_gcov_counters(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                                const ElfSymbol& root);

// The stamps of the objects that are linked into a program or library, as its file tells them: who
// has written a .gcda is known by its stamp. May hold others that mean nothing.
std::set<std::uint32_t> find_gcov_stamps(const Memory& file, const ElfImage& image);

// Does to a child what gcc's wrapper of fork would do: what it has inherited from its parent is not
// its own, and shall not be counted twice. The child has memory of its own (no vfork, no thread),
// which is as its parent's was when `ranges` were read.
void reset_gcov_counters(const ProcessMemory& child, std::uint64_t bias, const ElfSymbol& root,
                         const std::vector<CounterRange>& ranges);

// As libgcov does when it has written: it does not write again.
void mark_gcov_written(const ProcessMemory& memory, std::uint64_t bias, const ElfSymbol& root);

// What was read of them is theirs no more, and what is counted from now on is written by the next
// dump.
void restart_gcov_counters(const ProcessMemory& memory, std::uint64_t bias, const ElfSymbol& root,
                           const std::vector<CounterRange>& ranges);

// Whether a thread that has its stack at `stack_pointer` is writing: the stack holds the address to
// which libgcov goes back behind the last file. It may also be left there from an earlier dump.
// False if the image does not tell.
bool is_dumping(const Memory& memory, const ElfImage& image, std::uint64_t bias,
                std::uint64_t stack_pointer);

// The roots of a process without their symbols. libgcov lists them in a variable of its own,
// __gcov_master, which is looked for in the writable memory of an image by the version of gcc and
// the pointers in it. Addresses with the load bias, of all images that the master lists; several
// images may have masters of which only one is in use. Nothing is no error.
std::vector<std::uint64_t> find_gcov_roots(const Memory& memory, const ElfImage& image,
                                           std::uint64_t bias);

// At its exit libgcov takes the root of an image off that list. Then it is this one, by what it
// holds; 0 if there is none in the memory of this image.
std::uint64_t find_written_gcov_root(const Memory& memory, const ElfImage& image,
                                     std::uint64_t bias);

}  // namespace gentle
