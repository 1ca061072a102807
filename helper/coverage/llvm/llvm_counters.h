// What clang's coverage runtime knows in the memory of a process: the counters of each program and
// shared library, and whether it has written them. See docs/llvm-runtime.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/llvm/llvm_profile.h"

namespace gentle {

// All functions take an image that has image.llvm.counters, and is mapped at `bias`.

enum class LlvmStage {
  kUnknown,  // a stripped image does not tell
  kNotWritten,
  kReading,  // adds what is in the file to the counters: a part of it may have been added
  kWriting,  // has added it, and writes or has written the sum
};

struct LlvmState {
  // Of the last time that it wrote.
  LlvmStage stage = LlvmStage::kUnknown;
  // By __llvm_profile_dump(): it does not write any more, not at exit either.
  bool dumped = false;
};

LlvmState read_llvm_state(const Memory& memory, const ElfImage& image, std::uint64_t bias);

// What the runtime would write now, were there no file; of the values that -fprofile-generate
// counts it says that none was seen. Throws Error with the name of the memory and what is not as
// clang makes it, or which version it is if it is unknown.
LlvmRawProfile read_llvm_counters(const Memory& memory, const ElfImage& image, std::uint64_t bias);
std::string read_llvm_profile(const Memory& memory, const ElfImage& image, std::uint64_t bias);

// What a profile begins with that the runtime of this image writes in this process.
std::string llvm_profile_head(const Memory& memory, const ElfImage& image, std::uint64_t bias);

// Whether `bytes` were written by the runtime of this image in this process, or in one of which
// it is a fork, or one that was loaded at the same addresses: version, sizes, build id and address.
// They need not be whole.
bool is_profile_of(std::string_view bytes, const Memory& memory, const ElfImage& image,
                   std::uint64_t bias);

// For a child that has memory of its own (no vfork, no thread): what it has inherited from its
// parent is not its own, and shall not be counted twice.
void reset_llvm_counters(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias);

// As __llvm_profile_dump() does: it does not write any more.
void mark_llvm_written(const ProcessMemory& memory, const ElfImage& image, std::uint64_t bias);

// The runtime puts its pid for %p into the name of its file when the image is loaded, and never
// again: a child that does not execute another program writes into its parent's file. This gives it
// its own name. The pids are those that the processes see themselves. False if it could not: the
// name has another pid, or that of a stripped image is not found.
bool rename_llvm_profile(const ProcessMemory& child, const ElfImage& image, std::uint64_t bias,
                         int parent_pid, int child_pid);

// The name of the file that the runtime has made when the image was loaded, and would write now. ""
// if the image does not tell, or the name is made of more than the pid.
std::string llvm_file_name(const Memory& memory, const ElfImage& image, std::uint64_t bias);

}  // namespace gentle
