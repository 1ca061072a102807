// READY UNIX <path>: a connection to the socket is accepted, by the service itself. (Its file is
// there from bind(2) on, before listen(2): the file alone tells nothing.)
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/process.h"
#include "os/watch.h"
#include "probe/kinds.h"
#include "probe/pace.h"

namespace gentle {
namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    throw Error("wait for UNIX socket", path,
                "its path has " + std::to_string(path.size()) + " bytes, a socket path holds " +
                    std::to_string(sizeof address.sun_path - 1))
        .hint("give the service and READY UNIX a shorter path, such as one below /run or /tmp");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

class UnixProbe : public Probe {
 public:
  UnixProbe(std::string path, const ProbeContext& context)
      : path_(std::move(path)), address_(address_of(path_)), context_(context) {}

  bool check(TimePoint now) override {
    watch_.drain();
    const bool watched = watch_.add_folder(parent_folder(path_));
    // Datagram and sequenced-packet sockets are services too; a connect tells by EPROTOTYPE.
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM}) {
      const int error = try_connect(type);
      if (error == 0) return true;
      if (error != EPROTOTYPE) break;
    }
    // What is bound may listen at any moment, of which there is no event. But a stranger is not
    // troubled with more connections than it takes to see that it is still there.
    const bool is_bound = ::access(path_.c_str(), F_OK) == 0;
    next_ = (is_bound && stranger_ == 0) || !watched ? pace_.next(now) : now + kBackstop;
    return false;
  }

  int fd() const override { return watch_.fd(); }
  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  std::string condition() const override { return "UNIX socket " + path_; }
  std::string last_seen() const override { return seen_; }

 private:
  static constexpr auto kBackstop = std::chrono::milliseconds(50);

  // 0, or an errno.
  int try_connect(int type) {
    const UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* address = reinterpret_cast<const sockaddr*>(&address_);
    if (!fd || ::connect(fd.get(), address, sizeof address_) != 0) {
      const int error = errno;
      // It listens, and its queue is full.
      if (error == EAGAIN) return stranger_ == 0 ? 0 : error;
      seen_ = errno_text(error);
      stranger_ = 0;
      return error;
    }
    const int pid = listener_of(fd.get());
    if (pid == 0 || is_own(pid)) return 0;
    // No error: a service may put its own socket in the place of an old one.
    stranger_ = pid;
    seen_ = "pid " + std::to_string(pid) + " (" + command_line(pid) +
            ") listens there, not this service";
    return EADDRINUSE;
  }

  // Who called listen(2); 0 if that cannot be told, as for datagrams, or it is gone.
  static int listener_of(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer.pid > 0 && process_stat(peer.pid) ? peer.pid : 0;
  }

  bool is_own(int pid) const { return context_.is_service_process(pid); }

  std::string path_;
  sockaddr_un address_;
  ProbeContext context_;
  Watch watch_;
  Pace pace_ = quick_pace();
  TimePoint next_{};
  int stranger_ = 0;  // who else listens there
  std::string seen_;
};

}  // namespace

std::unique_ptr<Probe> make_unix_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<UnixProbe>(path_of_service(ready.args.at(0), context), context);
}

}  // namespace gentle
