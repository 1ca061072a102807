// Programs that have to be let alone: ptrace would change what they do.
#pragma once

#include <string>

#include "coverage/image/file_notes.h"

namespace gentle {

struct ExecutedProgram {
  std::string path;
  std::string version;  // file_version()
  std::string file;     // where it can be opened, whatever stands at its path by now
};

// Why a process that has just become this program is not to be followed; "" if it may be.
std::string why_let_go(const ExecutedProgram& program, FileNotes& notes);

// The same before it is executed: a program that takes the rights of another user (set-user-ID,
// set-group-ID, capabilities of its file) does not get them while a process without the rights to
// trace everything follows it, execve(2). And on a processor whose programs we do not read, no one.
std::string why_not_followed(const std::string& program);

// The same once it is too late, of a process that has become such a program while it was followed:
// what it has to do without; "" if nothing.
std::string missing_rights(int pid);

}  // namespace gentle
