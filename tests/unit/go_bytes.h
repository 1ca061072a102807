// Files of Go's coverage as go1.26.8 wrote them for this program of the module "m",
// -covermode=count, in a.go:
//
//   3 func main() {
//   4     f := func() {}
//   5     if len("a") > 1 {
//   6         f()
//   7     }
//   8 }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gentle {

inline std::string bytes_of_hexadecimal(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1]));
  }
  return bytes;
}

inline const std::string kGoHash = bytes_of_hexadecimal("6edfc4eb5643cfa35f823527f53d68f8");

// The meta-data of the package alone.
inline const std::string kGoPackage = bytes_of_hexadecimal(
    "58000000020000000100000001000000f3332bfe1e75ab50d421016579e51195"
    "000000000400000001000000400000000400016d046d61696e066d2f612e676f"
    "040203030d040e010502051201040f041000051207030100");

inline const std::string kGoMetaFile =
    bytes_of_hexadecimal(
        "0063766d01000000a20000000000000001000000000000006edfc4eb5643cfa3"
        "5f823527f53d68f8480000000200000002010000000000004a00000000000000"
        "58000000000000000100") +
    kGoPackage;

inline const std::string kGoCounterFile = bytes_of_hexadecimal(
    "0063776d010000006edfc4eb5643cfa35f823527f53d68f80200000000000000"
    "01000000000000002b0000000900000009000461726763013105617267763003"
    "2e2f6104474f4f53056c696e757806474f4152434805616d6436340407080506"
    "01020304040000010100000063776d000000000100000000000000");

inline std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

}  // namespace gentle
