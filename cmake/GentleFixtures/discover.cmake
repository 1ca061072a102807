#[=======================================================================[.rst:
.. command:: discover_fixture_tests

  Finds the tests of a GoogleTest program, as ``gtest_discover_tests`` does, and has each of them run
  with services::

    discover_fixture_tests(<GoogleTest target>
      FIXTURES <service>...
      [<any argument of gtest_discover_tests>...])

  | keyword | what it says | default |
  |---|---|---|
  | ``FIXTURES`` | the services that the tests need | required |
  | ``EXTRA_ARGS`` | arguments for the program when it runs a test | none |
  | ``PROPERTIES`` | test properties | none |
  | any other | as for ``gtest_discover_tests`` | its own |

  Each test that is found is like one of :command:`add_fixture_test`. The program is asked for its tests
  without services, when it has been built, or, with ``DISCOVERY_MODE PRE_TEST``, when ctest begins: it must
  not want one before it looks for ``--gtest_list_tests``.

  ``FIXTURES <service>...``
    The services that the tests need. They may be declared later, anywhere in the project. No default.

  ``EXTRA_ARGS <arg>...``
    More arguments for the program when it runs a test. Every one arrives as written (with
    ``gtest_discover_tests`` alone an empty one or one with a ``;`` does not), and ``@NAME@`` is replaced.

  ``PROPERTIES <prop> <value>...``
    As for :command:`add_fixture_test`. A value that is a list works for the properties that CTest adds
    up (``LABELS``, ``ENVIRONMENT``, ``FIXTURES_REQUIRED`` and their like) on every version of CMake.

  ``TEST_PREFIX``, ``TEST_SUFFIX``, ``TEST_FILTER``, ``TEST_LIST``, ``NO_PRETTY_TYPES``, ``NO_PRETTY_VALUES``,
  ``WORKING_DIRECTORY``, ``DISCOVERY_TIMEOUT``, ``DISCOVERY_MODE``, ``DISCOVERY_EXTRA_ARGS``, ``XML_OUTPUT_DIR``
    As for ``gtest_discover_tests`` (``DISCOVERY_EXTRA_ARGS`` needs CMake 3.31).

  Needs CMake 3.22.
#]=======================================================================]
function(discover_fixture_tests)
  _gentle_return_without_testing()
  _gentle_read_arguments(${ARGC})
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  set(_gentle_function discover_fixture_tests)
  set(_gentle_subject "${_gentle_argv_0}")
  if(_gentle_argc EQUAL 0 OR "${_gentle_subject}" STREQUAL "FIXTURES")
    set(_gentle_subject "")
    _gentle_fail("" "the target is missing.")
  elseif(NOT TARGET "${_gentle_subject}")
    _gentle_fail("" "'${_gentle_subject}' is not a target; declare it before this call.")
  endif()
  set(target "${_gentle_subject}")
  _gentle_parse(1 FIXTURES:some EXTRA_ARGS:any PROPERTIES:pairs TEST_PREFIX:one TEST_SUFFIX:one TEST_FILTER:any
    TEST_LIST:one NO_PRETTY_TYPES:flag NO_PRETTY_VALUES:flag WORKING_DIRECTORY:one DISCOVERY_TIMEOUT:one
    DISCOVERY_MODE:one DISCOVERY_EXTRA_ARGS:any XML_OUTPUT_DIR:one)
  if(NOT arg_FIXTURES)
    _gentle_fail_missing(FIXTURES "missing." FIXTURES EXTRA_ARGS PROPERTIES TEST_FILTER)
  endif()
  if(arg_DISCOVERY_EXTRA_ARGS AND CMAKE_VERSION VERSION_LESS 3.31)
    _gentle_fail(DISCOVERY_EXTRA_ARGS "needs CMake 3.31 or newer; this is ${CMAKE_VERSION}.")
  endif()
  _gentle_check_choice(DISCOVERY_MODE POST_BUILD PRE_TEST)
  if(arg_DISCOVERY_TIMEOUT)
    _gentle_check_seconds(DISCOVERY_TIMEOUT "${arg_DISCOVERY_TIMEOUT_0}")
  endif()
  get_target_property(type "${target}" TYPE)
  if(NOT type STREQUAL "EXECUTABLE")
    _gentle_fail("" "the target is not an executable, but of type ${type}.")
  endif()
  _gentle_check_fixtures(fixtures)
  _gentle_check_properties()

  # What discovery hands on, it hands on as lists. So the arguments travel in a file instead.
  _gentle_helper(helper)
  set(launcher_COUNT 0)
  _gentle_push(launcher "${helper}" run)
  _gentle_push_services(launcher "${fixtures}")
  if(arg_EXTRA_ARGS_COUNT GREATER 0)
    _gentle_generate_arguments(extra_args EXTRA_ARGS arguments)
    _gentle_push(launcher --append-from "${extra_args}")
  endif()
  _gentle_push(launcher --)
  _gentle_values_of(launcher launcher)

  set(words_COUNT 0)
  _gentle_push(words "${target}")
  foreach(keyword IN ITEMS TEST_PREFIX TEST_SUFFIX TEST_FILTER TEST_LIST NO_PRETTY_TYPES NO_PRETTY_VALUES
      WORKING_DIRECTORY DISCOVERY_TIMEOUT DISCOVERY_MODE DISCOVERY_EXTRA_ARGS XML_OUTPUT_DIR)
    _gentle_push_all(words ${keyword})
  endforeach()
  _gentle_fixtures_required(required ${fixtures})
  _gentle_push(words PROPERTIES)
  _gentle_discovered_value(value FIXTURES_REQUIRED "${required};${more_fixtures}")
  _gentle_push(words FIXTURES_REQUIRED "${value}")
  _gentle_push(words SKIP_RETURN_CODE "${skip_code}")
  _gentle_numbers(numbers "${arg_PROPERTIES_COUNT}" 0 2)
  foreach(i IN LISTS numbers)
    set(property "${arg_PROPERTIES_${i}}")
    math(EXPR i "${i} + 1")
    if(NOT "${property}" MATCHES "^(FIXTURES_REQUIRED|SKIP_RETURN_CODE)$")
      _gentle_discovered_value(value "${property}" "${arg_PROPERTIES_${i}}")
      _gentle_push(words "${property}" "${value}")
    endif()
  endforeach()
  _gentle_references(references words)

  # gtest_discover_tests reads the launcher when it is called.
  set(launcher_property TEST_LAUNCHER)
  if(CMAKE_VERSION VERSION_LESS 3.29)
    set(launcher_property CROSSCOMPILING_EMULATOR)
  endif()
  get_property(had_launcher TARGET "${target}" PROPERTY ${launcher_property} SET)
  get_property(old_launcher TARGET "${target}" PROPERTY ${launcher_property})
  set_property(TARGET "${target}" PROPERTY ${launcher_property} ${launcher} ${old_launcher})
  include(GoogleTest)
  cmake_language(EVAL CODE "gtest_discover_tests(${references})")
  if(had_launcher)
    set_property(TARGET "${target}" PROPERTY ${launcher_property} "${old_launcher}")
  else()
    set_property(TARGET "${target}" PROPERTY ${launcher_property})
  endif()
  _gentle_add_client("" ${fixtures})
endfunction()

# The words, none of which holds a `;`, as a list.
function(_gentle_values_of out words)
  set(values "")
  _gentle_numbers(numbers "${${words}_COUNT}")
  foreach(i IN LISTS numbers)
    list(APPEND values "${${words}_${i}}")
  endforeach()
  set(${out} "${values}" PARENT_SCOPE)
endfunction()

# Before CMake 4.4 a list as the value of a property loses all but its first element, and shifts the
# properties behind it. CTest adds up what a repeated property says, so the property's name is put
# between the elements, which also works if only a generator expression knows them.
function(_gentle_discovered_value out property value)
  if(CMAKE_VERSION VERSION_LESS 4.4 AND "${value}" MATCHES "\\\\;")
    string(CONCAT text "an element of ${property} has a ';' in it: '${value}'. The discovery of tests keeps it with CMake 4.4 "
      "and newer; this is ${CMAKE_VERSION}.")
    _gentle_fail(PROPERTIES "${text}")
  endif()
  if(CMAKE_VERSION VERSION_LESS 4.4 AND "${value}" MATCHES ";|GentleFixtures::needs")
    set(value "$<JOIN:$<FILTER:${value},EXCLUDE,^$>,$<SEMICOLON>${property}$<SEMICOLON>>")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()
