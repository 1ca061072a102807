// A file of an assets/ folder, which the build puts into the program (coverage/embed_assets.cmake).
#pragma once

#include <string_view>

namespace gentle {

struct EmbeddedFile {
  std::string_view name;  // relative to assets/
  std::string_view text;
};

}  // namespace gentle
