#include "coverage/traceable.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string_view>

#include "base/error.h"
#include "coverage/elf_image.h"
#include "coverage/process_memory.h"

namespace gentle {
namespace {

struct Trait {
  std::string_view symbol;
  std::string_view meaning;
};

constexpr Trait kTraits[] = {
    // A process has one tracer, and cannot ask for another: gdb, strace, and what looks at itself.
    {"ptrace", "it uses ptrace itself"},
    // LeakSanitizer, which is part of the first, refuses to work under ptrace.
    {"__asan_init", "AddressSanitizer does not go with tracing"},
    {"__hwasan_init", "HWAddressSanitizer does not go with tracing"},
    {"__lsan_init", "LeakSanitizer does not go with tracing"},
    {"__tsan_init", "ThreadSanitizer does not go with tracing"},
};

// Its commands (vgdb) use ptrace on it.
bool is_valgrind(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.starts_with("valgrind") || path.find("/valgrind/") != std::string_view::npos;
}

bool takes_other_rights(const std::string& program) {
  struct stat info {};
  if (::stat(program.c_str(), &info) != 0) return false;
  const bool other_user = (info.st_mode & S_ISUID) != 0 && info.st_uid != ::geteuid();
  const bool other_group =
      (info.st_mode & S_ISGID) != 0 && (info.st_mode & S_IXGRP) != 0 && info.st_gid != ::getegid();
  return other_user || other_group ||
         ::getxattr(program.c_str(), "security.capability", nullptr, 0) > 0;
}

}  // namespace

std::string why_let_go(const std::string& path, const FileMemory& program) {
  if (is_valgrind(path)) return "valgrind does not go with tracing";
  std::vector<std::string_view> symbols;
  for (const Trait& trait : kTraits) symbols.push_back(trait.symbol);
  try {
    const auto found = find_symbols(program, symbols);
    for (const Trait& trait : kTraits) {
      if (found.contains(trait.symbol)) return std::string(trait.meaning);
    }
  } catch (const Error&) {
    // Nothing that could be read: nothing that is known to be in the way.
  }
  return "";
}

std::string why_not_followed(const std::string& program) {
  if (::geteuid() == 0 || program.empty() || !takes_other_rights(program)) return "";
  return "it takes the rights of another user, which the kernel refuses to what is traced";
}

}  // namespace gentle
