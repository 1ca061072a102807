// Files at a path where another process may have put anything.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace gentle {

constexpr std::size_t kLargestDataFile = 256UL << 20;

// What the file holds. Never blocks: a FIFO, a terminal or a device is not read, but is an Error,
// and so is what has more than `limit` bytes.
std::string read_data_file(const std::string& path, std::size_t limit = kLargestDataFile);

// Memory for one file after the other: new memory costs as much as the reading.
class FileBuffer {
 public:
  // Where so many bytes have room; what was there before is lost. Memory of a much larger file goes
  // back.
  char* room(std::size_t size);

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };

  void give_back_behind(std::size_t size);

  std::size_t size_ = 0;
  std::size_t used_ = 0;  // by files before: the kernel has given memory for no more
  std::unique_ptr<char, Free> bytes_;
};

// The same, as a view into `buffer`.
std::string_view read_data_file(const std::string& path, std::size_t limit, FileBuffer& buffer);

}  // namespace gentle
