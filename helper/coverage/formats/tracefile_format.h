// Writes the table as gcovr's JSON tracefile, in the form that a version of gcovr reads: each reads
// its own only. For the formats that gcovr writes, and for whoever combines reports.
#pragma once

#include <string>

#include "base/parted_text.h"
#include "coverage/formats/format_options.h"
#include "coverage/table/coverage_table.h"
#include "model/report_format.h"

namespace gentle {

// The "gcovr/format_version" of that gcovr; of one that is not known, of the newest before it.
std::string tracefile_version(GcovrVersion gcovr);

// Of the newest gcovr that is known.
GcovrVersion newest_tracefile();

void write_tracefile(const CoverageTable& table, const FormatOptions& options, GcovrVersion gcovr,
                     PartedText& text);

}  // namespace gentle
