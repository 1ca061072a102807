#[=======================================================================[.rst:
.. command:: add_fixture_coverage

  Has every ctest run measure the coverage of the project's C, C++ and Rust code and report it::

    add_fixture_coverage(
      [NAME <name>]
      [INSTRUMENT <target>...]
      [FORMATS <format>...]
      [FILTER <regex>...]
      [EXCLUDE <regex>...]
      [OBJECTS <dir>...]
      [ROOT <dir>]
      [FAIL_UNDER_LINE <percent>]
      [FAIL_UNDER_BRANCH <percent>]
      [TITLE <text>]
      [THROW_BRANCHES]
      [CONDITIONS]
      [APPEND])

  | keyword | what it says | default |
  |---|---|---|
  | ``NAME`` | name of the target and of the reports' folder | ``coverage`` |
  | ``INSTRUMENT`` | targets to compile with counters | none: your own flags |
  | ``FORMATS`` | reports to write | ``html`` |
  | ``FILTER`` | sources that count | those in ``ROOT``, not in the build directory |
  | ``EXCLUDE`` | sources that do not count | none |
  | ``OBJECTS`` | folders with objects of other builds | none |
  | ``ROOT`` | the folder of the sources | the source directory |
  | ``FAIL_UNDER_LINE``, ``FAIL_UNDER_BRANCH`` | the report fails below this percentage | no limit |
  | ``TITLE`` | title of the reports | ``Coverage`` |
  | ``THROW_BRANCHES`` | branches of exceptions count | they do not |
  | ``CONDITIONS`` | conditions (MC/DC) are measured | they are not |
  | ``APPEND`` | counts of earlier runs stay | each run starts from zero |

  Each source that was compiled with counters is in the report, or in a few lines below the summary that
  name those that are not, with the reason.

  Adds the tests ``coverage.reset`` and ``coverage.report`` with the label ``fixture``, setup and cleanup
  of a CTest fixture that every test of the project requires, whoever added it and wherever. The first
  removes old data, the second counts, prints a summary and writes the reports to
  ``<build>/<name>/``. ``ctest -T Coverage`` afterwards counts the same lines of the same files. A build
  target of the name builds the project, runs the tests and prints the summary.

  The processes of services, of tests that need one, and of tests with ``FIXTURES NONE`` count
  however they end; ``docs/coverage.md`` tells how, and what is not kept.

  One call serves the whole project, before or after its targets and tests. The compiler must be GCC or
  Clang; ``ctest -FA coverage`` runs tests without reset and report.

  ``NAME <name>``
    The name of the build target and of the folder for the reports. Default: ``coverage``.

  ``INSTRUMENT <target>...``
    Targets of this project that get the compiler's options for coverage, with counters that threads update
    atomically. The options are ``--coverage`` and absolute paths (GCC), or ``-fprofile-instr-generate
    -fcoverage-mapping`` (Clang, unless flags of your own hold ``--coverage``). Others that link them get the
    runtime they need, and nothing else. Default: none, for a build whose own flags are for coverage.

  ``FORMATS <format>...``
    What to write: ``html``, ``cobertura``, ``lcov``, ``json``, ``json-summary``, ``sonarqube``, ``coveralls``, ``csv``,
    ``txt``, ``jacoco``, ``clover``, ``markdown``, ``gcovr-html``; ``docs/coverage.md`` tells the files, and which need
    ``gcovr``. ``gentle coverage combine`` makes one report of those of several machines, whatever their formats.
    Default: ``html``.

  ``FILTER <regex>...``
    Only source files that match one of these Python regular expressions, from the beginning of their
    path, relative to ``ROOT`` or absolute. Default: what is in ``ROOT`` and not in the build directory, and
    what is in the folders of ``OBJECTS``.

  ``EXCLUDE <regex>...``
    Not the source files that match one of these. Default: none.

  ``OBJECTS <dir>...``
    Folders, relative to the current source directory, with object files that another build compiles with
    ``--coverage``: make, autotools, meson, cargo, ``ExternalProject``. All of them count, also those that never
    ran. Without it, an object of another build counts in each run in which a service or a test of
    ``add_fixture_test`` has executed it. For that its ``.gcno`` must be where it was compiled; one that was
    moved is found in these folders. Default: none.

  ``ROOT <dir>``
    Paths in reports are relative to this folder, and by default sources in it count. The folder is relative to
    the current source directory: ``ROOT ..`` is for a project with sources beside its source directory. A
    source elsewhere counts only if ``FILTER`` matches it or it is in a folder of ``OBJECTS``; reports name it
    by its absolute path. Default: the source directory.

  ``FAIL_UNDER_LINE <percent>``, ``FAIL_UNDER_BRANCH <percent>``
    The report fails if less was executed; decimals allowed. Default: no limit.

  ``TITLE <text>``
    The title of the page, of the summary, and of each format that has one. Default: ``Coverage``.

  ``THROW_BRANCHES``
    Branches that only an exception decides count as well. Default: they count nowhere, neither in the reports nor
    in ``FAIL_UNDER_BRANCH``; the page lists them as not counted.

  ``CONDITIONS``
    Measures modified condition/decision coverage (MC/DC): the targets of ``INSTRUMENT`` are compiled with
    ``-fcondition-coverage`` (GCC 14 and newer) or ``-fcoverage-mcdc`` (Clang 18 and newer) too. With another compiler,
    ``cmake`` says that conditions are not measured, and all else is. Default: not measured.

  ``APPEND``
    Keeps the data of the runs before: counts add up until the data is removed or a source is compiled
    again. Default: each run starts from zero.

  ``GENTLE_COVERAGE``
    A cache variable. ``ON`` measures, ``OFF`` does not. ``AUTO``, the default, does not measure if the targets of
    ``INSTRUMENT`` are built as ``Release``, ``RelWithDebInfo`` or ``MinSizeRel``, or if the project is part of another
    one; otherwise it measures. With ``ON``, the targets of all projects of the build are in one report. If nothing is
    measured, no target is instrumented, there are no tests ``coverage.reset`` and
    ``coverage.report``, and the build target fails and says why. A generator with several configurations keeps the
    tests; in a configuration that is not measured, ``coverage.report`` is skipped.

  Needs CMake 3.22.
#]=======================================================================]
function(add_fixture_coverage)
  _gentle_return_without_testing()
  _gentle_read_arguments(${ARGC})
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  set(_gentle_function add_fixture_coverage)
  set(_gentle_subject "")
  _gentle_parse(0 NAME:one INSTRUMENT:some FORMATS:some FILTER:some EXCLUDE:some FAIL_UNDER_LINE:one
    FAIL_UNDER_BRANCH:one APPEND:flag OBJECTS:some ROOT:one TITLE:one THROW_BRANCHES:flag
    CONDITIONS:flag)
  _gentle_coverage_switch(why_off unmeasured "${arg_INSTRUMENT}")
  set(name coverage)
  if(arg_NAME)
    set(name "${arg_NAME_0}")
    if(NOT "${name}" MATCHES "^[A-Za-z0-9_][A-Za-z0-9_.+-]*$" OR name STREQUAL "test" OR name STREQUAL "all")
      _gentle_fail(NAME "'${name}' cannot be the name of a target: letters, digits, '_', '.', '+' and '-'.")
    endif()
  endif()
  get_property(where GLOBAL PROPERTY _GENTLE_COVERAGE_WHERE)
  get_property(other_name GLOBAL PROPERTY _GENTLE_COVERAGE_NAME)
  _gentle_values_as_list(targets INSTRUMENT)
  if(where AND "${why_off}" STREQUAL "")
    _gentle_join_coverage(is_done "${where}" "${targets}")
    if(is_done)
      return()
    endif()
  elseif(TARGET "${name}" AND PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    _gentle_fail(NAME "there is a target '${name}' already; choose another NAME.")
  elseif(why_off)
    _gentle_coverage_off("${name}" "${why_off}")
    return()
  endif()
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_WHERE "${CMAKE_CURRENT_LIST_FILE}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_PROJECT_DIR "${PROJECT_SOURCE_DIR}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_UNMEASURED "${unmeasured}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_NAME "${name}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE coverage)

  set_property(GLOBAL APPEND PROPERTY _GENTLE_COVERAGE_INSTRUMENT ${targets})
  _gentle_coverage_compiler(id version compiler)
  _gentle_coverage_conditions("${id}" "${version}")
  _gentle_coverage_gcov(gcov tool_arguments "${id}" "${version}" "${compiler}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_GCOV "${gcov}")

  if("${id}" STREQUAL "Clang" AND CMAKE_BINARY_DIR MATCHES "%") # and there is no way to quote it
    message(WARNING "add_fixture_coverage(): Clang's runtime takes '%' in the path of the build folder (${CMAKE_BINARY_DIR}) for a pattern, "
      "and writes what plain tests have executed elsewhere, where it does not count. Build in a folder without '%'.")
  endif()
  set(spec "gentle-coverage 1\nsource ${CMAKE_SOURCE_DIR}\nbuild ${CMAKE_BINARY_DIR}\n")
  string(APPEND spec "output ${CMAKE_BINARY_DIR}/${name}\ngcov ${gcov}\n")
  foreach(argument IN LISTS tool_arguments)
    string(APPEND spec "gcov_argument ${argument}\n")
  endforeach()
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    string(APPEND spec "config $<CONFIG>\n")
  endif()
  if(DEFINED GENTLE_GCOVR AND NOT GENTLE_GCOVR STREQUAL "")
    string(APPEND spec "gcovr ${GENTLE_GCOVR}\n")
  endif()
  if(targets)
    string(APPEND spec "instrumented\n")
  endif()
  set(why_off "$<${unmeasured}:$<CONFIG> is not measured (GENTLE_COVERAGE is AUTO: ON would measure it)>")
  string(APPEND spec "$<${unmeasured}:off ${why_off}\n>")
  _gentle_coverage_formats(formats)
  _gentle_coverage_filters(filters)
  _gentle_coverage_limits(limits)
  string(APPEND spec "${formats}${filters}${limits}")
  if(arg_APPEND)
    string(APPEND spec "append\n")
  endif()
  if(arg_THROW_BRANCHES)
    string(APPEND spec "throw_branches\n")
  endif()
  _gentle_coverage_title(title)
  string(APPEND spec "${title}")
  _gentle_coverage_places(places)
  string(APPEND spec "${places}")

  _gentle_generated_dir(specs)
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_SPEC "${spec}")
  _gentle_helper(helper)
  _gentle_coverage_check_gcovr("${helper}")
  _gentle_coverage_check_filters("${helper}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_HELPER "${helper}")
  if(where)
    if(NOT "${name}" STREQUAL "${other_name}")
      _gentle_coverage_target("${name}" "${why_off}")
    endif()
    return() # the tests are there
  endif()
  add_test(NAME coverage.reset COMMAND "${helper}" coverage reset "${specs}/coverage.spec")
  set_tests_properties(coverage.reset PROPERTIES FIXTURES_SETUP coverage LABELS fixture TIMEOUT 600)
  add_test(NAME coverage.report COMMAND "${helper}" coverage report "${specs}/coverage.spec")
  # gcovr needs about 15 s for each 10 MB of counters; the limit only ends one that hangs.
  set_tests_properties(coverage.report PROPERTIES FIXTURES_CLEANUP coverage LABELS fixture TIMEOUT 7200
    SKIP_RETURN_CODE 77)
  _gentle_note_fixture_tests(coverage coverage.reset coverage.report)
  _gentle_coverage_target("${name}" "${why_off}")
  _gentle_finish_later()
endfunction()

# A second call, of another project of the build (GENTLE_COVERAGE is ON): there is one report. Its targets are in it as
# well, and the settings are those of the top-level project, or else of the first call. <is_done>: there is no more to do.
function(_gentle_join_coverage is_done where targets)
  get_property(other GLOBAL PROPERTY _GENTLE_COVERAGE_PROJECT_DIR)
  if("${other}" STREQUAL "${PROJECT_SOURCE_DIR}")
    _gentle_fail("" "called twice: one call serves the whole project, and ${where} has it already.")
  endif()
  set(${is_done} FALSE PARENT_SCOPE)
  if(NOT PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    set_property(GLOBAL APPEND PROPERTY _GENTLE_COVERAGE_INSTRUMENT ${targets})
    message(STATUS "GentleFixtures: the coverage of the project ${PROJECT_NAME} is part of the report of ${where}")
    set(${is_done} TRUE PARENT_SCOPE)
  endif()
endfunction()

function(_gentle_coverage_formats out_lines)
  set(known html cobertura lcov json json-summary sonarqube coveralls csv txt jacoco clover markdown gcovr-html)
  set(lines "")
  if(NOT arg_FORMATS)
    set(lines "format html\n")
  endif()
  _gentle_numbers(numbers "${arg_FORMATS_COUNT}")
  foreach(i IN LISTS numbers)
    set(format "${arg_FORMATS_${i}}")
    if(NOT "${format}" IN_LIST known)
      string(TOLOWER "${format}" lower)
      _gentle_did_you_mean(hint "${lower}" ${known})
      if(NOT hint)
        _gentle_did_you_mean(hint "${format}" FILTER EXCLUDE FAIL_UNDER_LINE FAIL_UNDER_BRANCH APPEND
          INSTRUMENT NAME OBJECTS ROOT TITLE THROW_BRANCHES CONDITIONS)
      endif()
      list(JOIN known " " known)
      _gentle_fail(FORMATS "'${format}' is not a known format: ${known}.${hint}")
    endif()
    string(APPEND lines "format ${format}\n")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# What the helper does not write itself came with a version of gcovr; the helper knows which. If gcovr is not there yet, the report
# will say so.
function(_gentle_coverage_check_gcovr helper)
  _gentle_values_as_list(formats FORMATS)
  execute_process(COMMAND "${helper}" check-formats "${GENTLE_GCOVR}" ${formats}
    RESULT_VARIABLE result OUTPUT_VARIABLE cause ERROR_QUIET)
  if(result EQUAL 1)
    _gentle_fail(FORMATS "${cause} Install a newer gcovr (pip install gcovr), or name one by GENTLE_GCOVR.")
  endif()
endfunction()

function(_gentle_coverage_filters out_lines)
  set(lines "")
  foreach(keyword IN ITEMS FILTER EXCLUDE)
    string(TOLOWER "${keyword}" key)
    _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
    foreach(i IN LISTS numbers)
      if("${arg_${keyword}_${i}}" STREQUAL "")
        _gentle_fail(${keyword} "'' is not a regular expression: it is empty and would match every file.")
      endif()
      _gentle_literal(regex "${arg_${keyword}_${i}}")
      string(APPEND lines "${key} ${regex}\n")
    endforeach()
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# coverage.reset checks them as well: a generator expression is not known here, and gcovr perhaps not yet installed.
function(_gentle_coverage_check_filters helper)
  set(words_COUNT 0)
  foreach(keyword IN ITEMS FILTER EXCLUDE)
    _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
    foreach(i IN LISTS numbers)
      if(NOT "${arg_${keyword}_${i}}" MATCHES "\\$<")
        _gentle_push(words ${keyword} "${arg_${keyword}_${i}}")
      endif()
    endforeach()
  endforeach()
  if(words_COUNT EQUAL 0)
    return()
  endif()
  _gentle_references(regexes words)
  set(result 0)
  cmake_language(EVAL CODE "execute_process(COMMAND \"\${helper}\" check-filters \"\${GENTLE_GCOVR}\" ${regexes}
    RESULT_VARIABLE result OUTPUT_VARIABLE cause ERROR_QUIET)")
  if(result EQUAL 1)
    _gentle_fail("" "${cause}")
  endif()
endfunction()

function(_gentle_coverage_limits out_lines)
  set(lines "")
  foreach(keyword IN ITEMS FAIL_UNDER_LINE FAIL_UNDER_BRANCH)
    if(arg_${keyword})
      set(percent "${arg_${keyword}_0}")
      if(NOT "${percent}" MATCHES "^(100(\\.0+)?|[0-9][0-9]?(\\.[0-9]+)?)$")
        _gentle_fail(${keyword} "'${percent}' is not a percentage from 0 to 100.")
      endif()
      string(TOLOWER "${keyword}" key)
      string(APPEND lines "${key} ${percent}\n")
    endif()
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

function(_gentle_coverage_title out_line)
  set(line "")
  if(arg_TITLE)
    if("${arg_TITLE_0}" MATCHES "^[ \t]*$")
      _gentle_fail(TITLE "'${arg_TITLE_0}' is not a title: it is empty.")
    endif()
    _gentle_literal(title "${arg_TITLE_0}")
    set(line "title ${title}\n")
  endif()
  set(${out_line} "${line}" PARENT_SCOPE)
endfunction()

# What has to wait until the project is known as a whole. Called by _gentle_finish.
function(_gentle_coverage_finish)
  get_property(where GLOBAL PROPERTY _GENTLE_COVERAGE_WHERE)
  get_property(finished GLOBAL PROPERTY _GENTLE_COVERAGE_FINISHED)
  if(NOT where)
    # That it is there tells the helper to collect coverage.
    file(GLOB stale "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures/coverage.spec"
      "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures/*/coverage.spec")
    if(stale)
      file(REMOVE ${stale})
    endif()
    return()
  elseif(finished)
    return()
  endif()
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_FINISHED TRUE)
  _gentle_coverage_python(python)
  _gentle_coverage_check_node()
  _gentle_coverage_java(java)
  set(_gentle_function add_fixture_coverage)
  set(_gentle_subject "")

  get_property(targets GLOBAL PROPERTY _GENTLE_COVERAGE_INSTRUMENT)
  list(REMOVE_DUPLICATES targets)
  _gentle_all_targets(known "${CMAKE_SOURCE_DIR}")
  _gentle_targets_of_own_flags(instrumented_by_user ANY ${known})
  _gentle_targets_of_own_flags(source_based SOURCE ${known})
  foreach(target IN LISTS targets)
    _gentle_instrument("${target}" "${where}" "${known}")
    get_target_property(aliased "${target}" ALIASED_TARGET)
    if(aliased)
      set(target "${aliased}")
    endif()
    get_target_property(mode "${target}" _GENTLE_CLANG_MODE) # before it had flags of ours
    if(mode STREQUAL "SOURCE")
      list(APPEND source_based "${target}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES source_based)
  _gentle_instrumented_files(files "${source_based}" "${known}")
  get_property(spec GLOBAL PROPERTY _GENTLE_COVERAGE_SPEC)
  list(APPEND targets ${instrumented_by_user})
  _gentle_uncounted_programs(programs "${known}" "${targets}")
  _gentle_generated_dir(specs)
  _gentle_generate("${specs}/coverage.spec" "${spec}${python}${java}${files}${programs}end\n")

  get_property(name GLOBAL PROPERTY _GENTLE_COVERAGE_NAME)
  foreach(target IN LISTS known)
    get_target_property(type "${target}" TYPE)
    get_target_property(left_out "${target}" EXCLUDE_FROM_ALL)
    if(type MATCHES "^(EXECUTABLE|.*_LIBRARY)$" AND NOT type STREQUAL "INTERFACE_LIBRARY" AND NOT left_out)
      add_dependencies("${name}" "${target}")
    endif()
  endforeach()

  _gentle_coverage_for_ctest()
endfunction()
