# Where the coverage step looks for object files that another build compiles, and where the paths of
# its reports begin: OBJECTS and ROOT of add_fixture_coverage.

# The lines of the coverage spec. The folders of OBJECTS need not be there yet: another build makes them.
function(_gentle_coverage_places out_lines)
  set(lines "")
  if(arg_ROOT)
    _gentle_coverage_folder(root "${arg_ROOT_0}")
    if(NOT IS_DIRECTORY "${root}")
      _gentle_fail(ROOT "there is no folder '${root}'.")
    endif()
    string(APPEND lines "root ${root}\n")
  endif()
  _gentle_numbers(numbers "${arg_OBJECTS_COUNT}")
  foreach(i IN LISTS numbers)
    if("${arg_OBJECTS_${i}}" STREQUAL "")
      _gentle_fail(OBJECTS "'' is no folder.")
    endif()
    _gentle_coverage_folder(folder "${arg_OBJECTS_${i}}")
    string(APPEND lines "objects ${folder}\n")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

function(_gentle_coverage_folder out path)
  get_filename_component(path "${path}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  _gentle_literal(path "${path}")
  set(${out} "${path}" PARENT_SCOPE)
endfunction()
