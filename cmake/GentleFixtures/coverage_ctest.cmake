# What runs ctest for its coverage, and what `ctest -T Coverage` runs.

# The target runs ctest on a built project; what to build is known only at the end (_gentle_coverage_finish).
# <why_off>, if it is not empty, says why it cannot.
function(_gentle_coverage_target name why_off)
  add_custom_target("${name}"
    COMMAND "${CMAKE_COMMAND}" -D "CTEST=${CMAKE_CTEST_COMMAND}" -D "CONFIG=$<CONFIG>" -D "WHY_OFF=${why_off}"
      -D "SUMMARY=${CMAKE_BINARY_DIR}/${name}/summary.txt" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run_coverage.cmake"
    WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
    COMMENT "Running the tests for their coverage"
    USES_TERMINAL VERBATIM)
endfunction()

# `ctest -T Coverage` runs the gcov that DartConfiguration.tcl names on every .gcda file. The one named
# here counts the lines that the report counts. Without include(CTest) a small file is made.
function(_gentle_coverage_for_ctest)
  get_property(helper GLOBAL PROPERTY _GENTLE_COVERAGE_HELPER)
  set(folder "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures")
  string(REPLACE "'" "'\\''" quoted_helper "${helper}")
  string(REPLACE "'" "'\\''" quoted_folder "${folder}")
  file(WRITE "${folder}/gcov" "#!/bin/sh\nexec '${quoted_helper}' coverage gcov '${quoted_folder}' \"$@\"\n")
  file(CHMOD "${folder}/gcov" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

  set(file "${CMAKE_BINARY_DIR}/DartConfiguration.tcl")
  if(EXISTS "${file}")
    file(READ "${file}" text)
  else()
    set(text "SourceDirectory: ${CMAKE_SOURCE_DIR}\nBuildDirectory: ${CMAKE_BINARY_DIR}\nTimeOut: 1500\nCoverageCommand:\n")
  endif()
  string(FIND "${text}" "\nCoverageCommand:" begin)
  if(begin GREATER_EQUAL 0)
    string(SUBSTRING "${text}" 0 ${begin} before)
    math(EXPR begin "${begin} + 1")
    string(SUBSTRING "${text}" ${begin} -1 after)
    string(FIND "${after}" "\n" end)
    string(SUBSTRING "${after}" ${end} -1 after)
    file(WRITE "${file}" "${before}\nCoverageCommand: ${folder}/gcov${after}")
  endif()
endfunction()
