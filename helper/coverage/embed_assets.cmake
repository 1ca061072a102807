# Makes a source of the files in <room>/assets/, so that the program needs none of them beside it. Their
# text becomes raw string literals, which every compiler reads fast; it has to be UTF-8. Their length is
# the compiler's (sv): to count it while compiling takes more steps than Clang 14 goes.
# <function>, which returns all of them, is declared by the header of its name in the room.
function(_gentle_embed_assets target room function)
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/${room}/assets")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${function}.cc")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*")
  list(FILTER files EXCLUDE REGEX "[.]pyc$")
  set(entries "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/${file}")
    file(READ "${folder}/${file}" text)
    string(FIND "${text}" ")asset\"" end)
    if(NOT end EQUAL -1)
      message(FATAL_ERROR "${folder}/${file}: ends the raw string literal that it becomes")
    endif()
    string(APPEND entries "    {\"${file}\"sv, R\"asset(${text})asset\"sv},\n")
  endforeach()
  # The standard asks for 65,536 characters in a literal at least, and Clang's -Wpedantic insists on that.
  string(CONCAT text "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n#include \"${room}/${function}.h\"\n\n#include <array>\n\n"
    "namespace gentle {\nnamespace {\n\nusing namespace std::string_view_literals;\n\nconstexpr auto kFiles = std::to_array<EmbeddedFile>({\n"
    "${entries}" "});\n\n}  // namespace\n\n"
    "std::span<const EmbeddedFile> ${function}() { return kFiles; }\n\n}  // namespace gentle\n")
  file(WRITE "${output}.new" "${text}")
  # Left alone if it is the same, and so is its object.
  configure_file("${output}.new" "${output}" COPYONLY)
  target_sources(${target} PRIVATE "${output}")
endfunction()
