// The parts of the page that are the same in every report.
#pragma once

#include <span>

#include "base/embedded_file.h"

namespace gentle {

std::span<const EmbeddedFile> page_assets();

}  // namespace gentle
