#[=======================================================================[.rst:
.. command:: attach_fixtures

  Gives services to tests that exist already, whoever makes them::

    attach_fixtures(FIXTURES <service>...|NONE
      [TESTS <name>...]
      [MATCHING <regex>...])

  | keyword | what it says | default |
  |---|---|---|
  | ``FIXTURES`` | the services, or ``NONE`` | required |
  | ``TESTS`` | names of tests | none; one of the two is required |
  | ``MATCHING`` | regular expressions for names of tests | none |

  Nothing is changed in the tests. Each is then run as a test of :command:`add_fixture_test` is: when the
  services are ready, and with their variables in its environment. If it fails, it shows what they logged. Its
  coverage, its time-out and its skip are those of such a test. Its command stays as it is written: ``@NAME@``
  is not replaced in it.

  Several calls add up. They may stand before or after the tests, in any folder. The tests may be made by ``add_test``
  (both signatures), by ``gtest_discover_tests``, ``catch_discover_tests``, ``doctest_discover_tests``, or by anything
  else whose tests ctest reads. A test that goes through ``gentle`` already is left alone.

  A test that can be given properties needs no call: ``FIXTURES_REQUIRED <service>`` does the same, set in any way.

  ``FIXTURES <service>...``
    The services. They may be declared later, anywhere in the project. No default.
    ``NONE``: the tests start their servers by themselves. With :command:`add_fixture_coverage` the coverage of all
    that they start is kept, as with :command:`add_fixture_test`.

  ``TESTS <name>...``
    Names of tests, as ``ctest -N`` prints them.

  ``MATCHING <regex>...``
    Regular expressions of CMake; each test whose name holds a match gets the services.

  A name or a regular expression that no test has stops the configure step. Where ctest alone knows all tests, since
  some are discovered, a test ``attach_fixtures`` fails instead and says which.

  ``SKIP_RETURN_CODE`` stays as the test has it. If it has none, the test is skipped when a service is disabled, and
  fails if its program ends with 77 by itself.

  Needs CMake 3.22.
#]=======================================================================]
function(attach_fixtures)
  _gentle_return_without_testing()
  _gentle_read_arguments(${ARGC})
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  set(_gentle_function attach_fixtures)
  set(_gentle_subject "")
  _gentle_parse(0 FIXTURES:some TESTS:some MATCHING:some)
  if(NOT arg_FIXTURES)
    _gentle_fail_missing(FIXTURES "missing." FIXTURES TESTS MATCHING)
  endif()
  _gentle_check_fixtures(fixtures)
  if(NOT arg_TESTS AND NOT arg_MATCHING)
    _gentle_fail(TESTS "missing, and MATCHING as well: which tests?")
  endif()
  list(JOIN fixtures " " _gentle_subject)
  if("${fixtures}" STREQUAL "")
    set(_gentle_subject NONE)
  endif()
  set(_gentle_subject "FIXTURES ${_gentle_subject}")
  _gentle_helper(helper)
  foreach(keyword IN ITEMS TESTS MATCHING)
    _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
    foreach(i IN LISTS numbers)
      _gentle_attach("${keyword}" "${arg_${keyword}_${i}}" ${fixtures})
    endforeach()
  endforeach()
  _gentle_add_client("" ${fixtures})
endfunction()

# One name or regular expression. Global properties:
#   _GENTLE_ATTACHMENTS   their numbers
#   _GENTLE_ATTACHMENT_<i>_KEYWORD, _VALUE, _SERVICES, _CLIENT, _SUBJECT, _WHERE
function(_gentle_attach keyword value)
  if("${value}" STREQUAL "")
    _gentle_fail("${keyword}" "'' is not the name of a test.")
  elseif(keyword STREQUAL "MATCHING")
    _gentle_check_cmake_regex("${value}")
  endif()
  get_property(all GLOBAL PROPERTY _GENTLE_ATTACHMENTS)
  list(LENGTH all number)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_ATTACHMENTS ${number})
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_KEYWORD "${keyword}")
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_VALUE "${value}")
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SERVICES "${ARGN}")
  _gentle_next_client(client)
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_CLIENT ${client})
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SUBJECT "${_gentle_subject}")
  set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_WHERE "${CMAKE_CURRENT_LIST_FILE}")
endfunction()

# In a CMake of its own: a wrong one ends whoever compiles it.
function(_gentle_check_cmake_regex regex)
  get_property(module_dir GLOBAL PROPERTY _GENTLE_MODULE_DIR)
  set(ENV{GENTLE_REGEX} "${regex}")
  execute_process(COMMAND "${CMAKE_COMMAND}" -P "${module_dir}/compile_regex.cmake"
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  unset(ENV{GENTLE_REGEX})
  if(NOT status EQUAL 0)
    _gentle_fail(MATCHING "'${regex}' is not a regular expression of CMake.")
  endif()
endfunction()

# For read_tests.cmake. Called by _gentle_finish, again if it is.
function(_gentle_attachment_code out)
  get_property(attachments GLOBAL PROPERTY _GENTLE_ATTACHMENTS)
  set(names "")
  set(text "")
  foreach(number IN LISTS attachments)
    get_property(keyword GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_KEYWORD)
    get_property(value GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_VALUE)
    get_property(client GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_CLIENT)
    get_property(services GLOBAL PROPERTY _GENTLE_CLIENT_${client}_IDS)
    _gentle_full_names(services ${services})
    if("${services}" STREQUAL "")
      set(services NONE)
    endif()
    string(APPEND text "set(_gentle_has_attachments TRUE)\nset(_gentle_attachment_${number}_services [==[${services}]==])\n")
    _gentle_literal(value "${value}")
    if(keyword STREQUAL "TESTS")
      string(APPEND text "list(APPEND [==[_gentle_attached_${value}]==] ${number})\n")
    else()
      string(APPEND text "list(APPEND _gentle_patterns ${number})\nset(_gentle_pattern_${number} [==[${value}]==])\n")
    endif()
  endforeach()
  _gentle_find_attached_tests(doubtful)
  if(NOT "${doubtful}" STREQUAL "")
    string(APPEND text "set(_gentle_doubtful [==[${doubtful}]==])\n")
    _gentle_add_attachment_test(${doubtful})
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# The numbers of those that only ctest can find a test for. What nobody can find is a mistake.
function(_gentle_find_attached_tests out)
  get_property(attachments GLOBAL PROPERTY _GENTLE_ATTACHMENTS)
  set(doubtful "")
  if(NOT "${attachments}" STREQUAL "")
    set(tests "")
    set(is_all TRUE)
    _gentle_collect_tests("${CMAKE_SOURCE_DIR}")
  endif()
  foreach(number IN LISTS attachments)
    get_property(keyword GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_KEYWORD)
    get_property(value GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_VALUE)
    set(found FALSE)
    if(keyword STREQUAL "TESTS")
      if("${value}" IN_LIST tests)
        set(found TRUE)
        _gentle_check_left_alone(${number})
      endif()
    else()
      foreach(test IN LISTS tests)
        if("${test}" MATCHES "${value}")
          set(found TRUE)
          break()
        endif()
      endforeach()
    endif()
    if(NOT found AND is_all)
      set(_gentle_function attach_fixtures)
      get_property(_gentle_subject GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SUBJECT)
      get_property(where GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_WHERE)
      set(hint "")
      if(keyword STREQUAL "TESTS")
        _gentle_did_you_mean(hint "${value}" ${tests})
      endif()
      _gentle_fail_at("${where}" "${keyword}" "no test's name is or matches '${value}'.${hint}")
    elseif(NOT found)
      list(APPEND doubtful ${number})
    endif()
  endforeach()
  set(${out} "${doubtful}" PARENT_SCOPE)
endfunction()

# A test of add_fixture_test is left alone, so that it must have asked for the services itself.
function(_gentle_check_left_alone number)
  get_property(test GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_VALUE)
  get_property(missing GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SERVICES)
  get_property(clients GLOBAL PROPERTY _GENTLE_CLIENTS)
  foreach(client IN LISTS clients)
    get_property(function GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FUNCTION)
    get_property(subject GLOBAL PROPERTY _GENTLE_CLIENT_${client}_SUBJECT)
    if(NOT function STREQUAL "add_fixture_test" OR NOT "${subject}" STREQUAL "${test}")
      continue()
    endif()
    get_property(fixtures GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FIXTURES)
    list(REMOVE_ITEM missing ${fixtures})
    if(NOT "${missing}" STREQUAL "")
      set(_gentle_function attach_fixtures)
      get_property(_gentle_subject GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SUBJECT)
      get_property(where GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_WHERE)
      _gentle_fail_at("${where}" TESTS
        "'${test}' is made by add_fixture_test: name '${missing}' in its FIXTURES.")
    endif()
  endforeach()
endfunction()

# Of a folder and those below, to the caller's `tests`; `is_all`, unless ctest finds more of them.
function(_gentle_collect_tests folder)
  get_property(here DIRECTORY "${folder}" PROPERTY TESTS)
  get_property(included DIRECTORY "${folder}" PROPERTY TEST_INCLUDE_FILES)
  get_property(below DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  list(FILTER included EXCLUDE REGEX "/CMakeFiles/GentleFixtures/")
  if(NOT "${included}" STREQUAL "")
    set(is_all FALSE)
  endif()
  list(APPEND tests ${here})
  foreach(one IN LISTS below)
    _gentle_collect_tests("${one}")
  endforeach()
  set(tests "${tests}" PARENT_SCOPE)
  set(is_all ${is_all} PARENT_SCOPE)
endfunction()

# A test that fails if ctest has found none of them. It reads what they are from a file, and hears from
# attach_tests.cmake which were found.
function(_gentle_add_attachment_test)
  set(file "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures/attach_fixtures")
  set(text "")
  foreach(number IN LISTS ARGN)
    get_property(keyword GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_KEYWORD)
    get_property(value GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_VALUE)
    get_property(subject GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_SUBJECT)
    get_property(where GLOBAL PROPERTY _GENTLE_ATTACHMENT_${number}_WHERE)
    file(RELATIVE_PATH where "${CMAKE_SOURCE_DIR}" "${where}")
    string(APPEND text "${number} attach_fixtures(${subject}): ${keyword}: '${value}' (in ${where})\n")
  endforeach()
  file(WRITE "${file}" "${text}")
  get_property(added GLOBAL PROPERTY _GENTLE_ATTACHMENT_TEST_ADDED)
  if(NOT added)
    set_property(GLOBAL PROPERTY _GENTLE_ATTACHMENT_TEST_ADDED TRUE)
    _gentle_helper(helper)
    add_test(NAME attach_fixtures COMMAND "${helper}" check-attached "${file}")
  endif()
endfunction()
