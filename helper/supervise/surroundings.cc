#include "supervise/surroundings.h"

#include <sys/stat.h>
#include <unistd.h>

#include "os/control_socket.h"
#include "os/pidfd.h"
#include "os/process.h"
#include "os/tcp_listener.h"

namespace gentle {

std::vector<std::string> what_is_missing(const Spec& spec, int folder, bool told_of_removals) {
  std::vector<std::string> lines;
  if (!open_pidfd(ourselves())) {
    lines.emplace_back(
        "no pidfd here: looking every 50 ms whether its users have ended, continuing");
  }
  if (control_is_abstract(folder)) {
    lines.emplace_back("no sockets in this folder: listening at an abstract one, continuing");
  }
  struct stat info {};
  if (::fstat(folder, &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    lines.emplace_back(
        "no modes in this file system: its mount says who may read here, continuing");
  }
  if (!told_of_removals) {
    lines.emplace_back("no dnotify here: looking at files and folders now and then, continuing");
  }
  if (!has_children_lists()) {
    lines.emplace_back("no lists of children in /proc here: asking every process, continuing");
  }
  const bool has_ports = !spec.ports.empty() || !spec.listens.empty();
  if (has_ports && !has_sock_diag()) {
    lines.emplace_back("no sock_diag here: reading /proc/net/tcp instead, continuing");
  }
  return lines;
}

}  // namespace gentle
