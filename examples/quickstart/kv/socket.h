#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace kv {

// A descriptor that is closed with its owner.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  void reset();

 private:
  int fd_ = -1;
};

// A non-blocking listening TCP socket; port 0 lets the kernel choose. Throws std::runtime_error.
UniqueFd listen_tcp(const std::string& address, std::uint16_t port);

// The port that a socket is bound to.
std::uint16_t bound_port(int fd);

}  // namespace kv
