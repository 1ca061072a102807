// Clients that ask a daemon to run a program in a container: no descendant of theirs, so nobody
// follows it.
#pragma once

#include <string>
#include <string_view>

namespace gentle {

// docker, nerdctl and the like, by the name of the program.
bool is_container_client(std::string_view program);

// What is to be said of a process that has just become this program: it gives the build folder to a
// container, where a program of this build may run then. "" if not.
std::string why_container_unseen(int pid, const std::string& program, const std::string& build_dir);

}  // namespace gentle
