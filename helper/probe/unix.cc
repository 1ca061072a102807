// READY UNIX <path or @name>: a connection to the socket is accepted, by the service itself. (Its
// file is there from bind(2) on, before listen(2): the file alone tells nothing.)
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/file.h"
#include "os/net_table.h"
#include "os/process.h"
#include "os/tcp_listener.h"
#include "os/watch.h"
#include "probe/elsewhere.h"
#include "probe/kinds.h"
#include "probe/pace.h"

namespace gentle {
namespace {

// connect(2) takes the length: the name of an abstract socket is all of it, whatever bytes it has.
struct UnixAddress {
  sockaddr_un socket{};
  socklen_t size = sizeof(sockaddr_un);
  std::string name;  // as the kernel's table has it: "@" for each NUL of an abstract one
};

bool is_abstract(const std::string& path) { return path.starts_with('@'); }

// Of a path, or of "@name"; of this two, since programs that give bind(2) the size of all of
// sockaddr_un have all the NULs behind the name in it.
std::vector<UnixAddress> addresses_of(const std::string& path) {
  UnixAddress address;
  address.name = path;
  address.socket.sun_family = AF_UNIX;
  const std::size_t most = sizeof address.socket.sun_path - (is_abstract(path) ? 0 : 1);
  if (path.size() > most) {
    throw Error("wait for UNIX socket", path,
                "its path has " + std::to_string(path.size()) + " bytes, a socket path holds " +
                    std::to_string(most))
        .hint(is_abstract(path) ? "give the service and READY UNIX a shorter name"
                                : "give the service and READY UNIX a shorter path, such as one "
                                  "below /run or /tmp");
  }
  std::memcpy(address.socket.sun_path, path.data(), path.size());
  if (!is_abstract(path)) return {address};
  address.socket.sun_path[0] = '\0';
  UnixAddress padded = address;
  padded.name.resize(sizeof address.socket.sun_path, '@');
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  return {address, padded};
}

class UnixProbe : public Probe {
 public:
  UnixProbe(std::string path, const ProbeContext& context)
      : path_(std::move(path)), addresses_(addresses_of(path_)), context_(context) {}

  bool check(TimePoint now) override {
    watch_.drain();
    // The kernel tells of files, and not of abstract names.
    const bool watched = !is_abstract(path_) && watch_.add_folder(parent_folder(path_));
    for (const UnixAddress& address : addresses_) {
      if (accepts(address)) return true;
      if (stranger_) break;
    }
    // What is bound may listen at any moment, of which there is no event. But a stranger is not
    // troubled with more connections than it takes to see that it is still there.
    const bool may_come = !watched || ::access(path_.c_str(), F_OK) == 0;
    next_ = may_come && !stranger_ ? pace_.next(now) : now + kBackstop;
    return false;
  }

  int fd() const override { return watch_.fd(); }
  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  std::string condition() const override { return "UNIX socket " + path_; }
  std::string last_seen() const override { return seen_; }
  void time_is_up() override {
    if (!stranger_) seen_ += unix_elsewhere(context_);
  }

 private:
  static constexpr auto kBackstop = std::chrono::milliseconds(50);

  // Datagram and sequenced-packet sockets are services too. Of a file a connect tells by
  // EPROTOTYPE; an abstract name may stand for one socket of each type.
  bool accepts(const UnixAddress& address) {
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM}) {
      const int error = try_connect(address, type);
      if (error == 0) return true;
      if (error != (is_abstract(path_) ? ECONNREFUSED : EPROTOTYPE)) break;
    }
    return false;
  }

  // 0, or an errno.
  int try_connect(const UnixAddress& address, int type) {
    const UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* generic = reinterpret_cast<const sockaddr*>(&address.socket);
    const bool connected = fd && ::connect(fd.get(), generic, address.size) == 0;
    const int error = connected ? 0 : errno;
    // It listens, and its queue is full: of a stranger, with our own connections.
    if (error == EAGAIN && stranger_) return error;
    if (!connected && error != EAGAIN) {
      seen_ = is_abstract(path_) && error == ECONNREFUSED ? "nobody listens" : errno_text(error);
      stranger_ = stranger_ && error == EPROTOTYPE;
      return error;
    }
    const int pid = connected ? listener_of(fd.get()) : 0;
    const std::string stranger =
        pid != 0 ? stranger_pid(pid) : stranger_who_holds(address.name, type);
    if (stranger.empty()) return 0;
    // No error: a service may put its own socket in the place of an old one.
    stranger_ = true;
    seen_ = stranger + " listens there, not this service";
    return EADDRINUSE;
  }

  // Who called listen(2); 0 if that cannot be told, as for datagrams, or it is gone.
  static int listener_of(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer.pid > 0 && process_stat(peer.pid) ? peer.pid : 0;
  }

  std::string stranger_pid(int pid) const {
    if (context_.is_service_process(pid)) return "";
    return "pid " + std::to_string(pid) + " (" + command_line(pid) + ")";
  }

  // The table of all sockets tells who it is that has the name. A path is there as it was bound,
  // which may be another one to the same file: what is not found is taken for the service's own.
  std::string stranger_who_holds(const std::string& name, int type) const {
    const std::string table = read_file_if_there("/proc/self/net/unix").value_or("");
    for (const UnixSocket& socket : parse_unix_table(table)) {
      if (!socket.serves() || socket.type != type || socket.name != name) continue;
      for (const int pid : context_.service_pids()) {
        if (holds_socket(pid, socket.inode) != Holds::kNo) return "";
      }
      const std::string holder = describe_holder(socket.inode);
      return holder.empty() ? "a process that cannot be seen from here" : holder;
    }
    return "";
  }

  std::string path_;
  std::vector<UnixAddress> addresses_;
  ProbeContext context_;
  Watch watch_;
  Pace pace_ = quick_pace();
  TimePoint next_{};
  bool stranger_ = false;  // somebody else listens there
  std::string seen_;
};

}  // namespace

std::unique_ptr<Probe> make_unix_probe(const ReadySpec& ready, const ProbeContext& context) {
  const std::string& path = ready.args.at(0);
  return std::make_unique<UnixProbe>(is_abstract(path) ? path : path_of_service(path, context),
                                     context);
}

}  // namespace gentle
