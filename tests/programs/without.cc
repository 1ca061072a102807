// No service but a wrapper: runs a program, and all that it starts, where the named system calls
// fail, as on an older kernel or in a sandbox:
//
//   without pidfd_open,inotify_init1 -- <command>...        they fail with ENOSYS
//   without inotify_init1=EMFILE -- <command>...            or with another error
//
// `netlink` is socket(2) for AF_NETLINK alone, `f_notify` fcntl(2) for F_NOTIFY, `bind_path`
// bind(2) to the path of a file, by the size of the address.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "service.h"

namespace {

struct Call {
  const char* name;
  unsigned number;
  int argument = -1;   // the one that counts, from 0; -1: every call
  unsigned value = 0;  // of that argument
};

constexpr Call kCalls[] = {
    {"bind_path", SYS_bind, 2, sizeof(sockaddr_un)},
    {"close_range", SYS_close_range},
    {"faccessat2", SYS_faccessat2},
    {"flock", SYS_flock},
    {"f_notify", SYS_fcntl, 1, F_NOTIFY},
    {"inotify_add_watch", SYS_inotify_add_watch},
    {"inotify_init1", SYS_inotify_init1},
    {"kcmp", SYS_kcmp},
    {"memfd_create", SYS_memfd_create},
    {"netlink", SYS_socket, 0, AF_NETLINK},
    {"pidfd_open", SYS_pidfd_open},
    {"process_vm_readv", SYS_process_vm_readv},
    {"process_vm_writev", SYS_process_vm_writev},
    {"ptrace", SYS_ptrace},
    {"renameat2", SYS_renameat2},
    {"signalfd4", SYS_signalfd4},
};

struct Error {
  const char* name;
  unsigned number;
};

constexpr Error kErrors[] = {{"ENOSYS", ENOSYS},   {"EPERM", EPERM},   {"EACCES", EACCES},
                             {"EMFILE", EMFILE},   {"ENOSPC", ENOSPC}, {"EINVAL", EINVAL},
                             {"ENOTSUP", ENOTSUP}, {"ENOLCK", ENOLCK}, {"EIO", EIO}};

template <typename Named, std::size_t count>
const Named& find(const Named (&all)[count], std::string_view name) {
  for (const Named& named : all) {
    if (name == named.name) return named;
  }
  std::fprintf(stderr, "without: '%s' is unknown\n", std::string(name).c_str());
  std::exit(100);
}

using Filter = std::vector<sock_filter>;

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
}

// Skips what follows, `length` instructions, unless the loaded word is `value`.
sock_filter unless_equal(unsigned value, unsigned char length) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, length);
}

sock_filter end_with(unsigned verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }

void refuse(Filter& filter, const Call& call, const Error& error) {
  const sock_filter verdict = end_with(SECCOMP_RET_ERRNO | error.number);
  filter.push_back(load(offsetof(seccomp_data, nr)));
  if (call.argument < 0) {
    filter.insert(filter.end(), {unless_equal(call.number, 1), verdict});
    return;
  }
  // The lower half of the argument, on a machine of either byte order.
  const std::size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
  const std::size_t argument = 8 * static_cast<std::size_t>(call.argument) + low;
  filter.insert(filter.end(),
                {unless_equal(call.number, 3), load(offsetof(seccomp_data, args) + argument),
                 unless_equal(call.value, 1), verdict});
}

Filter parse(std::string_view words) {
  Filter filter;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(','));
    const std::size_t equals = word.find('=');
    refuse(filter, find(kCalls, word.substr(0, equals)),
           find(kErrors, equals == word.npos ? "ENOSYS" : word.substr(equals + 1)));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  filter.push_back(end_with(SECCOMP_RET_ALLOW));
  return filter;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || !is(argv[2], "--")) {
    std::fprintf(stderr, "usage: without <call>[=<error>],... -- <command>...\n");
    return 100;
  }
  Filter filter = parse(argv[1]);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) fail("seccomp");
  ::execvp(argv[3], argv + 3);
  fail(argv[3]);
}
