#include "supervise/core_hint.h"

namespace gentle {
namespace {

// The name of the file by core(5), with '*' for what we do not know.
std::string core_file(const Crash& crash, const std::string& pattern) {
  const std::string pid = crash.pid > 0 ? std::to_string(crash.pid) : "*";
  std::string name;
  bool has_pid = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      name += pattern[i];
      continue;
    }
    const char kind = pattern[++i];
    has_pid = has_pid || kind == 'p';
    name += kind == '%' ? "%" : kind == 'p' || kind == 'P' ? pid : "*";
  }
  if (!has_pid) name += "*";  // core_uses_pid may have added it
  return name.starts_with('/') ? name : crash.folder + "/" + name;
}

std::string taken_by_program(const Crash& crash, const std::string& pattern) {
  const std::string program = pattern.substr(1, pattern.find(' ') - 1);
  if (program.find("systemd-coredump") != std::string::npos) {
    return "coredumpctl debug" + (crash.pid > 0 ? " " + std::to_string(crash.pid) : "");
  }
  if (program.find("apport") != std::string::npos) {
    return "its core went to apport: look into /var/lib/apport/coredump and /var/crash";
  }
  return "its core went to " + program + " (/proc/sys/kernel/core_pattern)";
}

}  // namespace

std::string core_hint(const Crash& crash, const CoreDumps& dumps) {
  if (!dumps.allowed) {
    return "it left no core, the limit is 0: run ulimit -c unlimited in the shell, then ctest "
           "again";
  }
  if (dumps.pattern.starts_with('|')) return taken_by_program(crash, dumps.pattern);
  if (!crash.left_a_core && crash.pid > 0) {
    return "it left no core: may it write '" + core_file(crash, dumps.pattern) +
           "'? (/proc/sys/kernel/core_pattern)";
  }
  return "look where it crashed: gdb <program> " + core_file(crash, dumps.pattern);
}

}  // namespace gentle
