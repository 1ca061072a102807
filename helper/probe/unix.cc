// READY UNIX <path>: a connection to the socket is accepted. (Its file is there from bind(2) on,
// before listen(2): the file alone tells nothing.)
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"
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
  explicit UnixProbe(std::string path) : path_(std::move(path)), address_(address_of(path_)) {}

  bool check(TimePoint now) override {
    watch_.drain();
    const bool watched = watch_.add_folder(parent_folder(path_));
    // Datagram and sequenced-packet sockets are services too; a connect tells by EPROTOTYPE.
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM}) {
      error_ = try_connect(type);
      if (error_ == 0) return true;
      if (error_ != EPROTOTYPE) break;
    }
    const bool bound = ::access(path_.c_str(), F_OK) == 0;
    next_ = bound || !watched ? pace_.next(now) : now + kBackstop;
    return false;
  }

  int fd() const override { return watch_.fd(); }
  TimePoint next_check() const override { return next_; }
  std::string condition() const override { return "UNIX socket " + path_; }
  std::string last_seen() const override { return errno_text(error_); }

 private:
  static constexpr auto kBackstop = std::chrono::milliseconds(50);

  int try_connect(int type) const {
    const UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return errno;
    const auto* address = reinterpret_cast<const sockaddr*>(&address_);
    // EAGAIN: it listens, and its queue is full.
    if (::connect(fd.get(), address, sizeof address_) == 0 || errno == EAGAIN) return 0;
    return errno;
  }

  std::string path_;
  sockaddr_un address_;
  Watch watch_;
  Pace pace_ = quick_pace();
  TimePoint next_{};
  int error_ = ENOENT;
};

}  // namespace

std::unique_ptr<Probe> make_unix_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<UnixProbe>(path_of_service(ready.args.at(0), context));
}

}  // namespace gentle
