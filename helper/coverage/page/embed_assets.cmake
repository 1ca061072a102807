# Makes a source of the files in assets/, so that the program needs none of them beside it. Their
# text becomes raw string literals, which every compiler reads fast; it has to be ASCII.
set(GENTLE_PAGE_ASSETS "${CMAKE_CURRENT_BINARY_DIR}/page_assets.cc")

function(_gentle_embed_assets folder output)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*")
  set(entries "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${file}")
    file(READ "${folder}/${file}" text)
    string(FIND "${text}" ")asset\"" end)
    if(NOT end EQUAL -1)
      message(FATAL_ERROR "${folder}/${file}: ends the raw string literal that it becomes")
    endif()
    string(APPEND entries "    {\"${file}\", R\"asset(${text})asset\"},\n")
  endforeach()
  string(CONCAT text "#include \"coverage/page/page_assets.h\"\n\n#include <array>\n\n"
    "namespace gentle {\nnamespace {\n\nconstexpr auto kAssets = std::to_array<PageAsset>({\n"
    "${entries}" "});\n\n}  // namespace\n\n"
    "std::span<const PageAsset> page_assets() { return kAssets; }\n\n}  // namespace gentle\n")
  file(WRITE "${output}.new" "${text}")
  # Left alone if it is the same, and so is its object.
  configure_file("${output}.new" "${output}" COPYONLY)
endfunction()

_gentle_embed_assets("${CMAKE_CURRENT_LIST_DIR}/assets" "${GENTLE_PAGE_ASSETS}")
