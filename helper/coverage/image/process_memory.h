// Bytes at addresses: the memory of a process, the contents of a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "coverage/image/rescue_budget.h"

namespace gentle {

class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;

  // Reads as many bytes from `address` on as there are, at most `size`; 0 if there are none.
  // Never reads beyond 2^64. Throws Error if it may not read at all.
  virtual std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const = 0;

  // For messages: "process 12", a path.
  virtual std::string name() const = 0;

  // All or Error.
  void read(std::uint64_t address, void* buffer, std::size_t size) const;

  // Every read from now on, and what is kept of it, is within this budget, which has to live as
  // long: OverBudget. Without one there is no bound.
  void bound_by(RescueBudget* budget) { budget_ = budget; }
  RescueBudget* budget() const { return budget_; }
  void keep(std::size_t bytes) const {
    if (budget_ != nullptr) budget_->keep(bytes);
  }
  void give_back(std::size_t bytes) const {
    if (budget_ != nullptr) budget_->give_back(bytes);
  }
  void check_time() const {
    if (budget_ != nullptr) budget_->check_time();
  }

  template <typename Value>
  Value get(std::uint64_t address) const {
    Value value{};
    read(address, &value, sizeof value);
    return value;
  }

 private:
  RescueBudget* budget_ = nullptr;
};

// The memory of a running process, which stays as it is while it is read only if the process is
// stopped. By /proc/PID/mem: at a page that the process has given to a userfaultfd(2) it fails at
// once, where process_vm_readv(2) waits for the process for ever. It reads pages without PROT_READ,
// too. The call is for where the file may not be opened.
class ProcessMemory : public Memory {
 public:
  explicit ProcessMemory(int pid, RescueBudget* budget = nullptr) : pid_(pid) { bound_by(budget); }
  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override;
  std::string name() const override;

  // Throw Error if they cannot write, and may have written a part then.
  void write(std::uint64_t address, std::string_view bytes) const;
  void clear(std::uint64_t address, std::size_t size) const;  // writes zeros

 private:
  bool has_file() const;
  std::size_t read_by_call(std::uint64_t address, char* buffer, std::size_t size) const;
  std::size_t write_some(std::uint64_t address, const char* bytes, std::size_t size) const;

  int pid_;
  mutable UniqueFd file_;  // /proc/PID/mem, opened when it is needed
  mutable bool writable_ = false;
  mutable bool asked_ = false;
};

// The contents of a file, from address 0 on. Read, not mapped: a file that is cut off meanwhile is
// an Error and not a SIGBUS.
class FileMemory : public Memory {
 public:
  explicit FileMemory(std::string path);  // throws Error if it cannot be opened or is no file
  FileMemory(UniqueFd fd, std::string name);
  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override;
  std::string name() const override { return path_; }

  // Another text for another file, or for the same one written anew.
  std::string version() const;

 private:
  std::string path_;
  UniqueFd fd_;
};

// Reads another memory in large blocks and keeps them, so that a thousand small reads beside each
// other are a few calls of the kernel. What it has read once does not change any more.
class BlockMemory : public Memory {
 public:
  explicit BlockMemory(const Memory& memory) : memory_(memory) { bound_by(memory.budget()); }
  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override;
  std::string name() const override { return memory_.name(); }

 private:
  const std::string& block_at(std::uint64_t start) const;

  const Memory& memory_;
  mutable std::map<std::uint64_t, std::string> blocks_;
};

}  // namespace gentle
