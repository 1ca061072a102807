#include "os/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/number.h"
#include "os/file.h"

namespace gentle {
namespace {

// The line in the middle always has this many bytes, so that it is replaced in one write.
constexpr std::size_t kLineSize = 96;
constexpr std::string_view kLineBegin = "\n[gentle: ";
constexpr std::string_view kLineMiddle = " bytes are left out here]";
constexpr std::string_view kSkipBegin = " skip ";

// The end begins with a whole line, if one begins within so many bytes.
constexpr std::size_t kNextLine = 4096;
constexpr std::size_t kMovedAtOnce = 1U << 20;

std::uint64_t place_of_line(std::uint64_t limit) { return limit / 2; }
std::uint64_t place_of_end(std::uint64_t limit) { return limit / 2 + kLineSize; }

std::uint64_t size_of(int file) {
  struct stat info {};
  return ::fstat(file, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string to_line(const LogGap& gap) {
  std::string line(kLineBegin);
  line += std::to_string(gap.left_out) + std::string(kLineMiddle);
  if (gap.skip > 0) line += std::string(kSkipBegin) + std::to_string(gap.skip);
  line.resize(kLineSize - 1, ' ');
  return line + "\n";
}

std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view before) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;  // sums of it do not overflow
  if (!text.starts_with(before)) return std::nullopt;
  text.remove_prefix(before.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_integer<std::int64_t>(text.substr(0, digits), 1, kMost);
  text.remove_prefix(digits);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

// A service that writes such a line to this very place hides some of its own log, and no more.
LogGap gap_of(std::string_view line) {
  if (line.size() != kLineSize) return {};
  const auto left_out = take_number(line, kLineBegin);
  if (!left_out || !line.starts_with(kLineMiddle)) return {};
  line.remove_prefix(kLineMiddle.size());
  return {*left_out, take_number(line, kSkipBegin).value_or(0)};
}

// As it stands in the file.
LogGap noted_gap(int file, std::uint64_t limit, std::uint64_t size) {
  if (size < place_of_end(limit)) return {};
  return gap_of(read_at(file, place_of_line(limit), kLineSize));
}

// If the file is too short for what is to be moved, that has been moved, and cut off.
bool is_moved(const LogGap& gap, std::uint64_t limit, std::uint64_t size) {
  return size - place_of_end(limit) <= gap.skip;
}

bool put_at(int file, std::uint64_t place, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::pwrite(file, text.data(), text.size(), static_cast<off_t>(place));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
    place += static_cast<std::uint64_t>(put);
  }
  return true;
}

// As long as it lives, pwrite(2) writes where it is told to: with O_APPEND it appends (BUGS there).
class Overwriting {
 public:
  explicit Overwriting(int file) : file_(file), flags_(::fcntl(file, F_GETFL)) {
    ::fcntl(file_, F_SETFL, flags_ & ~O_APPEND);
  }
  ~Overwriting() { ::fcntl(file_, F_SETFL, flags_); }
  Overwriting(const Overwriting&) = delete;
  Overwriting& operator=(const Overwriting&) = delete;

 private:
  int file_;
  int flags_;
};

}  // namespace

LogWriter::LogWriter(UniqueFd file, std::uint64_t limit)
    : file_(std::move(file)), limit_(limit), size_(size_of(file_.get())) {
  if (noted_gap(file_.get(), limit_, size_).skip > 0) make_room(0);
}

void LogWriter::append(std::string_view text) {
  const std::size_t most = limit_ / 16;  // one move makes room for more than that
  while (!text.empty()) {
    const std::size_t put = write(text.substr(0, most));
    if (put == 0) {
      error_ = errno;
      lost_ += text.size();
      return;
    }
    text.remove_prefix(put);
  }
}

bool LogWriter::is_removed() const {
  struct stat info {};
  return ::fstat(file_.get(), &info) == 0 && info.st_nlink == 0;
}

// Returns how much of it; 0: errno says why.
std::size_t LogWriter::write(std::string_view text) {
  if (size_ + text.size() > limit_ && !make_room(text.size())) return 0;
  const ssize_t put = ::write(file_.get(), text.data(), text.size());
  if (put <= 0) return 0;
  size_ += static_cast<std::uint64_t>(put);
  return static_cast<std::size_t>(put);
}

bool LogWriter::make_room(std::size_t wanted) {
  const Overwriting overwriting(file_.get());
  const std::uint64_t size = size_of(file_.get());
  const LogGap gap = noted_gap(file_.get(), limit_, size);
  bool done = true;
  if (gap.skip > 0) {
    done = finish_move(gap, size);  // it was interrupted
  } else if (size + wanted > limit_) {
    done = drop_older(gap, size);
  }
  size_ = done ? size_of(file_.get()) : limit_ + 1;  // then the next one tries it again
  return done;
}

// The older half of the end. What stays is not larger, so that the copy never overwrites itself.
bool LogWriter::drop_older(LogGap gap, std::uint64_t size) const {
  const std::uint64_t end = place_of_end(limit_);
  std::uint64_t kept = end + (size - end + 1) / 2;
  const std::string next = read_at(file_.get(), kept, kNextLine);
  const std::size_t newline = next.find('\n');
  if (newline != std::string::npos && kept + newline + 1 < size) kept += newline + 1;
  if (gap.left_out == 0) gap.left_out = kLineSize;  // what the line itself overwrites
  gap.left_out += kept - end;
  gap.skip = kept - end;
  return put_at(file_.get(), place_of_line(limit_), to_line(gap)) && finish_move(gap, size);
}

bool LogWriter::finish_move(LogGap gap, std::uint64_t size) const {
  if (!is_moved(gap, limit_, size)) {
    for (std::uint64_t to = place_of_end(limit_); to + gap.skip < size; to += kMovedAtOnce) {
      if (!put_at(file_.get(), to, read_at(file_.get(), to + gap.skip, kMovedAtOnce))) return false;
    }
    if (::ftruncate(file_.get(), static_cast<off_t>(size - gap.skip)) != 0) return false;
  }
  gap.skip = 0;
  return put_at(file_.get(), place_of_line(limit_), to_line(gap));
}

LogReader::LogReader(const std::string& path, std::uint64_t limit)
    : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), limit_(limit) {}

// At one moment: the writer changes first the one and then the other.
LogReader::View LogReader::look() const {
  for (View before;;) {
    View view{size_of(file_.get()), {}};
    view.gap = noted_gap(file_.get(), limit_, view.size);
    if (view.gap.skip > 0 && is_moved(view.gap, limit_, view.size)) view.gap.skip = 0;
    if (view.gap == before.gap && view.size >= before.size) return view;
    before = view;
  }
}

std::uint64_t LogReader::end() const {
  const View view = look();
  if (view.gap.left_out == 0) return view.size;
  return view.size - kLineSize - view.gap.skip + view.gap.left_out;
}

// Again, if meanwhile something was left out.
LogReader::Part LogReader::read(std::uint64_t from, std::size_t most) const {
  for (View view = look();;) {
    Part part = read(view, from, most);
    const View now = look();
    if (now.gap == view.gap) return part;
    view = now;
  }
}

LogReader::Part LogReader::read(const View& view, std::uint64_t from, std::size_t most) const {
  Part part;
  std::uint64_t place = from;
  if (view.gap.left_out > 0) {
    const std::uint64_t beginning = place_of_line(limit_);
    const std::uint64_t gone = beginning + view.gap.left_out;
    if (from < beginning) {
      most = std::min<std::uint64_t>(most, beginning - from);
    } else {
      if (from < gone) part.left_out = gone - from;
      place = std::max(from, gone) - gone + place_of_end(limit_) + view.gap.skip;
    }
  }
  const std::uint64_t there = view.size - std::min(place, view.size);
  part.text = read_at(file_.get(), place, std::min<std::uint64_t>(most, there));
  part.end = from + part.left_out + part.text.size();
  return part;
}

std::uint64_t log_end(const std::string& path) { return LogReader(path).end(); }

std::string left_out_line(std::uint64_t bytes) {
  return std::string(kLineBegin.substr(1)) + std::to_string(bytes) + std::string(kLineMiddle);
}

}  // namespace gentle
