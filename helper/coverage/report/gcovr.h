// How gcovr is called. What differs between its versions stands here and in report_format.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/coverage_spec.h"
#include "model/report_format.h"

namespace gentle {

// The first one that can be told how to merge a function that begins on several lines.
inline constexpr GcovrVersion kMergeModes = {6, 0};

// From what `gcovr --version` prints.
std::optional<GcovrVersion> parse_gcovr_version(std::string_view text);

// Throws Error if gcovr is too old for any report.
void check_gcovr_version(GcovrVersion version);

// Why this gcovr cannot write the format; nothing if it can.
std::optional<Error> format_error(const std::string& format, GcovrVersion version);

// The same of several formats, in one sentence with what can be written instead; "" if all can be.
// Those that are written natively always can.
std::string formats_cause(const std::vector<std::string>& formats, GcovrVersion version);

// Those of the formats that gcovr writes.
std::vector<std::string> formats_of_gcovr(std::vector<std::string> formats);

struct GcovrCall {
  std::string program;
  GcovrVersion version;
  std::string empty_config;  // a file with nothing in it: no gcovr.cfg of the project is read
  std::string tracefile;
  std::string root;  // without links, as in the names of sources
};

// Writes the spec's formats from the tracefile. Which sources count is decided by then.
std::vector<std::string> render_command(const CoverageSpec& spec, const GcovrCall& call);

}  // namespace gentle
