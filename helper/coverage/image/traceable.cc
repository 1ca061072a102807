#include "coverage/image/traceable.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <optional>
#include <string_view>

#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/foreign_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/image/runtime_text.h"
#include "os/file.h"
#include "os/process.h"
#include "os/processor.h"

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

constexpr std::string_view kLetGo = "let-go";

std::string find_foreign_trait(const Memory& file) {
  std::vector<std::string> names;
  for (const Trait& trait : kTraits) names.push_back('\0' + std::string(trait.symbol) + '\0');
  const std::vector<bool> found = find_texts(file, 0, kWholeFile, names);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) return std::string(kTraits[i].meaning);
  }
  return "";
}

// The meaning of the first one that it has, or "". Nothing if it cannot be read.
std::optional<std::string> find_trait(const std::string& program) {
  std::vector<std::string_view> symbols;
  for (const Trait& trait : kTraits) symbols.push_back(trait.symbol);
  try {
    const FileMemory file(program);
    if (foreign_kind(file) != ForeignKind::kNone) return find_foreign_trait(file);
    const auto found = find_symbols(file, symbols);
    for (const Trait& trait : kTraits) {
      if (found.contains(trait.symbol)) return std::string(trait.meaning);
    }
    return "";
  } catch (const Error&) {
    return std::nullopt;
  }
}

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

// It would not get them without us either: where the file lies, or by prctl(2).
bool gets_no_rights(int pid, const std::string& program) {
  struct statvfs info {};
  if (::statvfs(program.c_str(), &info) == 0 && (info.f_flag & ST_NOSUID) != 0) return true;
  const auto status = read_file_if_there("/proc/" + std::to_string(pid) + "/status");
  return !status || status->find("\nNoNewPrivs:\t1\n") != std::string::npos;
}

}  // namespace

std::string why_let_go(const ExecutedProgram& program, FileNotes& notes) {
  if (is_valgrind(program.path)) return "valgrind does not go with tracing";
  if (const auto noted = notes.find(program.version, kLetGo)) return *noted;
  const auto found = find_trait(program.file);
  if (found) notes.add(program.version, kLetGo, *found);
  return found.value_or("");
}

std::string why_not_followed(const std::string& program) {
  if (!kRescuesCounters) return "counters are read from memory on x86-64 and arm64 only";
  if (::geteuid() == 0 || program.empty() || !takes_other_rights(program)) return "";
  return "it takes the rights of another user, which the kernel refuses to what is traced";
}

std::string missing_rights(int pid) {
  const std::string program = "/proc/" + std::to_string(pid) + "/exe";
  if (::geteuid() == 0 || !takes_other_rights(program)) return "";
  if (gets_no_rights(pid, program)) return "";
  return "'" + program_of(pid) +
         "' runs without the rights of another user that its file gives: the kernel refuses them "
         "while a process is traced; set COVERAGE OFF to keep them";
}

}  // namespace gentle
