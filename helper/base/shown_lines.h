// The lines of a log for people: printable and without colours. LF, CR LF and a CR alone end a
// line.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/plain_text.h"

namespace gentle {

// Makes them of a log that comes in pieces, and holds little of it in memory.
class ShownLines {
 public:
  // `ends`: the line ends after this piece of it. Only a long line comes in more than one.
  using Sink = std::function<void(std::string_view piece, bool ends)>;

  // At most `longest` bytes of each line are handed on.
  explicit ShownLines(Sink sink, std::size_t longest = std::string::npos)
      : sink_(std::move(sink)), longest_(longest) {}

  // The text may be cut anywhere.
  void take(std::string_view text);

  // What comes next is another text: its first line is none that has begun.
  void finish();

 private:
  std::size_t take_some(std::string_view text);
  void add(std::string_view text);
  void end_line();

  Sink sink_;
  std::size_t longest_;
  PlainText plain_;
  std::string piece_;          // of the line, not yet handed on
  std::size_t length_ = 0;     // of the line so far
  bool after_return_ = false;  // a CR: an LF may follow
};

std::vector<std::string> shown_lines(std::string_view text,
                                     std::size_t longest = std::string::npos);

}  // namespace gentle
