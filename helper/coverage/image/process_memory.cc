#include "coverage/image/process_memory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::uint64_t kBlockSize = 64 * 1024;
constexpr std::size_t kMostBlocks = 256;

std::string hexadecimal(std::uint64_t address) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  return text;
}

// Below the limits of what pread(2) and process_vm_readv(2) take as an address or offset.
bool is_address(std::uint64_t address) {
  return address <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

std::size_t read_at(int fd, std::uint64_t offset, char* buffer, std::size_t size, bool& failed) {
  std::size_t done = 0;
  while (done < size && is_address(offset + done)) {
    const ssize_t got = ::pread(fd, buffer + done, size - done, static_cast<off_t>(offset + done));
    if (got > 0) {
      done += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      failed = got < 0;
      break;
    }
  }
  return done;
}

}  // namespace

void Memory::read(std::uint64_t address, void* buffer, std::size_t size) const {
  const std::size_t got = read_some(address, buffer, size);
  if (got == size) return;
  throw Error("read memory of", name(),
              "there is nothing at address " + hexadecimal(address + got));
}

std::string ProcessMemory::name() const { return "process " + std::to_string(pid_); }

std::size_t ProcessMemory::read_some(std::uint64_t address, void* buffer, std::size_t size) const {
  check_time();
  if (size == 0 || !is_address(address)) return 0;
  if (!has_file()) return read_by_call(address, static_cast<char*>(buffer), size);
  bool failed = false;
  const std::size_t done = read_at(file_.get(), address, static_cast<char*>(buffer), size, failed);
  // EIO says that there is nothing at the address, and so does the end of the file, which means
  // also that the process has given up its memory.
  if (failed && errno != EIO && errno != EFAULT) throw errno_error("read memory of", name(), errno);
  return done;
}

// Where /proc is mounted read-only, the file cannot be written.
bool ProcessMemory::has_file() const {
  if (!asked_) {
    const std::string path = "/proc/" + std::to_string(pid_) + "/mem";
    file_.reset(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    writable_ = static_cast<bool>(file_);
    if (!file_) file_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    asked_ = true;
  }
  return static_cast<bool>(file_);
}

std::size_t ProcessMemory::read_by_call(std::uint64_t address, char* buffer,
                                        std::size_t size) const {
  const iovec local{buffer, size};
  // The kernel's interface has a pointer for what is a number here.
  const iovec remote{reinterpret_cast<void*>(address), size};
  const ssize_t got = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
  if (got < 0 && errno != EFAULT) throw errno_error("read memory of", name(), errno);
  // It stops at the first page that it cannot read.
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void ProcessMemory::write(std::uint64_t address, std::string_view bytes) const {
  while (!bytes.empty()) {
    const std::size_t put = write_some(address, bytes.data(), bytes.size());
    if (put == 0) throw Error("write memory of", name(), "nothing was written");
    address += put;
    bytes.remove_prefix(put);
  }
}

void ProcessMemory::clear(std::uint64_t address, std::size_t size) const {
  const std::string zeros(std::min<std::size_t>(size, kBlockSize), '\0');
  while (size > 0) {
    const std::size_t part = std::min(size, zeros.size());
    write(address, std::string_view(zeros).substr(0, part));
    address += part;
    size -= part;
  }
}

std::size_t ProcessMemory::write_some(std::uint64_t address, const char* bytes,
                                      std::size_t size) const {
  check_time();
  if (has_file() && writable_) {
    const ssize_t written = ::pwrite(file_.get(), bytes, size, static_cast<off_t>(address));
    if (written >= 0) return static_cast<std::size_t>(written);
    // A kernel may have the file not write what is protected (proc_mem.force_override).
    throw errno_error("write memory of", name(), errno);
  }
  // The kernel's interface has pointers to what may be changed.
  const iovec local{const_cast<char*>(bytes), size};
  const iovec remote{reinterpret_cast<void*>(address), size};
  const ssize_t put = ::process_vm_writev(pid_, &local, 1, &remote, 1, 0);
  if (put < 0) throw errno_error("write memory of", name(), errno);
  return static_cast<std::size_t>(put);
}

FileMemory::FileMemory(std::string path) : path_(std::move(path)) {
  // A file that is mapped is never a FIFO; but the path may name something else by now.
  fd_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd_) throw errno_error("open", path_, errno);
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) throw errno_error("open", path_, errno);
  if (!S_ISREG(status.st_mode)) throw Error("open", path_, "it is no regular file");
}

FileMemory::FileMemory(UniqueFd fd, std::string name)
    : path_(std::move(name)), fd_(std::move(fd)) {}

std::size_t FileMemory::read_some(std::uint64_t address, void* buffer, std::size_t size) const {
  check_time();
  bool failed = false;
  const std::size_t done = read_at(fd_.get(), address, static_cast<char*>(buffer), size, failed);
  if (failed) throw errno_error("read", path_, errno);
  return done;
}

std::string FileMemory::version() const { return file_version(fd_.get()); }

std::size_t BlockMemory::read_some(std::uint64_t address, void* buffer, std::size_t size) const {
  auto* out = static_cast<char*>(buffer);
  std::size_t done = 0;
  while (done < size) {
    const std::uint64_t at = address + done;
    if (at < address) break;
    const std::uint64_t start = at - at % kBlockSize;
    const std::string& block = block_at(start);
    const std::uint64_t offset = at - start;
    if (offset >= block.size()) {
      // A block ends early where a page is missing; what comes behind the gap is read directly.
      return done + memory_.read_some(at, out + done, size - done);
    }
    const std::size_t part = std::min<std::size_t>(block.size() - offset, size - done);
    std::copy_n(block.data() + offset, part, out + done);
    done += part;
  }
  return done;
}

const std::string& BlockMemory::block_at(std::uint64_t start) const {
  const auto found = blocks_.find(start);
  if (found != blocks_.end()) return found->second;
  if (blocks_.size() >= kMostBlocks) blocks_.clear();
  std::string block(kBlockSize, '\0');
  block.resize(memory_.read_some(start, block.data(), block.size()));
  return blocks_.emplace(start, std::move(block)).first->second;
}

}  // namespace gentle
