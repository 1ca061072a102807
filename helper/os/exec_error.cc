#include "os/exec_error.h"

#include <elf.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/exit_code.h"
#include "base/printable.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kHead = 256;  // of a file: BINPRM_BUF_SIZE of Linux

bool is_program(const std::string& name) {
  if (name.find('/') == std::string::npos) {
    const char* const path = ::getenv("PATH");
    return !find_program(name, path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path).empty();
  }
  struct stat info {};
  return ::stat(name.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(name.c_str(), X_OK) == 0;
}

// The first bytes of a file. Nothing is opened that may wait for somebody, such as a FIFO.
std::string head_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return "";
  try {
    return read_file_if_there(path, kHead).value_or("");
  } catch (const Error&) {
    return "";  // a program need not be readable
  }
}

// What the kernel would execute in place of a script: the first word of its #! line. "" if it has
// none.
std::string interpreter_of(const std::string& head) {
  if (head.compare(0, 2, "#!") != 0) return "";
  const std::string line = head.substr(2, head.find('\n') - 2);
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_first_of(" \t", begin) - begin);
}

bool is_elf(const std::string& head) {
  return head.size() >= sizeof(Elf32_Ehdr) && head.compare(0, SELFMAG, ELFMAG) == 0;
}

// At the same place in files of 32 and of 64 bits, in the order of bytes that the file names.
int machine_of(const std::string& head) {
  const std::size_t at = offsetof(Elf32_Ehdr, e_machine);
  const bool big = head[EI_DATA] == ELFDATA2MSB;
  const auto low = static_cast<unsigned char>(head[big ? at + 1 : at]);
  const auto high = static_cast<unsigned char>(head[big ? at : at + 1]);
  return high << 8 | low;
}

std::string machine_name(int machine) {
  switch (machine) {
    case EM_386:
      return "x86 (32 bits)";
    case EM_X86_64:
      return "x86-64";
    case EM_ARM:
      return "ARM (32 bits)";
    case EM_AARCH64:
      return "arm64";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "POWER";
    case EM_S390:
      return "s390x";
    default:
      return "another machine (ELF machine " + std::to_string(machine) + ")";
  }
}

Error no_script_error(const std::string& program, const std::string& interpreter, bool missing) {
  const std::string shown = "'" + printable(interpreter) + "'";
  const bool has_return = interpreter.back() == '\r';
  return Error("start program", program,
               missing ? "its interpreter " + shown + " (the #! line) is missing"
                       : "its interpreter " + shown + " (the #! line) cannot be executed")
      .hint(has_return ? "its lines end with a carriage return: convert it to Unix line ends"
                       : "correct the #! line, or install the interpreter")
      .exit_code(missing ? kExitNotFound : kExitNotExecutable);
}

// Its format is not that of a program here (ENOEXEC).
Error no_format_error(const std::string& program, const std::string& head) {
  Error error = errno_error("start program", program, ENOEXEC).exit_code(kExitNotExecutable);
  if (!is_elf(head)) return error.hint("a script needs a #! line as its first one");
  const std::string own = head_of("/proc/self/exe");
  if (!is_elf(own) || machine_of(own) == machine_of(head)) {
    return error.hint("the file is damaged: build or install it again");
  }
  return Error("start program", program,
               "it is for " + machine_name(machine_of(head)) + ", and gentle is for " +
                   machine_name(machine_of(own)))
      .hint("build it for this machine, or give COMMAND an emulator")
      .exit_code(kExitNotExecutable);
}

Error no_permission_error(const std::string& program) {
  struct stat info {};
  const bool is_there = ::stat(program.c_str(), &info) == 0;
  if (is_there && !S_ISREG(info.st_mode)) {
    return Error("start program", program,
                 S_ISDIR(info.st_mode) ? "it is a folder" : "it is no regular file")
        .exit_code(kExitNotExecutable);
  }
  struct statvfs system {};
  const bool is_noexec =
      ::statvfs(program.c_str(), &system) == 0 && (system.f_flag & ST_NOEXEC) != 0;
  return errno_error("start program", program, EACCES)
      .hint(is_noexec ? "its file system is mounted with noexec: have it in another one"
                      : "chmod +x, or correct COMMAND")
      .exit_code(kExitNotExecutable);
}

}  // namespace

// What is written for a shell is a frequent mistake. A space may also be one of a folder.
std::string hint_for_missing(const std::string& program, const std::string& otherwise) {
  const std::size_t space = program.find_first_of(" \t");
  if (space != std::string::npos && is_program(program.substr(0, space))) {
    return "write the program and its arguments as words of their own, not in one pair of quotes";
  }
  const std::size_t equals = program.find('=');
  if (equals != std::string::npos && program.find('/') > equals) {
    return "a variable is set by ENVIRONMENT " + program;
  }
  for (const char* word : {"cd", "exec", "export", "source", ".", "ulimit", "umask", "set"}) {
    if (program == word) return "this is a word of the shell: write sh -c \"<line>\"";
  }
  return otherwise;
}

Error exec_error(const std::string& program, int errnum) {
  const bool is_missing = errnum == ENOENT || errnum == ENOTDIR;
  const bool is_there = ::access(program.c_str(), F_OK) == 0;
  if (is_missing && !is_there) {
    return errno_error("start program", program, errnum)
        .hint(hint_for_missing(program, "build or install it, or correct COMMAND"))
        .exit_code(kExitNotFound);
  }
  const std::string head = head_of(program);
  const std::string interpreter = interpreter_of(head);
  // Of a script that may be executed, the kernel tells what is wrong with its interpreter.
  if (!interpreter.empty() && ::access(program.c_str(), X_OK) == 0 &&
      (is_missing || errnum == EACCES || errnum == ENOEXEC)) {
    return no_script_error(program, interpreter,
                           is_missing && ::access(interpreter.c_str(), F_OK) != 0);
  }
  if (is_missing) {
    return Error("start program", program, "its interpreter (the #! line) or loader is missing")
        .exit_code(kExitNotFound);
  }
  if (errnum == EACCES) return no_permission_error(program);
  if (errnum == ENOEXEC) return no_format_error(program, head);
  return errno_error("start program", program, errnum).exit_code(kExitNotExecutable);
}

}  // namespace gentle
