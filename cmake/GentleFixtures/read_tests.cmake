# Included by ctest before it reads the tests of a folder (TEST_INCLUDE_FILES), from the folder of the
# build that holds the generated fixtures.cmake. CTest has no other place to say these things in:
#
# - `gentle run` has to know the properties that decide its test's verdict and time-out, whoever has set
#   them and however late. It gets them as GENTLE_TEST_* in the environment of the test.
# - A test needs the services that its command names, also if its FIXTURES_REQUIRED was replaced.
# - The tests that start and stop a service may be declared above the folder that ctest was started in.
#   Those that are needed here are then made from fixtures.cmake.
# - With coverage, every test needs its fixture, whoever made the test.
# - What no test names, and nobody follows, has to write its counts where the report finds them.
# - A test that somebody else made, and that needs a service, is run by `gentle run`: attach_tests.cmake.
# - An IDE goes to the line where a test was made. That is the user's, not ours.
#
# CTest keeps a test's properties in sets that grow: FIXTURES_REQUIRED and ENVIRONMENT add to what is
# there, and of two settings of one variable the later one counts (seen with CMake 3.22 to 4.4).

# ctest has set no policy; include() keeps these within this file.
cmake_policy(VERSION 3.22)

# A function that takes the name of a command leaves the old one a name with one more `_`. It keeps only
# one old name; so the command is hidden twice, and a script that hides it again gets ours, and not a circle.
set(_gentle_test_file "${CMAKE_PARENT_LIST_FILE}")
if(COMMAND _add_test OR COMMAND _set_tests_properties)
  return() # read already, or a script of the user's came first: then `gentle run` trusts no verdict
endif()

# A build of several configurations has a fixtures.cmake for each; ctest takes their names in any case.
set(_gentle_data fixtures.cmake)
string(TOUPPER "${CTEST_CONFIGURATION_TYPE}/fixtures.cmake" _gentle_wanted)
file(GLOB _gentle_files RELATIVE "${CMAKE_CURRENT_LIST_DIR}" "${CMAKE_CURRENT_LIST_DIR}/*/fixtures.cmake")
foreach(_gentle_file IN LISTS _gentle_files)
  string(TOUPPER "${_gentle_file}" _gentle_upper)
  if("${_gentle_upper}" STREQUAL "${_gentle_wanted}")
    set(_gentle_data "${_gentle_file}")
  endif()
endforeach()
include("${CMAKE_CURRENT_LIST_DIR}/${_gentle_data}" OPTIONAL RESULT_VARIABLE _gentle_read)
set(_gentle_no_configuration FALSE)
if(NOT _gentle_read)
  # `ctest` without -C, or with another one, in a build of several configurations. CMake makes the tests of services
  # unavailable then, but not those of add_test(<name> <command>), of discovery or of a script. Without services they
  # must not run.
  list(APPEND _gentle_files fixtures.cmake) # none is there: an error of include()
  list(GET _gentle_files 0 _gentle_data)
  include("${CMAKE_CURRENT_LIST_DIR}/${_gentle_data}")
  set(_gentle_no_configuration TRUE)
  foreach(_gentle_test IN LISTS _gentle_fixture_tests)
    unset("_gentle_fixture_of_${_gentle_test}")
  endforeach()
endif()

# Where the runtimes of Clang, rustc and Go write: ctest's tests inherit its environment, and their own ENVIRONMENT
# counts more. GCC's writes beside the object files. A variable of an earlier build is not the user's: one `ctest -S`
# may test several builds, and a test may be a ctest.
macro(_gentle_counts_to _gentle_variable _gentle_end)
  if(NOT "${_gentle_counts}" STREQUAL "")
    set(ENV{${_gentle_variable}} "${_gentle_counts}${_gentle_end}")
  elseif("$ENV{${_gentle_variable}}" MATCHES "/Testing/Fixtures/coverage/")
    unset(ENV{${_gentle_variable}})
  endif()
endmacro()
if(NOT "${_gentle_counts}" MATCHES "%") # the runtime would take that for a pattern, and coverage.cmake warns
  _gentle_counts_to(LLVM_PROFILE_FILE "/plain/%p-%m.profraw")
endif()
if("$ENV{GOCOVERDIR}" MATCHES "^$|/Testing/Fixtures/coverage/go$") # what the user's shell says stays, as for services
  _gentle_counts_to(GOCOVERDIR "/go")
endif()

# The time-out of tests that name none: that of DartConfiguration.tcl, if ctest has read one.
set(_gentle_default_timeout "")
file(READ_SYMLINK /proc/self/cwd _gentle_folder)
if(EXISTS "${_gentle_folder}/DartConfiguration.tcl")
  file(STRINGS "${_gentle_folder}/DartConfiguration.tcl" _gentle_line REGEX "^TimeOut: *[0-9]+")
  if("${_gentle_line}" MATCHES "([0-9]+)")
    set(_gentle_default_timeout "${CMAKE_MATCH_1}")
  endif()
endif()

# What every test that goes through `gentle run` is told; its name follows.
set(_gentle_settings "GENTLE_TEST=${CMAKE_VERSION};")
if(NOT "${_gentle_default_timeout}" STREQUAL "")
  string(APPEND _gentle_settings "GENTLE_TEST_DEFAULT_TIMEOUT=${_gentle_default_timeout};")
endif()
string(APPEND _gentle_settings "GENTLE_TEST_NAME=")

# The words of a call as code, by their number: "${ARGV0}" "${ARGV1}" ..., so that each arrives as it was
# written. Made beforehand, since all this is done for every test: 5,000 of them are no rarity.
set(_gentle_words_0 "")
foreach(_gentle_i RANGE 63)
  math(EXPR _gentle_next "${_gentle_i} + 1")
  set(_gentle_words_${_gentle_next} "${_gentle_words_${_gentle_i}} \"\${ARGV${_gentle_i}}\"")
endforeach()

# The words of a longer call.
function(_gentle_many_words out count)
  set(words "${_gentle_words_64}")
  math(EXPR last "${count} - 1")
  foreach(i RANGE 64 ${last})
    string(APPEND words " \"\${ARGV${i}}\"")
  endforeach()
  set(${out} "${words}" PARENT_SCOPE)
endfunction()

# Of the words of set_tests_properties, with which the function was called that calls this: the number of the last
# test, of the first property and of the last word, and how many there are. Values that fell apart are whole again, and
# names become those of the build. A macro, since a function would have words of its own.
macro(_gentle_find_properties _gentle_argc)
  set(first 1)
  while(first LESS ARGC AND NOT "${ARGV${first}}" STREQUAL "PROPERTIES")
    math(EXPR first "${first} + 1")
  endwhile()
  math(EXPR last_test "${first} - 1")
  math(EXPR first "${first} + 1")
  math(EXPR last "${_gentle_argc} - 1")
  set(count ${_gentle_argc})
  if(NOT CMAKE_CURRENT_LIST_FILE STREQUAL _gentle_test_file)
    _gentle_join_values()
  endif()
  if(_gentle_names_are_shared)
    foreach(i RANGE ${last_test})
      _gentle_present_name(ARGV${i} "${ARGV${i}}")
    endforeach()
    if(first LESS_EQUAL last)
      foreach(i RANGE ${first} ${last} 2)
        if("${ARGV${i}}" STREQUAL "FIXTURES_REQUIRED")
          math(EXPR i "${i} + 1")
          _gentle_names_from_here(ARGV${i} "${ARGV${i}}")
        endif()
      endforeach()
    endif()
  endif()
endmacro()

# Before CMake 4.4 the discovery of tests writes a value that is a list as several words: FIXTURES_REQUIRED db web LABELS
# slow. CTest takes them for pairs, so `web`, and what follows, gets lost without a word. If the words cannot be pairs, and
# a service would be lost, each value reaches to the next name of a property. Words that may be pairs stay so: the user's
# own property may have the name of a service as its value. A macro as above.
set(_gentle_property_names _BACKTRACE_TRIPLES ATTACHED_FILES ATTACHED_FILES_ON_FAIL COST DEF_SOURCE_LINE DEPENDS DISABLED
  ENVIRONMENT ENVIRONMENT_MODIFICATION FAIL_REGULAR_EXPRESSION FIXTURES_CLEANUP FIXTURES_REQUIRED FIXTURES_SETUP
  GENERATED_RESOURCE_SPEC_FILE LABELS MEASUREMENT PASS_REGULAR_EXPRESSION PROCESSORS PROCESSOR_AFFINITY REQUIRED_FILES
  RESOURCE_GROUPS RESOURCE_LOCK RUN_SERIAL SKIP_REGULAR_EXPRESSION SKIP_RETURN_CODE TIMEOUT TIMEOUT_AFTER_MATCH
  TIMEOUT_SIGNAL_GRACE_PERIOD TIMEOUT_SIGNAL_NAME WILL_FAIL WORKING_DIRECTORY)
set(_gentle_list_properties ATTACHED_FILES ATTACHED_FILES_ON_FAIL DEPENDS ENVIRONMENT ENVIRONMENT_MODIFICATION
  FIXTURES_CLEANUP FIXTURES_REQUIRED FIXTURES_SETUP LABELS REQUIRED_FILES RESOURCE_GROUPS RESOURCE_LOCK)
macro(_gentle_join_values)
  # CMake writes CTestTestfile.cmake well. The first lines are for folders in which nobody has included this file.
  if(NOT CMAKE_CURRENT_LIST_FILE MATCHES "(^|/)CTestTestfile\\.cmake$"
      AND ARGV MATCHES ";FIXTURES_REQUIRED;")
    foreach(i RANGE ${first} ${last} 2)
      if(NOT "${ARGV${i}}" IN_LIST _gentle_property_names)
        _gentle_join_unknown()
        break()
      endif()
    endforeach()
  endif()
endmacro()

# Reads the words in both ways: as pairs, and as values that reach to the next name of a property. Macros as above.
macro(_gentle_join_unknown)
  set(pairs 0)
  set(lost "")             # of FIXTURES_REQUIRED, if the values are joined
  set(in_pairs "")         # of FIXTURES_REQUIRED, if they are not
  set(are_pairs TRUE)
  set(names_look_odd FALSE) # who names properties, writes them as CMake does
  set(can_be_joined TRUE)
  set(name "")             # in the place of one
  set(is_even TRUE)
  foreach(i RANGE ${first} ${last})
    set(is_known FALSE)
    if("${ARGV${i}}" IN_LIST _gentle_property_names)
      set(is_known TRUE)
    endif()
    set(service "")
    _gentle_read_joined()
    _gentle_read_in_pairs()
  endforeach()
  if(NOT is_even)
    set(are_pairs FALSE)
  endif()
  list(REMOVE_ITEM lost "" ${in_pairs})
  _gentle_services_from_here(lost ${lost})
  if(NOT "${lost}" STREQUAL "" AND are_pairs AND names_look_odd)
    _gentle_warn_of_lost("${ARGV0}" ${lost})
  elseif(NOT "${lost}" STREQUAL "" AND NOT are_pairs)
    _gentle_write_joined()
  endif()
endmacro()

# One word, as the name of the next property or as one more of the value of the last one. `service`: the services that
# it names for FIXTURES_REQUIRED.
macro(_gentle_read_joined)
  if(is_known)
    math(EXPR pairs "${pairs} + 1")
    set(name_${pairs} "${ARGV${i}}")
    set(has_value_${pairs} FALSE)
  elseif(pairs EQUAL 0)
    set(can_be_joined FALSE)
  else()
    if("${name_${pairs}}" STREQUAL "FIXTURES_REQUIRED")
      list(APPEND lost ${ARGV${i}})
      _gentle_services_from_here(service ${ARGV${i}})
    endif()
    if(has_value_${pairs})
      string(APPEND value_${pairs} ";${ARGV${i}}")
      if("${service}" STREQUAL "")
        _gentle_may_follow(may_follow "${name_${pairs}}" "${ARGV${i}}")
        if(NOT may_follow)
          set(can_be_joined FALSE)
        endif()
      endif()
    else()
      set(value_${pairs} "${ARGV${i}}")
      set(has_value_${pairs} TRUE)
    endif()
  endif()
endmacro()

# The same word, as the name or as the value of a pair.
macro(_gentle_read_in_pairs)
  if(is_even)
    set(name "${ARGV${i}}")
    set(name_is_known ${is_known})
    if(NOT is_known AND "${name}" MATCHES "[a-z]")
      set(names_look_odd TRUE)
    endif()
    if(NOT "${service}" STREQUAL "" OR NOT "${name}" MATCHES "^[A-Za-z_][A-Za-z0-9_.:-]*$")
      set(are_pairs FALSE)
    endif()
    set(is_even FALSE)
  else()
    if("${name}" STREQUAL "FIXTURES_REQUIRED")
      list(APPEND in_pairs ${ARGV${i}})
    elseif(NOT name_is_known AND "${ARGV${i}}" STREQUAL "FIXTURES_REQUIRED")
      set(are_pairs FALSE)
    endif()
    set(is_even TRUE)
  endif()
endmacro()

# Puts each name and its joined value in the place of the words, if each has one, or warns.
macro(_gentle_write_joined)
  foreach(i RANGE 1 ${pairs})
    if(NOT has_value_${i})
      set(can_be_joined FALSE)
    endif()
  endforeach()
  if(can_be_joined)
    set(last ${first})
    foreach(i RANGE 1 ${pairs})
      set(ARGV${last} "${name_${i}}")
      math(EXPR last "${last} + 1")
      set(ARGV${last} "${value_${i}}")
      math(EXPR last "${last} + 1")
    endforeach()
    set(count ${last})
    math(EXPR last "${last} - 1")
  else()
    _gentle_warn_of_lost("${ARGV0}" ${lost})
  endif()
endmacro()

# Whether a word can be one more of a property's list. What may as well be a property of the user's cannot: it would
# change what CTest does.
function(_gentle_may_follow out property word)
  set(form "[^A-Z0-9_]")
  if("${property}" STREQUAL "ENVIRONMENT")
    set(form "^[^=]+=")
  elseif("${property}" STREQUAL "ENVIRONMENT_MODIFICATION")
    set(form "^[^=]+=[a-z_]+:")
  elseif("${property}" STREQUAL "RESOURCE_GROUPS")
    set(form "^[0-9]")
  elseif("${property}" MATCHES "_REGULAR_EXPRESSION$")
    set(form "[^A-Za-z0-9_]")
  elseif(NOT "${property}" IN_LIST _gentle_list_properties)
    set(form "^$")
  endif()
  set(${out} FALSE PARENT_SCOPE)
  if("${word}" MATCHES "${form}")
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

function(_gentle_warn_of_lost test)
  get_property(warned GLOBAL PROPERTY _GENTLE_WARNED_OF_LOST)
  if(NOT warned)
    set_property(GLOBAL PROPERTY _GENTLE_WARNED_OF_LOST TRUE)
    list(JOIN ARGN " " services)
    message(WARNING "GentleFixtures: test '${test}' and others may run without ${services}: the discovery of tests has "
      "written the list of its FIXTURES_REQUIRED as several words, and nobody can tell where it ends. "
      "Take it out of PROPERTIES, and write attach_fixtures(FIXTURES ${services} TESTS ${test}).")
  endif()
endfunction()

# Takes our own files off the calls that have made a test, which CMake writes as triples of a file, a line and a command,
# the innermost first. An IDE shows the place that `ctest --show-only=json-v1` names first. A macro as above.
macro(_gentle_begin_at_the_user _gentle_argc)
  math(EXPR i "${_gentle_argc} - 2")
  if(i GREATER 0 AND "${ARGV${i}}" STREQUAL "_BACKTRACE_TRIPLES")
    math(EXPR i "${i} + 1")
    string(FIND "${ARGV${i}}" "${_gentle_module_dir}/" begin)
    # Not as a list, in which a '[' of a path would keep what follows together.
    while(begin EQUAL 0 AND "${ARGV${i}}" MATCHES "^[^;]*;[0-9]+;[^;]*;(.*)$")
      set(ARGV${i} "${CMAKE_MATCH_1}")
      string(FIND "${ARGV${i}}" "${_gentle_module_dir}/" begin)
    endwhile()
  endif()
endmacro()

include("${CMAKE_CURRENT_LIST_DIR}/attach_tests.cmake")
if(_gentle_names_are_shared)
  include("${CMAKE_CURRENT_LIST_DIR}/shared_names.cmake")
endif()

function(add_test)
  if(ARGC GREATER 64)
    _gentle_many_words(_gentle_words_${ARGC} ${ARGC})
  endif()
  if(_gentle_names_are_shared)
    _gentle_name_in_ctest(ARGV0 "${ARGV0}" "${ARGV1}" "${ARGV2}" "${ARGV3}")
  endif()
  if(DEFINED "_gentle_fixture_of_${ARGV0}")
    # Made from fixtures.cmake because a test that was read before needs it?
    get_property(there GLOBAL PROPERTY "_GENTLE_THERE_${ARGV0}")
    if(there)
      return()
    endif()
    set_property(GLOBAL PROPERTY "_GENTLE_THERE_${ARGV0}" TRUE)
    set_property(GLOBAL PROPERTY "_GENTLE_MADE_${_gentle_fixture_of_${ARGV0}}" TRUE)
  elseif((_gentle_has_services OR _gentle_has_attachments) AND NOT "${ARGV1}" STREQUAL "${_gentle_helper}"
      AND NOT (ARGC EQUAL 2 AND "${ARGV1}" STREQUAL "NOT_AVAILABLE"))
    get_property(waits GLOBAL PROPERTY _GENTLE_SCRIPTS_FOLLOW)
    if(waits)
      cmake_language(EVAL CODE "_gentle_call_later(add_test ${_gentle_words_${ARGC}})")
      return()
    endif()
    _gentle_services_of(services "${ARGV0}")
    if(_gentle_no_configuration)
      list(REMOVE_ITEM services NONE)
      if(NOT "${services}" STREQUAL "")
        _gentle_add_unavailable("${ARGV0}")
        return()
      endif()
    elseif(NOT "${services}" STREQUAL "")
      string(REPLACE "\"\${ARGV0}\"" "" command "${_gentle_words_${ARGC}}")
      _gentle_launcher(launcher ${services})
      cmake_language(EVAL CODE "add_test(\"\${ARGV0}\" ${launcher} ${command})")
      # So that the test is skipped with its service. If its program ends so, `gentle run` changes it.
      __set_tests_properties("${ARGV0}" PROPERTIES SKIP_RETURN_CODE 77
        ENVIRONMENT "GENTLE_TEST_SKIP_RETURN_CODE=77;GENTLE_TEST_NEVER_SKIPS_ITSELF=1")
      set_property(GLOBAL PROPERTY "_GENTLE_WRAPPED_${ARGV0}" ATTACHED)
      return()
    endif()
  endif()
  if(_gentle_no_configuration)
    if("${ARGV1}" STREQUAL "${_gentle_helper}" AND "${ARGV3}" STREQUAL "--with")
      _gentle_add_unavailable("${ARGV0}")
      return()
    endif()
  endif()
  cmake_language(EVAL CODE "__add_test(${_gentle_words_${ARGC}})")

  set(needs "")
  if("${ARGV2}" STREQUAL "run" AND "${ARGV1}" STREQUAL "${_gentle_helper}")
    # Whoever writes such a command writes the services first.
    foreach(i RANGE 3 ${ARGC} 2)
      if(NOT "${ARGV${i}}" STREQUAL "--with")
        break()
      endif()
      math(EXPR i "${i} + 1")
      get_filename_component(service "${ARGV${i}}" NAME_WLE)
      list(APPEND needs ${_gentle_needs_${service}})
    endforeach()
    set_property(GLOBAL PROPERTY "_GENTLE_WRAPPED_${ARGV0}" TRUE)
    string(REPLACE ";" "\\;" name "${ARGV0}")
    __set_tests_properties("${ARGV0}" PROPERTIES ENVIRONMENT "${_gentle_settings}${name}" FIXTURES_REQUIRED "${needs}")
    _gentle_use("${ARGV0}" ${needs})
  elseif(DEFINED "_gentle_fixture_of_${ARGV0}")
    _gentle_use("${ARGV0}" ${_gentle_uses_${ARGV0}})
  elseif("${ARGV0}" STREQUAL "attach_fixtures")
    _gentle_tell_found()
  endif()
  if(DEFINED _gentle_fixture_of_coverage.reset AND NOT "${ARGV0}" MATCHES "^coverage\\.(reset|report)$")
    __set_tests_properties("${ARGV0}" PROPERTIES FIXTURES_REQUIRED coverage)
    list(APPEND needs coverage)
  endif()
  foreach(fixture IN LISTS needs)
    get_property(there GLOBAL PROPERTY "_GENTLE_MADE_${fixture}")
    if(NOT there AND COMMAND "_gentle_make_tests_of_${fixture}")
      set_property(GLOBAL PROPERTY "_GENTLE_MADE_${fixture}" TRUE)
      cmake_language(CALL "_gentle_make_tests_of_${fixture}")
    endif()
  endforeach()
endfunction()

# A test that CTest reports as Not Run. It says that the configuration is missing.
function(_gentle_add_unavailable test)
  __add_test("${test}" NOT_AVAILABLE)
  set_property(GLOBAL PROPERTY "_GENTLE_WRAPPED_${test}" TRUE)
endfunction()

# Notes, as code, that the test uses these services, and tells it which of them are disabled on purpose.
function(_gentle_use test)
  foreach(service IN LISTS ARGN)
    set_property(GLOBAL APPEND_STRING PROPERTY "_GENTLE_USERS_${service}" "_gentle_tell_disabled([==[${test}]==])\n")
    get_property(disabled GLOBAL PROPERTY "_GENTLE_DISABLED_${service}")
    if(NOT "${disabled}" STREQUAL "")
      _gentle_tell_disabled("${test}")
    endif()
  endforeach()
endfunction()

# Of the caller: service, disabled.
function(_gentle_tell_disabled test)
  __set_tests_properties("${test}" PROPERTIES ENVIRONMENT "${_gentle_disabled_by_${service}}=${disabled}")
endfunction()

function(_gentle_start_is_disabled service disabled)
  set_property(GLOBAL PROPERTY "_GENTLE_DISABLED_${service}" ${disabled})
  get_property(users GLOBAL PROPERTY "_GENTLE_USERS_${service}")
  cmake_language(EVAL CODE "${users}")
endfunction()

# What of a test's properties decides how it is run, its verdict or its time-out.
set(_gentle_told_properties FIXTURES_REQUIRED TIMEOUT TIMEOUT_SIGNAL_NAME TIMEOUT_SIGNAL_GRACE_PERIOD TIMEOUT_AFTER_MATCH WILL_FAIL
  SKIP_RETURN_CODE PASS_REGULAR_EXPRESSION FAIL_REGULAR_EXPRESSION SKIP_REGULAR_EXPRESSION DISABLED)

function(set_tests_properties)
  if(ARGC GREATER 64)
    _gentle_many_words(_gentle_words_${ARGC} ${ARGC})
  endif()
  get_property(waits GLOBAL PROPERTY _GENTLE_SCRIPTS_FOLLOW)
  if(waits)
    cmake_language(EVAL CODE "_gentle_call_later(set_tests_properties ${_gentle_words_${ARGC}})")
    return()
  endif()
  _gentle_find_properties(${ARGC})
  if(count GREATER 64)
    _gentle_many_words(_gentle_words_${count} ${count})
  endif()
  _gentle_begin_at_the_user(${count})
  cmake_language(EVAL CODE "__set_tests_properties(${_gentle_words_${count}})")
  if(first GREATER last)
    return()
  endif()
  set(settings "")
  set(late_services "")
  set(skips_itself FALSE)
  set(has_path FALSE)
  if(ARGV MATCHES ";PATH=")
    if(NOT "$ENV{PATH}" MATCHES ";")
      set(has_path TRUE)
    endif()
  endif()
  foreach(i RANGE ${first} ${last} 2)
    set(property "${ARGV${i}}")
    if(NOT "${property}" IN_LIST _gentle_told_properties)
      continue()
    endif()
    math(EXPR i "${i} + 1")
    if("${property}" STREQUAL "FIXTURES_REQUIRED")
      _gentle_known_services(late_services "${ARGV${i}}")
    elseif("${property}" STREQUAL "TIMEOUT_AFTER_MATCH")
      list(APPEND settings "GENTLE_TEST_TIMEOUT_AFTER_MATCH=1")
    elseif("${property}" STREQUAL "SKIP_REGULAR_EXPRESSION" AND "${ARGV${i}}" STREQUAL "\\[  SKIPPED \\]")
      # Of gtest_discover_tests, for each test: what does not hold these words may be in the output.
      list(APPEND settings "GENTLE_TEST_SKIPPED_BY=[  SKIPPED ]")
    elseif("${property}" STREQUAL "DISABLED")
      set(disabled 0)
      if("${ARGV${i}}" MATCHES "^([1-9][0-9]*|[Oo][Nn]|[Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Yy])$")
        set(disabled 1)
      endif()
    elseif("${property}" MATCHES "_REGULAR_EXPRESSION$")
      list(APPEND settings "GENTLE_TEST_OUTPUT_IS_MATCHED=1")
    else()
      list(APPEND settings "GENTLE_TEST_${property}=${ARGV${i}}")
      if("${property}" STREQUAL "SKIP_RETURN_CODE")
        set(skips_itself TRUE)
      endif()
    endif()
  endforeach()
  if("${settings}${late_services}" STREQUAL "" AND NOT DEFINED disabled AND NOT has_path)
    return()
  endif()

  foreach(i RANGE ${last_test})
    get_property(wrapped GLOBAL PROPERTY "_GENTLE_WRAPPED_${ARGV${i}}")
    if(wrapped AND has_path)
      # By itself: a '[' in it would keep what follows in a list together.
      __set_tests_properties("${ARGV${i}}" PROPERTIES ENVIRONMENT "GENTLE_TEST_PATH=$ENV{PATH}")
    endif()
    if(wrapped AND NOT "${settings}" STREQUAL "")
      __set_tests_properties("${ARGV${i}}" PROPERTIES ENVIRONMENT "${settings}")
      if(skips_itself AND "${wrapped}" STREQUAL "ATTACHED")
        __set_tests_properties("${ARGV${i}}" PROPERTIES ENVIRONMENT GENTLE_TEST_NEVER_SKIPS_ITSELF=0)
      endif()
    elseif(NOT wrapped AND NOT "${late_services}" STREQUAL "" AND NOT DEFINED "_gentle_fixture_of_${ARGV${i}}")
      message(WARNING "GentleFixtures: test '${ARGV${i}}' gets FIXTURES_REQUIRED ${late_services} when ctest knows its "
        "command already. It runs beside the service, but without its variables, and no log is shown if it fails. "
        "Name it in attach_fixtures(TESTS).")
    elseif(DEFINED disabled AND DEFINED "_gentle_fixture_of_${ARGV${i}}" AND "${ARGV${i}}" MATCHES "^(.*)\\.start$")
      _gentle_start_is_disabled("${CMAKE_MATCH_1}" ${disabled})
    endif()
  endforeach()
endfunction()

# The second hiding. Whoever hides a command after us gets ours by the name with one `_`.
function(_add_test)
endfunction()
function(_set_tests_properties)
endfunction()
