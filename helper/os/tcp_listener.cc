#include "os/tcp_listener.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/number.h"
#include "base/unique_fd.h"
#include "os/file.h"
#include "os/net_table.h"
#include "os/process.h"

namespace gentle {
namespace {

struct Family {
  int family;
  const char* host;
  const char* proc_file;
};

constexpr std::array<Family, 2> kFamilies = {
    {{AF_INET, "127.0.0.1", "/proc/self/net/tcp"}, {AF_INET6, "::1", "/proc/self/net/tcp6"}}};

struct DiagRequest {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

DiagRequest diag_request(const Family& family, int port, unsigned flags, unsigned states) {
  DiagRequest message{};
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  message.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  message.request.sdiag_family = static_cast<std::uint8_t>(family.family);
  message.request.sdiag_protocol = IPPROTO_TCP;
  message.request.idiag_states = states;
  message.request.id.idiag_sport = htons(static_cast<std::uint16_t>(port));
  return message;
}

enum class Diag { kUnavailable, kNone, kFound };

// Asks the kernel for the one listener that a connection to the loopback address would reach
// (sock_diag(7), without NLM_F_DUMP): about 5 microseconds, however many sockets there are.
Diag ask_sock_diag(int diag, const Family& family, int port, TcpListener& listener) {
  DiagRequest message = diag_request(family, port, 0, 1U << TCP_LISTEN);
  ::inet_pton(family.family, family.host, message.request.id.idiag_src);
  message.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  message.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (::send(diag, &message, sizeof message, 0) < 0) return Diag::kUnavailable;
  alignas(nlmsghdr) char reply[1024];
  const ssize_t got = ::recv(diag, reply, sizeof reply, 0);
  nlmsghdr header{};
  if (got < static_cast<ssize_t>(sizeof header)) return Diag::kUnavailable;
  std::memcpy(&header, reply, sizeof header);
  if (header.nlmsg_type == NLMSG_ERROR) {
    int error = 0;
    std::memcpy(&error, reply + NLMSG_HDRLEN, sizeof error);
    return error == -ENOENT ? Diag::kNone : Diag::kUnavailable;
  }
  inet_diag_msg found{};
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
      got < static_cast<ssize_t>(NLMSG_HDRLEN + sizeof found)) {
    return Diag::kUnavailable;
  }
  std::memcpy(&found, reply + NLMSG_HDRLEN, sizeof found);
  if (found.idiag_state != TCP_LISTEN) return Diag::kNone;
  listener = {family.host, found.idiag_inode, found.idiag_uid};
  return Diag::kFound;
}

// Calls take(inet_diag_msg) for the sockets of these states; port 0: of every port. False: the
// kernel does not answer.
template <typename Take>
bool dump_sock_diag(const Family& family, int port, unsigned states, Take take) {
  const UniqueFd diag(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  const DiagRequest message = diag_request(family, port, NLM_F_DUMP, states);
  if (!diag || ::send(diag.get(), &message, sizeof message, 0) < 0) return false;
  alignas(nlmsghdr) char reply[32768];
  for (;;) {
    auto left = static_cast<int>(::recv(diag.get(), reply, sizeof reply, 0));
    if (left <= 0) return false;
    auto* header = reinterpret_cast<nlmsghdr*>(reply);
    for (; NLMSG_OK(header, static_cast<unsigned>(left)); header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return true;
      if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY) return false;
      inet_diag_msg found{};
      std::memcpy(&found, reinterpret_cast<const char*>(header) + NLMSG_HDRLEN, sizeof found);
      take(found);
    }
  }
}

// Every socket bound to the port, in whatever state: a dump, which looks at all there are. State
// 13, bound and nothing else, is told since Linux 6.8; before, nothing tells of it.
std::optional<TcpListener> bound_to(const Family& family, int port) {
  std::optional<TcpListener> holder;
  dump_sock_diag(family, port, ~0U, [&](const inet_diag_msg& found) {
    // Of sockets in state 13 the kernel tells those of other ports too. Inode 0: a connection that
    // lingers (TIME_WAIT), which is nobody's.
    const bool is_its = ntohs(found.id.idiag_sport) == port;
    if (is_its && found.idiag_inode != 0) {
      holder = {family.host, found.idiag_inode, found.idiag_uid};
    }
  });
  return holder;
}

// Whether a connection to the family's loopback address reaches a listener at this address.
bool reaches(const Family& family, const std::string& host) {
  return host == family.host || host == (family.family == AF_INET ? "0.0.0.0" : "::");
}

// Without sock_diag (a sandbox, a kernel without it): the table of all sockets, proc_net_tcp.
bool read_proc_table(const Family& family, int port, TcpListener& listener) {
  for (const InetSocket& socket :
       parse_inet_table(read_file_if_there(family.proc_file).value_or(""))) {
    if (socket.state != TCP_LISTEN || socket.port != port || !reaches(family, socket.host)) {
      continue;
    }
    listener = {family.host, socket.inode, socket.user};
    return true;
  }
  return false;
}

// Whether one of the descriptors in the folder is the socket; nothing if it shows none.
std::optional<Holds> look_in(const std::string& folder, const std::string& wanted) {
  DIR* stream = ::opendir(folder.c_str());
  if (stream == nullptr && (errno == EACCES || errno == EPERM)) return Holds::kUnknown;
  std::optional<Holds> holds;
  while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
    char target[64];
    const ssize_t length = ::readlinkat(::dirfd(stream), entry->d_name, target, sizeof target);
    // Root without CAP_SYS_PTRACE, as in most containers, may list what it may not look at.
    if (length < 0 && (errno == EACCES || errno == EPERM)) holds = Holds::kUnknown;
    if (length <= 0) continue;  // . and .., or closed meanwhile
    holds = std::string_view(target, static_cast<std::size_t>(length)) == wanted ? Holds::kYes
                                                                                 : Holds::kNo;
    if (holds == Holds::kYes) break;
  }
  if (stream != nullptr) ::closedir(stream);
  return holds;
}

// A [::] listener is reached by IPv4 too, but only /proc/net/tcp6 shows it: it may be IPv6 only,
// which the table does not tell. So it is found as ::1, which is right in both cases.

UniqueFd open_sock_diag() {
  return UniqueFd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

// A kernel without inet_diag answers as it does for a port that nobody listens on. So it is asked
// for a listener of our own.
bool try_sock_diag() {
  const UniqueFd diag = open_sock_diag();
  const UniqueFd own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!own || ::bind(own.get(), generic, size) != 0 || ::listen(own.get(), 1) != 0 ||
      ::getsockname(own.get(), generic, &size) != 0) {
    return true;  // nothing can be learned this way
  }
  TcpListener found;
  return ask_sock_diag(diag.get(), kFamilies[0], ntohs(address.sin_port), found) == Diag::kFound;
}

}  // namespace

bool has_sock_diag() {
  static const bool has = try_sock_diag();
  return has;
}

std::optional<TcpListener> find_tcp_listener(int port, std::string_view only_host) {
  const bool has_diag = has_sock_diag();
  const UniqueFd diag = has_diag ? open_sock_diag() : UniqueFd();
  const auto look = [&](const Family& family) -> std::optional<TcpListener> {
    if (!only_host.empty() && only_host != family.host) return std::nullopt;
    TcpListener listener;
    switch (has_diag ? ask_sock_diag(diag.get(), family, port, listener) : Diag::kUnavailable) {
      case Diag::kFound:
        return listener;
      case Diag::kNone:
        return std::nullopt;
      case Diag::kUnavailable:
        if (read_proc_table(family, port, listener)) return listener;
    }
    return std::nullopt;
  };
  const auto& [ipv4, ipv6] = kFamilies;
  if (const auto listener = look(ipv4)) return listener;
  const auto listener = look(ipv6);
  // One for both may have begun to listen between the two looks.
  const auto again = listener ? look(ipv4) : std::nullopt;
  return again ? again : listener;
}

std::vector<std::pair<int, TcpListener>> all_tcp_listeners() {
  std::vector<std::pair<int, TcpListener>> all;
  for (const Family& family : kFamilies) {
    const bool told =
        has_sock_diag() &&
        dump_sock_diag(family, 0, 1U << TCP_LISTEN, [&](const inet_diag_msg& found) {
          char host[INET6_ADDRSTRLEN] = "";
          ::inet_ntop(family.family, found.id.idiag_src, host, sizeof host);
          if (!reaches(family, host)) return;
          all.emplace_back(ntohs(found.id.idiag_sport),
                           TcpListener{family.host, found.idiag_inode, found.idiag_uid});
        });
    if (told) continue;
    for (const InetSocket& socket :
         parse_inet_table(read_file_if_there(family.proc_file).value_or(""))) {
      if (socket.state != TCP_LISTEN || !reaches(family, socket.host)) continue;
      all.emplace_back(socket.port, TcpListener{family.host, socket.inode, socket.user});
    }
  }
  return all;
}

std::optional<TcpListener> find_tcp_socket(int port) {
  for (const Family& family : kFamilies) {
    if (const auto holder = bound_to(family, port)) return holder;
  }
  return std::nullopt;
}

Holds holds_socket(int pid, std::uint64_t inode) {
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  const std::string process = "/proc/" + std::to_string(pid);
  if (const auto holds = look_in(process + "/fd", wanted)) return *holds;
  // A process whose first thread has ended shows its descriptors only with the others.
  for (const std::string& thread : entries_of(process + "/task")) {
    if (const auto holds = look_in(process + "/task/" + thread + "/fd", wanted)) return *holds;
  }
  return !process_stat(pid) && runs(pid) ? Holds::kUnknown : Holds::kNo;
}

std::vector<std::uint64_t> sockets_of(int pid) {
  std::vector<std::uint64_t> inodes;
  const auto look = [&](const std::string& folder) {
    DIR* stream = ::opendir(folder.c_str());
    while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
      char target[64];
      const ssize_t length = ::readlinkat(::dirfd(stream), entry->d_name, target, sizeof target);
      const std::string_view link(target, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
      if (!link.starts_with("socket:[") || !link.ends_with("]")) continue;
      const std::string_view number = link.substr(8, link.size() - 9);
      if (const auto inode = parse_integer<std::uint64_t>(number, 1, UINT64_MAX)) {
        inodes.push_back(*inode);
      }
    }
    if (stream != nullptr) ::closedir(stream);
  };
  const std::string process = "/proc/" + std::to_string(pid);
  look(process + "/fd");
  if (!inodes.empty()) return inodes;
  // As in holds_socket(): the first thread may have ended.
  for (const std::string& thread : entries_of(process + "/task")) {
    look(process + "/task/" + thread + "/fd");
    if (!inodes.empty()) break;
  }
  return inodes;
}

Holds any_holds(const std::vector<int>& pids, const TcpListener& listener) {
  Holds any = Holds::kNo;
  for (const int pid : pids) {
    switch (holds_socket(pid, listener.inode)) {
      case Holds::kYes:
        return Holds::kYes;
      case Holds::kNo:
        break;
      case Holds::kUnknown:
        // Nor can the user be told of one that /proc does not show at all (hidepid).
        if (user_of(pid).value_or(listener.user) == listener.user) any = Holds::kUnknown;
        break;
    }
  }
  return any;
}

std::string describe_holder(std::uint64_t inode) {
  DIR* stream = ::opendir("/proc");
  std::string found;
  while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
    const auto pid = parse_integer<int>(entry->d_name, 1, 1 << 30);
    if (!pid || holds_socket(*pid, inode) != Holds::kYes) continue;
    found = "pid " + std::to_string(*pid) + " (" + command_line(*pid) + ")";
    break;
  }
  if (stream != nullptr) ::closedir(stream);
  return found;
}

std::string describe_holder(const TcpListener& listener) {
  const std::string found = describe_holder(listener.inode);
  const std::string of = " of " + describe_user(listener.user);
  if (found.empty()) return "a process" + of + " that cannot be seen from here";
  return listener.user == ::geteuid() ? found : found + of;
}

}  // namespace gentle
