// The recorders of other languages, and what reads their hits.
#pragma once

#include <span>

#include "base/embedded_file.h"

namespace gentle {

std::span<const EmbeddedFile> recorder_files();

}  // namespace gentle
