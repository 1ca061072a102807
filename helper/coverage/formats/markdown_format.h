// Writes a summary as Markdown, for the comment on a pull request or the page of a job.
#pragma once

#include <string>

#include "coverage/formats/format_options.h"
#include "coverage/formats/table_summary.h"

namespace gentle {

// GitHub takes 65,536 characters for a comment: of very many files, those that miss most.
std::string markdown_text(const CoverageSummary& summary, const FormatOptions& options);

}  // namespace gentle
