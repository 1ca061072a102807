# Writes the man page from what the program says: cmake -DGENTLE=<program> -DMAN_PAGE=<file> -P man_page.cmake
# -DEMULATOR=<command> runs a program of another processor.
cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/GentleFixturesVersion.cmake")

# What the program prints with these arguments.
function(_gentle_help out)
  execute_process(COMMAND ${EMULATOR} "${GENTLE}" ${ARGN} --help
    OUTPUT_VARIABLE text ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "write man page: '${GENTLE} ${ARGN} --help' failed: ${result} ${error}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# A text for roff, which prints it line by line.
function(_gentle_roff out text)
  string(REPLACE "\\" "\\e" text "${text}")
  string(REPLACE "-" "\\-" text "${text}")
  # A line that begins with a dot or an apostrophe would be a request.
  string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" text "${text}")
  set(${out} ".nf\n${text}.fi\n" PARENT_SCOPE)
endfunction()

_gentle_help(help)
_gentle_roff(body "${help}")
set(page ".TH GENTLE 1 \"\" \"gentle ${GentleFixtures_VERSION}\" \"User Commands\"
.SH NAME
gentle \\- start the services that the tests of CTest need, and stop them gently
.SH DESCRIPTION
${body}")
# A subcommand stands in a line of its own, its meaning behind two blanks.
string(REGEX MATCHALL "\n  [a-z][a-z-]*( [^ \n;]+)*  +[^ \n]" lines "${help}")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^\n  ([a-z-]+).*" "\\1" command "${line}")
  _gentle_help(help ${command})
  _gentle_roff(body "${help}")
  string(APPEND page ".SH \"GENTLE ${command}\"\n${body}")
endforeach()
string(APPEND page ".SH SEE ALSO\n.BR cmake (1),\n.BR ctest (1)\n")
file(WRITE "${MAN_PAGE}" "${page}")
