# Included by read_tests.cmake, in ctest: tests that no function of ours has made, and that need a service,
# be it by attach_fixtures() or by their FIXTURES_REQUIRED. They become `gentle run --with <service> --attached
# <configuration> -- <command>`.
#
# CTest takes a command by add_test alone, and reads FIXTURES_REQUIRED behind it. So the file that it reads is
# looked through first. Only where a script of the user's stands in TEST_INCLUDE_FILES, which may say anything of
# tests that were discovered before, the tests wait: from scripts_follow.cmake to tests_are_read.cmake.

# The services that a test is attached to.
function(_gentle_services_of out name)
  get_property(scanned GLOBAL PROPERTY "_GENTLE_SCANNED_${CMAKE_CURRENT_LIST_FILE}")
  if(NOT scanned)
    set_property(GLOBAL PROPERTY "_GENTLE_SCANNED_${CMAKE_CURRENT_LIST_FILE}" TRUE)
    _gentle_look_through("${CMAKE_CURRENT_LIST_FILE}")
  endif()
  get_property(required GLOBAL PROPERTY "_GENTLE_FIXTURES_REQUIRED_${name}")
  set(services "")
  if(NOT "${required}" STREQUAL "")
    # Another folder may have a test of the same name.
    set_property(GLOBAL PROPERTY "_GENTLE_FIXTURES_REQUIRED_${name}")
    _gentle_known_services(services ${required})
  endif()
  foreach(number IN LISTS "_gentle_attached_${name}")
    list(APPEND services ${_gentle_attachment_${number}_services})
    _gentle_found_test(${number})
  endforeach()
  foreach(number IN LISTS _gentle_patterns)
    if("${name}" MATCHES "${_gentle_pattern_${number}}")
      list(APPEND services ${_gentle_attachment_${number}_services})
      _gentle_found_test(${number})
    endif()
  endforeach()
  if(_gentle_doubtful AND "${name}" MATCHES "_NOT_BUILT(-[0-9a-f]+)?$")
    # A program whose tests nobody knows yet: any of those that are looked for may be among them.
    foreach(number IN LISTS _gentle_doubtful)
      _gentle_found_test(${number})
    endforeach()
  endif()
  list(REMOVE_DUPLICATES services)
  set(${out} "${services}" PARENT_SCOPE)
endfunction()

# Notes what the tests of a file require: runs its text, with other commands in place of those that make tests. Only one
# that CMake or its discovery has written, since another may do something beside. CTest names the CTestTestfile.cmake
# of the folder that it was started in without that folder.
function(_gentle_look_through file)
  if(NOT IS_ABSOLUTE "${file}")
    file(READ_SYMLINK /proc/self/cwd folder)
    string(PREPEND file "${folder}/")
  endif()
  if(NOT EXISTS "${file}")
    return()
  endif()
  file(READ "${file}" text)
  if(NOT "${text}" MATCHES "FIXTURES_REQUIRED"
      OR ("${file}" MATCHES "/CTestTestfile\\.cmake$" AND NOT "${text}" MATCHES "^# CMake generated "))
    return()
  endif()
  string(REGEX REPLACE "\n( *)set_tests_properties *\\(" "\n\\1_gentle_note_fixtures(" text "\n${text}")
  string(REGEX REPLACE "\n( *)(add_test|subdirs|include) *\\(" "\n\\1_gentle_pass_over(" text "${text}")
  if("${file}" MATCHES "/CTestTestfile\\.cmake$")
    # EVAL has a file of another name; see _gentle_find_properties.
    string(PREPEND text "set(_gentle_test_file \"\${CMAKE_CURRENT_LIST_FILE}\")\n")
  endif()
  cmake_language(EVAL CODE "${text}")
endfunction()

function(_gentle_pass_over)
endfunction()

# The words of set_tests_properties.
function(_gentle_note_fixtures)
  _gentle_find_properties(${ARGC})
  if(first GREATER last)
    return()
  endif()
  foreach(i RANGE ${first} ${last} 2)
    if("${ARGV${i}}" STREQUAL "FIXTURES_REQUIRED")
      math(EXPR i "${i} + 1")
      foreach(test RANGE ${last_test})
        set_property(GLOBAL APPEND PROPERTY "_GENTLE_FIXTURES_REQUIRED_${ARGV${test}}" "${ARGV${i}}")
      endforeach()
    endif()
  endforeach()
endfunction()

# Those of a list of fixtures that are services.
function(_gentle_known_services out)
  set(services "")
  foreach(fixture IN LISTS ARGN)
    if(DEFINED "_gentle_needs_${fixture}")
      list(APPEND services "${fixture}")
    endif()
  endforeach()
  set(${out} "${services}" PARENT_SCOPE)
endfunction()

# The same of names as the project of this folder has them.
function(_gentle_services_from_here out)
  set(fixtures "${ARGN}")
  if(_gentle_names_are_shared)
    _gentle_names_from_here(fixtures "${fixtures}")
  endif()
  _gentle_known_services(services ${fixtures})
  set(${out} "${services}" PARENT_SCOPE)
endfunction()

# As code for add_test, which has a variable for each. NONE is what attach_fixtures(FIXTURES NONE) says: by it alone,
# `gentle run` keeps the coverage of what the test starts.
function(_gentle_launcher out)
  set(words "")
  foreach(service IN LISTS ARGN)
    if(NOT "${service}" STREQUAL "NONE")
      string(APPEND words " --with \"\${_gentle_specs}/${service}.spec\"")
    endif()
  endforeach()
  if("${words}" STREQUAL "")
    set(words " --coverage \"\${_gentle_specs}/coverage.spec\"")
  endif()
  set(${out} "\"\${_gentle_helper}\" run${words} --attached \"\${CTEST_CONFIGURATION_TYPE}\" --" PARENT_SCOPE)
endfunction()

# Tells the test `attach_fixtures` which of its names and patterns have tests.
function(_gentle_found_test number)
  if("${number}" IN_LIST _gentle_doubtful)
    set_property(GLOBAL APPEND PROPERTY _GENTLE_FOUND ${number})
    get_property(is_there GLOBAL PROPERTY _GENTLE_ATTACHMENT_TEST_IS_THERE)
    if(is_there)
      _gentle_tell_found()
    endif()
  endif()
endfunction()

function(_gentle_tell_found)
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_TEST_IS_THERE TRUE)
  get_property(found GLOBAL PROPERTY _GENTLE_FOUND)
  list(REMOVE_DUPLICATES found)
  list(JOIN found "," found)
  __set_tests_properties(attach_fixtures PROPERTIES ENVIRONMENT "GENTLE_ATTACHED=${found}")
endfunction()

# Keeps a call of add_test or of set_tests_properties, as code.
function(_gentle_call_later command)
  set(code "")
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 1 ${last})
    set(word "${ARGV${i}}")
    if("${word}" MATCHES "[\\\\\"$\n]")
      string(REPLACE "\\" "\\\\" word "${word}")
      string(REPLACE "\"" "\\\"" word "${word}")
      string(REPLACE "$" "\\$" word "${word}")
      string(REPLACE "\n" "\\n" word "${word}")
    endif()
    string(APPEND code " \"${word}\"")
  endforeach()
  set(file "") # see _gentle_find_properties
  if(CMAKE_CURRENT_LIST_FILE MATCHES "(^|/)CTestTestfile\\.cmake$")
    set(file "\${CMAKE_CURRENT_LIST_FILE}")
  endif()
  set_property(GLOBAL APPEND_STRING PROPERTY _GENTLE_WAITING_${command}
    "set(_gentle_test_file \"${file}\")\n${command}(${code})\n")
endfunction()

# All that is known of them is known now.
function(_gentle_add_waiting_tests)
  set_property(GLOBAL PROPERTY _GENTLE_SCRIPTS_FOLLOW FALSE)
  get_property(tests GLOBAL PROPERTY _GENTLE_WAITING_add_test)
  get_property(properties GLOBAL PROPERTY _GENTLE_WAITING_set_tests_properties)
  set_property(GLOBAL PROPERTY _GENTLE_WAITING_add_test "")
  set_property(GLOBAL PROPERTY _GENTLE_WAITING_set_tests_properties "")
  string(REPLACE "\nset_tests_properties(" "\n_gentle_note_fixtures(" notes "\n${properties}")
  cmake_language(EVAL CODE "${notes}")
  cmake_language(EVAL CODE "${tests}")
  cmake_language(EVAL CODE "${properties}")
endfunction()
