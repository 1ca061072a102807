// Files at a path where another process may have put anything.
#pragma once

#include <cstddef>
#include <string>

namespace gentle {

constexpr std::size_t kLargestDataFile = 256UL << 20;

// What the file holds. Never blocks: a FIFO, a terminal or a device is not read, but is an Error,
// and so is what has more than `limit` bytes.
std::string read_data_file(const std::string& path, std::size_t limit = kLargestDataFile);

}  // namespace gentle
