#include "base/shown_lines.h"

#include <algorithm>
#include <utility>

#include "base/printable.h"

namespace gentle {
namespace {

constexpr std::size_t kLongestPiece = 65536;
// At once: one kind of line end is not looked for in all the lines of the other.
constexpr std::size_t kLookedAt = 4096;

}  // namespace

void ShownLines::take(std::string_view text) {
  const std::string plain = plain_.take(text);
  for (std::string_view rest = plain; !rest.empty();) rest.remove_prefix(take_some(rest));
}

// Returns how much of it.
std::size_t ShownLines::take_some(std::string_view text) {
  if (text.front() == '\n') {
    end_line();
    return 1;
  }
  if (text.front() == '\r') {
    // A terminal in between may have made CR CR LF of the service's CR LF.
    after_return_ = true;
    return 1;
  }
  // A CR at the front of a line only goes back to its begin.
  if (after_return_ && length_ > 0) end_line();
  after_return_ = false;
  text = text.substr(0, kLookedAt);
  text = text.substr(0, text.find('\n'));
  text = text.substr(0, text.find('\r'));
  add(text);
  return text.size();
}

void ShownLines::add(std::string_view text) {
  piece_ += text.substr(0, longest_ - std::min(length_, longest_));
  length_ += text.size();
  if (piece_.size() < kLongestPiece) return;
  const std::size_t whole = whole_characters(piece_);
  sink_(printable(std::string_view(piece_).substr(0, whole)), false);
  piece_.erase(0, whole);
}

void ShownLines::end_line() {
  sink_(printable(piece_), true);
  piece_.clear();
  length_ = 0;
  after_return_ = false;
}

void ShownLines::finish() {
  if (length_ > 0) end_line();
  after_return_ = false;
  plain_ = {};
}

std::vector<std::string> shown_lines(std::string_view text, std::size_t longest) {
  std::vector<std::string> lines;
  std::string line;
  ShownLines shown(
      [&](std::string_view piece, bool ends) {
        line += piece;
        if (ends) lines.push_back(std::exchange(line, {}));
      },
      longest);
  shown.take(text);
  shown.finish();
  return lines;
}

}  // namespace gentle
