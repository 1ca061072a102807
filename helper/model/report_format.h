// The formats of a report: what FORMATS of add_fixture_coverage names.
#pragma once

#include <span>
#include <string_view>

namespace gentle {

struct GcovrVersion {
  int major = 0;
  int minor = 0;

  bool operator==(const GcovrVersion&) const = default;
  bool operator<(const GcovrVersion& other) const {
    return major != other.major ? major < other.major : minor < other.minor;
  }
  bool operator>=(const GcovrVersion& other) const { return !(*this < other); }
};

constexpr GcovrVersion kOldestGcovr = {5, 2};  // that can make a report at all

struct ReportFormat {
  std::string_view name;
  std::string_view file;          // in the folder of the reports
  GcovrVersion since;             // the first gcovr that writes it
  std::string_view option;        // of gcovr; "": written here, without it
  std::string_view title_option;  // of gcovr, from kTitles on; "": the format has no title

  bool is_native() const { return option.empty(); }
};

constexpr GcovrVersion kTitles = {7, 2};  // the first gcovr that was tried with all of them

std::span<const ReportFormat> report_formats();

// nullptr if there is no such format.
const ReportFormat* find_report_format(std::string_view name);

}  // namespace gentle
