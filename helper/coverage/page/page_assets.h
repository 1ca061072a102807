// The parts of the page that are the same in every report. The build makes them of the files in
// assets/ (embed_assets.cmake).
#pragma once

#include <span>
#include <string_view>

namespace gentle {

struct PageAsset {
  std::string_view name;  // relative to assets/
  std::string_view text;
};

std::span<const PageAsset> page_assets();

}  // namespace gentle
