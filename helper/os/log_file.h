// The log of a service, however much it writes: its beginning and its end stay.
//
// Up to the limit the file holds what was written, and nothing else. From then on it is
//
//     the first half | "[gentle: 123 bytes are left out here]" | the end
//
// If it is full again, the older half of the end goes: the newer half is copied over it. At every
// moment the file is within the limit, and can be read to the last byte, also if the writer was
// killed in the middle.
//
// A reader's offsets count all that was ever written, so that they stay true when something goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace gentle {

inline constexpr std::uint64_t kLogLimit = 64U << 20;

// What stands in the middle.
struct LogGap {
  std::uint64_t left_out = 0;  // bytes; 0: the file has all
  std::uint64_t skip = 0;      // bytes behind the line that are being overwritten
  bool operator==(const LogGap&) const = default;
};

// There is one at a time. It goes on where one that was killed has ended.
class LogWriter {
 public:
  LogWriter() = default;
  // The file is open to append to it and to read it.
  explicit LogWriter(UniqueFd file, std::uint64_t limit = kLogLimit);

  void append(std::string_view text);
  void close() { file_.reset(); }

  // What the file could not take (a full disk), and why: an errno.
  std::uint64_t lost() const { return lost_; }
  // Somebody has removed the file: what is written, nobody can read.
  bool is_removed() const;
  int error() const { return error_; }

 private:
  std::size_t write(std::string_view text);
  bool make_room(std::size_t wanted);
  bool drop_older(LogGap gap, std::uint64_t size) const;
  bool finish_move(LogGap gap, std::uint64_t size) const;

  UniqueFd file_;
  std::uint64_t limit_ = kLogLimit;
  std::uint64_t size_ = 0;  // at least; who empties the file says nothing
  std::uint64_t lost_ = 0;
  int error_ = 0;
};

class LogReader {
 public:
  // No such file: an empty log.
  explicit LogReader(const std::string& path, std::uint64_t limit = kLogLimit);

  // How much was ever written.
  std::uint64_t end() const;

  struct Part {
    std::uint64_t left_out = 0;  // bytes before `text`, which are gone
    std::string text;
    std::uint64_t end = 0;  // where `text` ends
  };
  // At most `most` bytes from there on; none at the end of the log.
  Part read(std::uint64_t from, std::size_t most) const;

 private:
  struct View {
    std::uint64_t size = 0;
    LogGap gap;
  };
  View look() const;
  Part read(const View& view, std::uint64_t from, std::size_t most) const;

  UniqueFd file_;
  std::uint64_t limit_;
};

// How much was ever written to the log.
std::uint64_t log_end(const std::string& path);

// What stands in the place of what is left out, without a newline.
std::string left_out_line(std::uint64_t bytes);

}  // namespace gentle
