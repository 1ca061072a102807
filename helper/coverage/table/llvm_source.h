// What llvm-cov tells of a source, as lines of the table.
#pragma once

#include "coverage/llvm/llvm_export.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

TableSource table_source(const ExportedSource& source, Counting counting);

}  // namespace gentle
