# Included by read_tests.cmake if several projects of the build have a service of one name: names.cmake. CMake knows
# tests by their folder, so that each project has its redis.start; ctest by their name alone.

get_filename_component(_gentle_build "${CMAKE_CURRENT_LIST_DIR}/../.." REALPATH)

# The name of a test, of which these are the first words of its add_test: for one that starts or stops a service, that
# of the service in its spec.
function(_gentle_name_in_ctest out name program word spec)
  set(now "${name}")
  if("${program}" STREQUAL "${_gentle_helper}" AND "${word}" MATCHES "^(start|stop)$")
    get_filename_component(service "${spec}" NAME_WLE)
    set(now "${service}.${word}")
  endif()
  # Its properties follow, before another test of that name is read.
  set_property(GLOBAL PROPERTY "_GENTLE_PRESENT_NAME_${name}" "${now}")
  set(${out} "${now}" PARENT_SCOPE)
endfunction()

function(_gentle_present_name out name)
  get_property(now GLOBAL PROPERTY "_GENTLE_PRESENT_NAME_${name}")
  if(NOT "${now}" STREQUAL "")
    set(${out} "${now}" PARENT_SCOPE)
  endif()
endfunction()

# Fixtures as the project of this folder calls them, by their names in the build.
function(_gentle_names_from_here out fixtures)
  file(READ_SYMLINK /proc/self/cwd folder)
  file(RELATIVE_PATH folder "${_gentle_build}" "${folder}")
  set(names "${_gentle_names_in_/${folder}}")
  set(found "")
  foreach(fixture IN LISTS fixtures)
    foreach(pair IN LISTS names)
      # Not as a regular expression: a fixture of the user's may have any name.
      string(FIND "${pair}" "${fixture}=" at)
      if(at EQUAL 0)
        string(REGEX REPLACE "^[^=]*=" "" fixture "${pair}")
        break()
      endif()
    endforeach()
    list(APPEND found "${fixture}")
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()
