#include "coverage/formats/text_format.h"

#include <algorithm>
#include <vector>

#include "base/printable.h"
#include "coverage/formats/counted_source.h"
#include "coverage/formats/share.h"
#include "coverage/formats/text_column.h"

namespace gentle {
namespace {

constexpr std::size_t kNarrowestFile = 40;
constexpr std::size_t kNumberWidth = 10;
constexpr std::size_t kPercentWidth = 8;
constexpr std::size_t kRestWidth = 2 * kNumberWidth + kPercentWidth + 10;

struct TextRow {
  std::string file;
  Share lines;
  std::string missing;
};

std::string whole_percent(const Share& share) {
  if (share.total == 0) return "--%";
  return std::to_string(static_cast<int>(rounded_percent(share))) + "%";
}

// "3,7-9": lines one after the other that were not executed.
class Ranges {
 public:
  void add(std::uint32_t line) {
    if (last_ != 0 && line == last_ + 1) {
      last_ = line;
      return;
    }
    finish();
    first_ = last_ = line;
  }
  std::string take() {
    finish();
    return std::move(text_);
  }

 private:
  void finish() {
    if (last_ == 0) return;
    if (!text_.empty()) text_ += ",";
    text_ += std::to_string(first_);
    if (last_ > first_) text_ += "-" + std::to_string(last_);
  }

  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
  std::string text_;
};

TextRow row_of(const std::string& path, const TableSource& source, const FormatOptions& options) {
  TextRow row{in_one_line(shown_name(path, options)), {}, ""};
  Ranges missing;
  for (const auto& [number, line] : source.lines) {
    if (line.is_excluded) continue;
    const bool executed = line.count > 0;
    row.lines.add({executed ? std::uint64_t{1} : std::uint64_t{0}, 1});
    if (!executed) missing.add(number);
  }
  row.missing = missing.take();
  return row;
}

std::string written(const TextRow& row, std::size_t width) {
  std::string text = aligned(row.file, width, Side::kLeft) +
                     aligned(std::to_string(row.lines.total), kNumberWidth, Side::kRight) +
                     aligned(std::to_string(row.lines.covered), kNumberWidth, Side::kRight) +
                     aligned(whole_percent(row.lines), kPercentWidth, Side::kRight);
  if (!row.missing.empty()) text += "   " + row.missing;
  return text + "\n";
}

}  // namespace

std::string text_table(const CoverageTable& table, const FormatOptions& options) {
  std::vector<TextRow> rows;
  TextRow all{"TOTAL", {}, ""};
  std::size_t width = kNarrowestFile;
  for (const auto& [path, source] : table.sources()) {
    rows.push_back(row_of(path, source, options));
    all.lines.add(rows.back().lines);
    width = std::max(width, text_width(rows.back().file));
  }
  const std::string ruler = std::string(width + kRestWidth, '-') + "\n";
  std::string text = ruler + in_one_line(options.title) +
                     "\nDirectory: " + in_one_line(options.root) + "\n" + ruler;
  text += aligned("File", width, Side::kLeft) + aligned("Lines", kNumberWidth, Side::kRight) +
          aligned("Exec", kNumberWidth, Side::kRight) +
          aligned("Cover", kPercentWidth, Side::kRight) + "   Missing\n" + ruler;
  for (const TextRow& row : rows) text += written(row, width);
  return text + ruler + written(all, width) + ruler;
}

}  // namespace gentle
