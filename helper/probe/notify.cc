// READY NOTIFY: the service says READY=1 by the sd_notify protocol. STATUS=, STOPPING=1 and
// EXTEND_TIMEOUT_USEC= are passed on, also once it is ready.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/process.h"
#include "probe/kinds.h"

namespace gentle {
namespace {

// In one go, so that a flood of them keeps the supervisor from nothing else. As a rule so many wait
// at most, net.unix.max_dgram_qlen.
constexpr int kMostDatagrams = 512;

// musl's macro compares signed with unsigned numbers.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"
cmsghdr* next_header(msghdr& message, cmsghdr* header) { return CMSG_NXTHDR(&message, header); }
#pragma GCC diagnostic pop

class NotifyProbe : public Probe {
 public:
  explicit NotifyProbe(const ProbeContext& context)
      : context_(context), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    // Bound by autobind to an abstract name of the kernel's choice (unix(7)): no path to be too
    // long, no file to be left behind.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const int on = 1;
    if (!fd_ ||
        ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family) != 0 ||
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) {
      throw errno_error("make socket", "NOTIFY_SOCKET", errno);
    }
    socklen_t size = sizeof address;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    const std::size_t length = size - offsetof(sockaddr_un, sun_path);
    // '@' stands for the leading NUL of an abstract name: sd_notify(3).
    name_ = "@" + std::string(address.sun_path + 1, length - 1);
  }

  bool check(TimePoint) override {
    for (int i = 0; i < kMostDatagrams; ++i) {
      std::string text;
      const Received received = receive(text);
      if (received == Received::kNothing) break;
      if (received == Received::kFromStranger) continue;
      const NotifyMessage message = parse_notify_message(text);
      ready_ = ready_ || message.ready;
      if (!is_late_) status_ = message.status.value_or(status_);
      if (!is_late_) stopping_ = stopping_ || message.stopping;
      context_.on_notification(message);
    }
    return ready_;
  }

  int fd() const override { return fd_.get(); }
  bool stays() const override { return true; }
  void time_is_up() override { is_late_ = true; }
  void add_environment(Environment& environment) const override {
    environment.set("NOTIFY_SOCKET", name_);
  }
  std::string condition() const override { return "READY=1 (sd_notify)"; }
  std::string last_seen() const override {
    if (!status_.empty()) return "status '" + status_ + "'";
    return stopping_ ? "it says that it is stopping (STOPPING=1)" : "no message";
  }

 private:
  enum class Received { kNothing, kFromStranger, kFromService };

  // The next datagram. Only those of the service's own processes count; others may find the
  // socket's name.
  Received receive(std::string& text) {
    char buffer[8192];
    iovec part{buffer, sizeof buffer};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred)) + 256];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t got = ::recvmsg(fd_.get(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0) return Received::kNothing;
    if (!is_from_service(message)) return Received::kFromStranger;
    text.assign(buffer, static_cast<std::size_t>(got));
    return Received::kFromService;
  }

  bool is_from_service(msghdr& message) const {
    ucred sender{};
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = next_header(message, c)) {
      if (c->cmsg_level != SOL_SOCKET) continue;
      if (c->cmsg_type == SCM_CREDENTIALS) {
        std::copy_n(CMSG_DATA(c), sizeof sender, reinterpret_cast<unsigned char*>(&sender));
      } else if (c->cmsg_type == SCM_RIGHTS) {
        close_sent_descriptors(c);
      }
    }
    if (context_.is_service_process(sender.pid)) return true;
    // `systemd-notify --ready` may be gone by the time its message is read; then nobody can tell
    // any more whose it was, but for the user.
    return sender.pid > 0 && !process_stat(sender.pid) &&
           (sender.uid == ::geteuid() || sender.uid == 0);
  }

  // FDSTORE=1 and BARRIER=1 send descriptors; closing is what the sender of a barrier waits for.
  static void close_sent_descriptors(cmsghdr* c) {
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::copy_n(CMSG_DATA(c) + i * sizeof fd, sizeof fd, reinterpret_cast<unsigned char*>(&fd));
      ::close(fd);
    }
  }

  ProbeContext context_;
  UniqueFd fd_;
  std::string name_;
  std::string status_;
  bool stopping_ = false;
  bool is_late_ = false;  // what it says of its stop does not tell why it was not ready
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<Probe> make_notify_probe(const ReadySpec&, const ProbeContext& context) {
  return std::make_unique<NotifyProbe>(context);
}

}  // namespace gentle
