#if defined(__x86_64__)

#include "os/blocking_call.h"

#include <linux/io_uring.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "os/process.h"

namespace gentle {
namespace {

using std::chrono::nanoseconds;

// EINTR of each of these means that nothing was done, so it may be executed again. Not here: close,
// whose descriptor is gone by then; open, ioctl, fallocate and others, where that is up to a driver
// or file system; and what the kernel restarts, with what is left of its limit: poll, nanosleep,
// futex, and as a rule select.
constexpr BlockingCall kCalls[] = {
#if defined(SYS_epoll_wait)
    {SYS_epoll_wait, WaitLimit::kMilliseconds, 3, 0, Remainder::kNone},
#endif
    {SYS_epoll_pwait, WaitLimit::kMilliseconds, 3, 0, Remainder::kNone},
#if defined(SYS_epoll_pwait2)
    {SYS_epoll_pwait2, WaitLimit::kTimespec, 3, 0, Remainder::kNone},
#endif
#if defined(SYS_select)
    // These three only if the kernel cannot write to the program what is left of the limit.
    {SYS_select, WaitLimit::kTimeval, 4, 0, Remainder::kNone},
#endif
    {SYS_pselect6, WaitLimit::kTimespec, 4, 0, Remainder::kNone},
    {SYS_ppoll, WaitLimit::kTimespec, 2, 0, Remainder::kNone},
    {SYS_semop, WaitLimit::kNone, 0, 0, Remainder::kNone},
    {SYS_semtimedop, WaitLimit::kTimespec, 3, -EAGAIN, Remainder::kNone},
    {SYS_rt_sigtimedwait, WaitLimit::kTimespec, 2, -EAGAIN, Remainder::kNone},
    {SYS_io_getevents, WaitLimit::kTimespec, 4, 0, Remainder::kNone},
#if defined(SYS_io_pgetevents)
    {SYS_io_pgetevents, WaitLimit::kTimespec, 4, 0, Remainder::kNone},
#endif
#if defined(SYS_io_uring_enter) && defined(IORING_ENTER_EXT_ARG)
    {SYS_io_uring_enter, WaitLimit::kRing, 4, -ETIME, Remainder::kNone},
#endif
#if defined(SYS_accept)
    {SYS_accept, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kNone},
#endif
    {SYS_accept4, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kNone},
    {SYS_read, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kNone},
    {SYS_readv, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kNone},
    {SYS_recvfrom, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kBytes},
    {SYS_recvmsg, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kMessage},
    {SYS_recvmmsg, WaitLimit::kReceive, 0, -EAGAIN, Remainder::kNone},
    {SYS_connect, WaitLimit::kSend, 0, -EINPROGRESS, Remainder::kNone},
    {SYS_write, WaitLimit::kSend, 0, -EAGAIN, Remainder::kBytes},
    {SYS_writev, WaitLimit::kSend, 0, -EAGAIN, Remainder::kVector},
    {SYS_sendto, WaitLimit::kSend, 0, -EAGAIN, Remainder::kBytes},
    {SYS_sendmsg, WaitLimit::kSend, 0, -EAGAIN, Remainder::kMessage},
    {SYS_sendmmsg, WaitLimit::kSend, 0, -EAGAIN, Remainder::kNone},
};

constexpr std::size_t kMostParts = 64;   // of an iovec that is continued
constexpr std::uint64_t kRedZone = 128;  // below the stack pointer, of the program (x86-64 ABI)

template <class T>
bool read_from(int task, std::uint64_t address, T* values, std::size_t count) {
  const iovec local{values, count * sizeof(T)};
  const iovec remote{reinterpret_cast<void*>(address), local.iov_len};
  return ::process_vm_readv(task, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(local.iov_len);
}

// Where it was written to; 0: nowhere.
std::uint64_t write_below(int task, std::uint64_t stack, const void* bytes, std::size_t size) {
  const std::uint64_t address = (stack - size) & ~std::uint64_t{15};
  const iovec local{const_cast<void*>(bytes), size};
  const iovec remote{reinterpret_cast<void*>(address), size};
  const ssize_t written = ::process_vm_writev(task, &local, 1, &remote, 1, 0);
  return written == static_cast<ssize_t>(size) ? address : 0;
}

nanoseconds duration(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}
nanoseconds duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

constexpr nanoseconds kForever = nanoseconds::max();

template <class T>
std::optional<nanoseconds> limit_at(int task, std::uint64_t address) {
  if (address == 0) return kForever;
  T time;
  if (!read_from(task, address, &time, 1)) return std::nullopt;
  // Years are for ever, and would not fit.
  return time.tv_sec > 1'000'000'000 ? kForever : duration(time);
}

// A copy of the descriptor of another process, which needs Linux 5.6.
UniqueFd copy_of([[maybe_unused]] int task, [[maybe_unused]] std::uint64_t fd) {
#if defined(SYS_pidfd_getfd) && defined(SYS_pidfd_open)
  const int pid = process_of_thread(task).value_or(task);
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  return UniqueFd(
      static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), static_cast<int>(fd), 0)));
#else
  return {};
#endif
}

// What is no socket has none.
std::optional<nanoseconds> limit_of_socket(int task, std::uint64_t fd, int option) {
  const UniqueFd own = copy_of(task, fd);
  if (own.get() < 0) return std::nullopt;
  timeval time{};
  socklen_t size = sizeof time;
  if (::getsockopt(own.get(), SOL_SOCKET, option, &time, &size) != 0) return kForever;
  return time.tv_sec == 0 && time.tv_usec == 0 ? kForever : duration(time);
}

#if defined(SYS_io_uring_enter) && defined(IORING_ENTER_EXT_ARG)
std::optional<io_uring_getevents_arg> ring_argument(const CallRegisters& registers, int task) {
  io_uring_getevents_arg more{};
  if (!read_from(task, registers.argument(4), &more, 1)) return std::nullopt;
  return more;
}

std::optional<nanoseconds> limit_of_ring(const CallRegisters& registers, int task) {
  constexpr std::uint64_t kKnown = IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP |
                                   IORING_ENTER_SQ_WAIT | IORING_ENTER_EXT_ARG |
                                   16;  // IORING_ENTER_REGISTERED_RING, Linux 5.18
  const std::uint64_t flags = registers.argument(3);
  if ((flags & ~kKnown) != 0) return std::nullopt;
  if ((flags & IORING_ENTER_EXT_ARG) == 0) return kForever;
  const auto more = ring_argument(registers, task);
  return more ? limit_at<timespec>(task, more->ts) : std::nullopt;
}
#endif

// Only these block until all is written.
bool is_pipe_or_socket(int task, std::uint64_t fd) {
  struct stat info {};
  const std::string path = "/proc/" + std::to_string(task) + "/fd/" + std::to_string(fd);
  return ::stat(path.c_str(), &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

bool receives(long number) { return number == SYS_recvfrom || number == SYS_recvmsg; }

// The whole of what a call has to do.
struct Parts {
  msghdr message{};
  std::vector<iovec> all;
};

std::optional<Parts> parts_of(const BlockingCall& call, const CallRegisters& registers, int task) {
  Parts parts;
  std::uint64_t array = registers.argument(1);
  std::uint64_t count = registers.argument(2);
  if (call.remainder == Remainder::kBytes) {
    parts.all = {{reinterpret_cast<void*>(array), count}};
    return parts;
  }
  if (call.remainder == Remainder::kMessage) {
    if (!read_from(task, array, &parts.message, 1)) return std::nullopt;
    array = reinterpret_cast<std::uint64_t>(parts.message.msg_iov);
    count = parts.message.msg_iovlen;
  }
  if (count > kMostParts) return std::nullopt;
  parts.all.resize(count);
  if (!read_from(task, array, parts.all.data(), count)) return std::nullopt;
  return parts;
}

void drop(std::vector<iovec>& parts, std::uint64_t done) {
  auto first = parts.begin();
  for (; first != parts.end() && first->iov_len <= done; ++first) done -= first->iov_len;
  parts.erase(parts.begin(), first);
  if (parts.empty()) return;
  parts[0].iov_base = static_cast<char*>(parts[0].iov_base) + done;
  parts[0].iov_len -= done;
}

}  // namespace

const BlockingCall* find_blocking_call(long number) {
  const auto* found = std::find_if(std::begin(kCalls), std::end(kCalls),
                                   [&](const auto& call) { return call.number == number; });
  return found == std::end(kCalls) ? nullptr : found;
}

bool was_interrupted(const BlockingCall& call, std::int64_t result) {
#if defined(SYS_io_pgetevents)
  // The kernel restarts it, each time with the whole limit.
  if (call.number == SYS_io_pgetevents && result == -kRestartUnlessHandled) return true;
#endif
  return result == -EINTR;
}

bool was_cut_short(const BlockingCall& call, const CallRegisters& registers, int task) {
  if (call.remainder == Remainder::kNone || registers.result() <= 0) return false;
  const std::uint64_t flags = registers.argument(call.number == SYS_recvfrom ? 3 : 2);
  if (receives(call.number) && (flags & (MSG_WAITALL | MSG_PEEK)) != MSG_WAITALL) return false;
  const auto parts = parts_of(call, registers, task);
  if (!parts) return false;
  std::uint64_t size = 0;
  for (const iovec& part : parts->all) size += part.iov_len;
  return static_cast<std::uint64_t>(registers.result()) < size &&
         is_pipe_or_socket(task, registers.argument(0));
}

std::optional<nanoseconds> wait_limit(const BlockingCall& call, const CallRegisters& registers,
                                      int task) {
  const std::uint64_t argument = registers.argument(call.limit_argument);
  switch (call.limit) {
    case WaitLimit::kNone:
      return kForever;
    case WaitLimit::kMilliseconds:
      return static_cast<int>(argument) < 0 ? kForever
                                            : std::chrono::milliseconds(static_cast<int>(argument));
    case WaitLimit::kTimespec:
      return limit_at<timespec>(task, argument);
    case WaitLimit::kTimeval:
      return limit_at<timeval>(task, argument);
    case WaitLimit::kReceive:
      return limit_of_socket(task, argument, SO_RCVTIMEO);
    case WaitLimit::kSend:
      return limit_of_socket(task, argument, SO_SNDTIMEO);
    case WaitLimit::kRing:
#if defined(SYS_io_uring_enter) && defined(IORING_ENTER_EXT_ARG)
      return limit_of_ring(registers, task);
#else
      return std::nullopt;
#endif
  }
  return std::nullopt;
}

std::int64_t result_at_limit(const BlockingCall& call, const CallRegisters& registers, int task) {
  if (call.number != SYS_connect) return call.result_at_limit;
  const UniqueFd own = copy_of(task, registers.argument(0));
  int domain = AF_UNSPEC;
  socklen_t size = sizeof domain;
  ::getsockopt(own.get(), SOL_SOCKET, SO_DOMAIN, &domain, &size);
  return domain == AF_UNIX ? -EAGAIN : call.result_at_limit;
}

std::int64_t result_of_first(const BlockingCall& call, std::int64_t result) {
  return call.number == SYS_connect && result == -EALREADY ? -EINPROGRESS : result;
}

bool set_wait_limit(const BlockingCall& call, CallRegisters& registers, int task,
                    nanoseconds left) {
  left = std::max(left, nanoseconds(0));
  const std::uint64_t stack = registers.stack_pointer() - kRedZone;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec time{seconds.count(), (left - seconds).count()};
  const timeval rough{seconds.count(), (left - seconds).count() / 1000};
  std::uint64_t value = 0;
  switch (call.limit) {
    case WaitLimit::kMilliseconds:
      value =
          static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
      registers.set_argument(call.limit_argument, value);
      return true;
    case WaitLimit::kTimespec:
      value = write_below(task, stack, &time, sizeof time);
      break;
    case WaitLimit::kTimeval:
      value = write_below(task, stack, &rough, sizeof rough);
      break;
    case WaitLimit::kRing: {
#if defined(SYS_io_uring_enter) && defined(IORING_ENTER_EXT_ARG)
      auto more = ring_argument(registers, task);
      if (!more) return false;
      more->ts = write_below(task, stack, &time, sizeof time);
      if (more->ts != 0) value = write_below(task, more->ts, &*more, sizeof *more);
#endif
      break;
    }
    case WaitLimit::kNone:
    case WaitLimit::kReceive:
    case WaitLimit::kSend:
      return false;
  }
  if (value != 0) registers.set_argument(call.limit_argument, value);
  return value != 0;
}

bool set_remainder(const BlockingCall& call, CallRegisters& registers, int task,
                   std::uint64_t done) {
  auto parts = parts_of(call, registers, task);
  if (!parts) return false;
  drop(parts->all, done);
  if (parts->all.empty()) return false;
  if (call.remainder == Remainder::kBytes) {
    registers.set_argument(1, reinterpret_cast<std::uint64_t>(parts->all[0].iov_base));
    registers.set_argument(2, parts->all[0].iov_len);
    return true;
  }
  std::uint64_t place = write_below(task, registers.stack_pointer() - kRedZone, parts->all.data(),
                                    parts->all.size() * sizeof(iovec));
  if (place == 0) return false;
  if (call.remainder == Remainder::kMessage) {
    parts->message.msg_iov = reinterpret_cast<iovec*>(place);
    // An int with musl.
    parts->message.msg_iovlen = static_cast<decltype(msghdr::msg_iovlen)>(parts->all.size());
    parts->message.msg_control = nullptr;  // has been passed with the first part
    parts->message.msg_controllen = 0;
    place = write_below(task, place, &parts->message, sizeof parts->message);
    if (place == 0) return false;
    registers.set_argument(1, place);
    return true;
  }
  registers.set_argument(1, place);
  registers.set_argument(2, parts->all.size());
  return true;
}

}  // namespace gentle

#endif
