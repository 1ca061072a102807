#[=======================================================================[.rst:
.. command:: add_fixture_test

  Adds a test that needs services, as ``add_test(NAME)`` adds one that needs none::

    add_fixture_test(NAME <test>
      COMMAND <target or program> [<arg>...]
      FIXTURES <service>...|NONE
      [TIMEOUT <seconds>]
      [ENVIRONMENT <VAR>=<value>...]
      [WORKING_DIRECTORY <dir>]
      [CONFIGURATIONS <config>...]
      [COVERAGE AUTO|python|node|java]
      [LABELS <label>...]
      [PROPERTIES <prop> <value>...])

  | keyword | what it says | default |
  |---|---|---|
  | ``NAME`` | the name of the test | required |
  | ``COMMAND`` | what to run | required |
  | ``FIXTURES`` | the services that it needs, or ``NONE`` | required |
  | ``TIMEOUT`` | seconds that it may run | that of CTest |
  | ``ENVIRONMENT`` | variables for the test | none |
  | ``WORKING_DIRECTORY`` | where it runs | the current binary directory |
  | ``CONFIGURATIONS`` | configurations in which it exists | all |
  | ``COVERAGE`` | whether Python, Node or Java that it runs is recorded | ``AUTO`` |
  | ``LABELS`` | its labels | none |
  | ``PROPERTIES`` | more test properties | none |

  The test runs when the services, and all that they depend on, are ready. Their variables are in its
  environment, and ``@NAME@`` is replaced in ``COMMAND``, ``ENVIRONMENT`` and ``WORKING_DIRECTORY`` (see
  :command:`add_fixture_service`). It ends as its program ends. If it fails, it prints what each service logged
  meanwhile, unless CTest matches its output. If a service is disabled, the test is skipped as well. Its verdict
  is that of ``add_test``, whatever properties it gets, here or by ``set_tests_properties``.

  Every argument arrives as written, with generator expressions replaced. What cannot be an argument: a
  newline, and a word that is one of the keywords above (write ``$<1:LABELS>`` for the plain word LABELS).

  ``NAME <test>``
    The name of the test. No default.

  ``COMMAND <target or program> [<arg>...]``
    What to run: the executable target (its ``TEST_LAUNCHER`` and ``CROSSCOMPILING_EMULATOR`` are put
    before it) or a program. No default.

  ``FIXTURES <service>...``
    The services that the test needs. They may be declared later, anywhere in the project; a name means the one of the
    nearest project that has it, ``<project>.<service>`` that of another one. No default.
    ``NONE``: it needs none, and may start servers by itself. With :command:`add_fixture_coverage` the coverage of all
    that it starts is kept.

  ``TIMEOUT <seconds>``
    How long the test may run. ``gentle run`` ends it shortly before (a tenth of the time, half a second to five
    seconds) by SIGINT or ``TIMEOUT_SIGNAL_NAME``, and then by SIGKILL. So its coverage and what its services
    logged are kept. CTest reports it as timed out. A time-out that is set in any other way counts as well.
    Default: that of CTest.

  ``ENVIRONMENT <VAR>=<value>...``
    More variables for the test, in a file that only the user can read (unlike the ``ENVIRONMENT`` of
    ``PROPERTIES``, which is CTest's). Default: none.

  ``WORKING_DIRECTORY <dir>``
    Where the test runs; a relative path is relative to the current binary directory, which is also the
    default.

  ``CONFIGURATIONS <config>...``
    The test exists in these configurations only. Default: in all.

  ``COVERAGE AUTO|python|node|java``
    With :command:`add_fixture_coverage`. ``python``, ``node`` and ``java`` record what the test's processes of Python,
    Node or Java execute, as ``COVERAGE`` of :command:`add_fixture_service` does. Default: ``AUTO``.

  ``LABELS <label>...``
    Labels of the test. Default: none.

  ``PROPERTIES <prop> <value>...``
    More test properties, as for ``set_tests_properties``. ``FIXTURES_REQUIRED`` adds to the services.
    ``SKIP_RETURN_CODE`` is 77 by default, and what the test ends with when a service is disabled.

  Needs CMake 3.22.
#]=======================================================================]
function(add_fixture_test)
  _gentle_return_without_testing()
  _gentle_read_arguments(${ARGC})
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  set(_gentle_function add_fixture_test)
  set(_gentle_subject "")
  if(_gentle_argc GREATER 1 AND "${_gentle_argv_0}" STREQUAL "NAME")
    set(_gentle_subject "${_gentle_argv_1}")
  endif()
  _gentle_parse(0 NAME:one COMMAND:some FIXTURES:some TIMEOUT:one ENVIRONMENT:any WORKING_DIRECTORY:one
    CONFIGURATIONS:any COVERAGE:one LABELS:any PROPERTIES:pairs)
  if(NOT arg_NAME)
    _gentle_fail(NAME "missing.")
  endif()
  set(_gentle_subject "${arg_NAME_0}")
  if("${arg_NAME_0}" STREQUAL "")
    _gentle_fail(NAME "the name is an empty string.")
  elseif(NOT arg_COMMAND)
    _gentle_fail_missing(COMMAND "missing." COMMAND FIXTURES LABELS PROPERTIES)
  elseif("${arg_COMMAND_0}" STREQUAL "")
    _gentle_fail(COMMAND "the program is an empty string.")
  elseif(NOT arg_FIXTURES)
    _gentle_fail_missing(FIXTURES "missing." FIXTURES COMMAND ENVIRONMENT CONFIGURATIONS LABELS PROPERTIES)
  endif()
  if(arg_TIMEOUT)
    _gentle_check_seconds(TIMEOUT "${arg_TIMEOUT_0}")
  endif()
  _gentle_check_choice(COVERAGE AUTO python node java)
  _gentle_note_language("${arg_COMMAND_0}")
  _gentle_check_fixtures(fixtures)
  _gentle_check_properties()
  _gentle_check_assignments(ENVIRONMENT)

  _gentle_helper(helper)
  set(words_COUNT 0)
  _gentle_push(words NAME "${arg_NAME_0}")
  _gentle_push_all(words CONFIGURATIONS)
  set(chdir "")
  if(arg_WORKING_DIRECTORY)
    _gentle_plain_path(base "${CMAKE_CURRENT_BINARY_DIR}")
    _gentle_absolute(chdir "${arg_WORKING_DIRECTORY_0}" "${base}")
    if(NOT "${chdir}" MATCHES "@")
      _gentle_push(words WORKING_DIRECTORY "${chdir}")
      set(chdir "")
    endif()
  endif()
  _gentle_push(words COMMAND "${helper}" run)
  _gentle_push_services(words "${fixtures}")
  if("${fixtures}" STREQUAL "")
    _gentle_generated_dir(dir)
    _gentle_push(words --coverage "${dir}/coverage.spec")
  endif()
  if(arg_COVERAGE AND NOT "${arg_COVERAGE_0}" STREQUAL "AUTO")
    _gentle_push(words --record "${arg_COVERAGE_0}")
  endif()
  if(arg_ENVIRONMENT_COUNT GREATER 0)
    # Not as words of the command: everybody can read those in CTestTestfile.cmake, in ctest's logs
    # and by ps.
    _gentle_generate_arguments(settings ENVIRONMENT environment)
    _gentle_push(words --env-from "${settings}")
  endif()
  if(NOT "${chdir}" STREQUAL "")
    _gentle_push(words --chdir "${chdir}")
  endif()
  set(program "${arg_COMMAND_0}")
  if("${program}" MATCHES "^[A-Za-z0-9_.:+-]+$")
    set(launcher "$<TARGET_PROPERTY:${program},TEST_LAUNCHER>")
    set(emulator "$<TARGET_PROPERTY:${program},CROSSCOMPILING_EMULATOR>")
    set(both "$<$<AND:$<BOOL:${launcher}>,$<BOOL:${emulator}>>:$<SEMICOLON>>")
    _gentle_is_executable(is_target "${program}")
    # One word with its option: an IDE may lose an empty one.
    _gentle_push(words "--emulator=$<${is_target}:${launcher}${both}${emulator}>")
  endif()
  _gentle_program(program_file "${program}")
  _gentle_push(words -- "${program_file}")
  _gentle_numbers(numbers "${arg_COMMAND_COUNT}" 1)
  foreach(i IN LISTS numbers)
    _gentle_literal(value "${arg_COMMAND_${i}}")
    _gentle_push(words "${value}")
  endforeach()
  _gentle_references(references words)
  cmake_language(EVAL CODE "add_test(${references})")

  _gentle_fixtures_required(required ${fixtures})
  set(properties_COUNT 0)
  _gentle_push(properties FIXTURES_REQUIRED "${required};${more_fixtures}")
  if(arg_TIMEOUT)
    _gentle_push(properties TIMEOUT "${arg_TIMEOUT_0}")
  endif()
  if(arg_LABELS)
    _gentle_values_as_list(labels LABELS)
    _gentle_push(properties LABELS "${labels}")
  endif()
  _gentle_push(properties SKIP_RETURN_CODE "${skip_code}")
  _gentle_push_properties(properties)
  _gentle_references(references properties)
  cmake_language(EVAL CODE "set_tests_properties(\"\${arg_NAME_0}\" PROPERTIES ${references})")
  _gentle_add_client("${program}" ${fixtures})
endfunction()

# FIXTURES as a list of well-formed names, empty for NONE; that they are services is checked at the end.
function(_gentle_check_fixtures out)
  set(may_be_none FALSE)
  if(_gentle_function MATCHES "^(add_fixture_test|attach_fixtures)$")
    set(may_be_none TRUE)
  endif()
  if(may_be_none AND arg_FIXTURES_COUNT EQUAL 1 AND "${arg_FIXTURES_0}" STREQUAL "NONE")
    set(${out} "" PARENT_SCOPE)
    return()
  endif()
  _gentle_numbers(numbers "${arg_FIXTURES_COUNT}")
  foreach(i IN LISTS numbers)
    if("${arg_FIXTURES_${i}}" STREQUAL "NONE" AND may_be_none)
      _gentle_fail(FIXTURES "NONE stands alone.")
    elseif(NOT "${arg_FIXTURES_${i}}" MATCHES "^([A-Za-z0-9_-]+\\.)?[a-z][a-z0-9_-]*$")
      set(hint "")
      if("${arg_FIXTURES_${i}}" MATCHES "^[A-Z_]+$")
        _gentle_did_you_mean(hint "${arg_FIXTURES_${i}}" NAME COMMAND TIMEOUT ENVIRONMENT WORKING_DIRECTORY
          CONFIGURATIONS LABELS PROPERTIES EXTRA_ARGS TESTS MATCHING)
      endif()
      _gentle_fail(FIXTURES "'${arg_FIXTURES_${i}}' is not a valid service name.${hint}")
    endif()
  endforeach()
  _gentle_values_as_list(fixtures FIXTURES)
  list(REMOVE_DUPLICATES fixtures)
  set(${out} "${fixtures}" PARENT_SCOPE)
endfunction()

# Finds in PROPERTIES what is not simply handed on: sets skip_code and more_fixtures.
function(_gentle_check_properties)
  set(skip_code 77)
  set(more_fixtures "")
  _gentle_numbers(numbers "${arg_PROPERTIES_COUNT}" 0 2)
  foreach(i IN LISTS numbers)
    set(property "${arg_PROPERTIES_${i}}")
    math(EXPR i "${i} + 1")
    if(i EQUAL arg_PROPERTIES_COUNT)
      _gentle_fail(PROPERTIES "expected a value after '${property}': PROPERTIES takes pairs of <prop> <value>.")
    endif()
    if("${property}" STREQUAL "SKIP_RETURN_CODE")
      set(skip_code "${arg_PROPERTIES_${i}}")
      if(NOT "${skip_code}" MATCHES "^[0-9][0-9]?[0-9]?$" OR skip_code GREATER 255 OR skip_code LESS 1)
        _gentle_fail(PROPERTIES "SKIP_RETURN_CODE '${skip_code}' is not an exit status from 1 to 255.")
      endif()
    elseif("${property}" STREQUAL "FIXTURES_REQUIRED")
      set(more_fixtures "${arg_PROPERTIES_${i}}")
    endif()
  endforeach()
  set(skip_code "${skip_code}" PARENT_SCOPE)
  set(more_fixtures "${more_fixtures}" PARENT_SCOPE)
endfunction()

# The services of a test, for `gentle run`.
macro(_gentle_push_services words fixtures)
  set(_gentle_n 0)
  foreach(_gentle_service IN ITEMS ${fixtures})
    _gentle_spec_path(_gentle_spec ${_gentle_n})
    _gentle_push(${words} --with "${_gentle_spec}")
    math(EXPR _gentle_n "${_gentle_n} + 1")
  endforeach()
endmacro()

# A keyword and its values, if it was given, as they are.
macro(_gentle_push_all words keyword)
  if(arg_${keyword})
    _gentle_push(${words} ${keyword})
    _gentle_numbers(_gentle_list "${arg_${keyword}_COUNT}")
    foreach(_gentle_n IN LISTS _gentle_list)
      _gentle_push(${words} "${arg_${keyword}_${_gentle_n}}")
    endforeach()
  endif()
endmacro()

# The user's PROPERTIES but FIXTURES_REQUIRED, which has been merged already.
macro(_gentle_push_properties words)
  _gentle_numbers(_gentle_list "${arg_PROPERTIES_COUNT}" 0 2)
  foreach(_gentle_n IN LISTS _gentle_list)
    set(_gentle_property "${arg_PROPERTIES_${_gentle_n}}")
    math(EXPR _gentle_n "${_gentle_n} + 1")
    if(NOT "${_gentle_property}" STREQUAL "FIXTURES_REQUIRED")
      _gentle_push(${words} "${_gentle_property}" "${arg_PROPERTIES_${_gentle_n}}")
    endif()
  endforeach()
endmacro()
