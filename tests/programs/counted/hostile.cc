// Fills what libgcov knows of it with all that would stop, bloat or misdirect whoever reads it from
// outside, and kills itself. `hostile <how> [<count>]`: <count> of them at once.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace {

// struct gcov_root and struct gcov_info of libgcov, of a 64-bit program.
struct Info {
  std::uint32_t version;
  Info* next;
  std::uint32_t stamp;
  std::uint32_t checksum;
  const char* filename;
  void* merge[__GNUC__ < 14 ? 8 : 9];
  std::uint32_t function_count;
  void* functions;
};
struct Root {
  Info* list;
  std::uint32_t flags;
};

// Within the program, as all has to be.
constexpr std::size_t kArena = std::size_t{1} << 30;
constexpr std::size_t kLongestPath = 4095;
alignas(4096) char arena[kArena];
char path[kLongestPath + 1];

}  // namespace

extern "C" Root __gcov_root;

namespace {

Info* info_at(std::size_t index) { return reinterpret_cast<Info*>(arena) + index; }

// Objects without functions, all with one path.
void make_objects(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Info* info = info_at(i);
    info->version = __gcov_root.list->version;
    info->next = i + 1 < count ? info + 1 : nullptr;
    info->filename = path;
    info->functions = arena;
  }
  __gcov_root.list = info_at(0);
}

void largest_names() {
  std::memset(path, 'n', kLongestPath);
  path[0] = '/';
  make_objects(200000);
}

void cyclic() {
  std::strcpy(path, "/c.gcda");
  make_objects(3);
  info_at(2)->next = info_at(0);
}

void unmapped() {
  std::strcpy(path, "/u.gcda");
  make_objects(1);
  ::munmap(arena, 4096);
}

// Says that it has written 40,000 objects, all into one file that is large.
void slow_check() {
  std::string folder = std::getenv("GCOV_PREFIX");
  folder.replace(folder.find("%p"), 2, std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::strcpy(path, "/s.gcda");
  const int fd = ::open((folder + path).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0 || ::ftruncate(fd, 16 << 20) != 0) ::_exit(2);
  const struct {
    std::uint32_t magic, version, stamp, checksum, tag, length, runs, max;
  } header = {0x67636461, __gcov_root.list->version, 0, 0, 0xa1000000, 8, 1, 0};
  if (::write(fd, &header, sizeof header) != sizeof header) ::_exit(2);
  make_objects(40000);
  __gcov_root.flags |= 1;
}

// Memory of which every first touch waits for us for ever.
void waiting_memory() {
  const auto fd = static_cast<int>(::syscall(SYS_userfaultfd, O_CLOEXEC));
  uffdio_api api{};
  api.api = UFFD_API;
  uffdio_register memory{};
  memory.range = {reinterpret_cast<std::uintptr_t>(arena), kArena};
  memory.mode = UFFDIO_REGISTER_MODE_MISSING;
  if (::ioctl(fd, UFFDIO_API, &api) != 0 || ::ioctl(fd, UFFDIO_REGISTER, &memory) != 0) {
    std::puts("no userfaultfd");
    std::fflush(stdout);
  }
  __gcov_root.list = info_at(0);
}

void endless_environment() {
  const auto begin = reinterpret_cast<unsigned long>(arena);
  if (::prctl(PR_SET_MM, PR_SET_MM_ENV_END, begin + kArena, 0, 0) != 0 ||
      ::prctl(PR_SET_MM, PR_SET_MM_ENV_START, begin, 0, 0) != 0) {
    std::puts("no PR_SET_MM");
    std::fflush(stdout);
  }
  std::strcpy(path, "/e.gcda");
  make_objects(1);
  __gcov_root.flags |= 1;
}

void unseen_files() {
  const int program = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  for (int i = 0; i < 30000; ++i) {
    // Every other page, so that the kernel does not join them.
    ::mmap(nullptr, 4096, i % 2 == 0 ? PROT_READ : PROT_READ | PROT_EXEC, MAP_PRIVATE, program, 0);
  }
}

// And loads a library behind them.
void many_files() {
  unseen_files();
  if (::dlopen("libresolv.so.2", RTLD_NOW) == nullptr) ::_exit(2);
}

const struct {
  const char* name;
  void (*prepare)();
} kWays[] = {{"largest-names", largest_names},
             {"cyclic", cyclic},
             {"unmapped", unmapped},
             {"slow-check", slow_check},
             {"waiting-memory", waiting_memory},
             {"endless-environment", endless_environment},
             {"many-files", many_files},
             {"unseen-files", unseen_files}};

void be_hostile(const std::string& how) {
  for (const auto& way : kWays) {
    if (how == way.name) way.prepare();
  }
  ::kill(::getpid(), SIGKILL);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 2 ? std::atoi(argv[2]) : 1;
  if (count == 1) be_hostile(argv[1]);
  for (int i = 0; i < count; ++i) {
    if (::fork() == 0) be_hostile(argv[1]);
  }
  while (::wait(nullptr) > 0) {
  }
  return 0;
}
