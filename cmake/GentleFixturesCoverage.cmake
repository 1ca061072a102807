# The coverage step of a project: the public function add_fixture_coverage and what belongs to it. It
# uses the `_gentle_*` functions of the files in GentleFixtures/, which GentleFixtures.cmake includes first.

#[=======================================================================[.rst:
.. command:: add_fixture_coverage

  Has every ctest run measure the coverage of the project's C and C++ code and report it::

    add_fixture_coverage(
      [NAME <name>]
      [INSTRUMENT <target>...]
      [FORMATS <format>...]
      [FILTER <regex>...]
      [EXCLUDE <regex>...]
      [FAIL_UNDER_LINE <percent>]
      [FAIL_UNDER_BRANCH <percent>]
      [APPEND])

  Adds the tests ``coverage.reset`` and ``coverage.report`` with the label ``fixture``, setup and cleanup
  of a CTest fixture that every test of the project requires, whoever added it and wherever. The first
  removes old data, the second runs ``gcovr``, prints a summary and writes the reports to
  ``<build>/<name>/``. ``ctest -T Coverage`` afterwards counts the same lines of the same files. A build
  target of the name builds the project, runs the tests and prints the summary.

  The processes of services, and of tests that ``add_fixture_test`` or ``discover_fixture_tests`` has declared, count
  however they end; ``docs/coverage.md`` tells how, and what is not kept.

  One call serves the whole project, before or after its targets and tests. The compiler must be GCC or
  Clang; ``ctest -FA coverage`` runs tests without reset and report.

  ``NAME <name>``
    The name of the build target and of the folder for the reports. Default: ``coverage``.

  ``INSTRUMENT <target>...``
    Targets of this project that get the compiler's options for coverage (``--coverage``, absolute paths,
    counters that threads update atomically). Others that link them get the runtime they need, and
    nothing else. Default: none, for a build whose own flags hold ``--coverage``.

  ``FORMATS <format>...``
    What to write: ``html``, ``cobertura``, ``lcov``, ``json``, ``json-summary``, ``sonarqube``, ``coveralls``, ``csv``,
    ``txt``, ``jacoco``, ``clover``, ``markdown``; ``docs/coverage.md`` tells the files and the ``gcovr`` that each needs.
    Default: ``html``.

  ``FILTER <regex>...``
    Only source files that match one of these Python regular expressions, from the beginning of their
    path, relative to the source directory or absolute. Default: the source directory without the build
    directory.

  ``EXCLUDE <regex>...``
    Not the source files that match one of these. Default: none.

  ``FAIL_UNDER_LINE <percent>``, ``FAIL_UNDER_BRANCH <percent>``
    The report fails if less was executed; decimals allowed. Default: no limit.

  ``APPEND``
    Keeps the data of the runs before: counts add up until the data is removed or a source is compiled
    again. Default: each run starts from zero.

  ``GENTLE_COVERAGE``
    A cache variable: ``ON`` measures, ``OFF`` does not, and ``AUTO``, the default, measures unless the targets of
    ``INSTRUMENT`` are built as ``Release``, ``RelWithDebInfo`` or ``MinSizeRel``, or the project is part of another
    one. If nothing is measured, no target is instrumented, there are no tests ``coverage.reset`` and
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
    FAIL_UNDER_BRANCH:one APPEND:flag)
  _gentle_coverage_switch(why_off unmeasured "${arg_INSTRUMENT}")
  set(name coverage)
  if(arg_NAME)
    set(name "${arg_NAME_0}")
    if(NOT "${name}" MATCHES "^[A-Za-z0-9_][A-Za-z0-9_.+-]*$" OR name STREQUAL "test" OR name STREQUAL "all")
      _gentle_fail(NAME "'${name}' cannot be the name of a target: letters, digits, '_', '.', '+' and '-'.")
    endif()
  endif()
  get_property(where GLOBAL PROPERTY _GENTLE_COVERAGE_WHERE)
  if(where AND "${why_off}" STREQUAL "")
    _gentle_fail("" "called twice: one call serves the whole project, and ${where} has it already.")
  elseif(TARGET "${name}" AND PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    _gentle_fail(NAME "there is a target '${name}' already; choose another NAME.")
  elseif(why_off)
    _gentle_coverage_off("${name}" "${why_off}")
    return()
  endif()
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_WHERE "${CMAKE_CURRENT_LIST_FILE}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_UNMEASURED "${unmeasured}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_NAME "${name}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE coverage)

  _gentle_values_as_list(targets INSTRUMENT)
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_INSTRUMENT "${targets}")
  _gentle_coverage_compiler(id version compiler)
  _gentle_coverage_gcov(gcov tool_arguments "${id}" "${version}" "${compiler}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_GCOV "${gcov}")

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
  _gentle_coverage_formats()
  _gentle_coverage_regexes(filter FILTER)
  _gentle_coverage_regexes(exclude EXCLUDE)
  _gentle_coverage_limit(fail_under_line FAIL_UNDER_LINE)
  _gentle_coverage_limit(fail_under_branch FAIL_UNDER_BRANCH)
  if(arg_APPEND)
    string(APPEND spec "append\n")
  endif()

  _gentle_generated_dir(specs)
  _gentle_generate("${specs}/coverage.spec" "${spec}end\n")
  _gentle_helper(helper)
  _gentle_coverage_check_gcovr("${helper}")
  set_property(GLOBAL PROPERTY _GENTLE_COVERAGE_HELPER "${helper}")
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

# The compiler that the data comes from. C and C++ of one project are compiled by one family.
function(_gentle_coverage_compiler out_id out_version out_compiler)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(chosen "")
  foreach(language IN ITEMS CXX C)
    if("${language}" IN_LIST languages)
      if(NOT "${CMAKE_${language}_COMPILER_ID}" MATCHES "^(GNU|Clang)$")
        _gentle_fail("" "the ${language} compiler is ${CMAKE_${language}_COMPILER_ID} \
(${CMAKE_${language}_COMPILER}), and coverage needs GNU or Clang.")
      endif()
      if(NOT chosen)
        set(chosen ${language})
      endif()
    endif()
  endforeach()
  if(NOT chosen)
    _gentle_fail("" "the project has enabled neither C nor CXX, so there is nothing to measure.")
  endif()
  set(${out_id} "${CMAKE_${chosen}_COMPILER_ID}" PARENT_SCOPE)
  set(${out_version} "${CMAKE_${chosen}_COMPILER_VERSION}" PARENT_SCOPE)
  set(${out_compiler} "${CMAKE_${chosen}_COMPILER}" PARENT_SCOPE)
endfunction()

# The gcov that reads this compiler's data: that of its own major version, which stands beside it or on
# PATH, with the same prefix (x86_64-linux-gnu-g++-12 -> x86_64-linux-gnu-gcov-12).
function(_gentle_coverage_gcov out out_arguments id version compiler)
  string(REGEX MATCH "^[0-9]+" major "${version}")
  file(REAL_PATH "${compiler}" real)
  get_filename_component(dir "${compiler}" DIRECTORY)
  get_filename_component(real_dir "${real}" DIRECTORY)
  get_filename_component(file "${compiler}" NAME)
  set(arguments "")
  if(id STREQUAL "GNU")
    set(prefix "")
    if("${file}" MATCHES "^(.*-)(g\\+\\+|gcc|c\\+\\+|cc)(-[0-9.]+)?$")
      set(prefix "${CMAKE_MATCH_1}")
    endif()
    set(names "${prefix}gcov-${version}" "${prefix}gcov-${major}" "gcov-${major}" "${prefix}gcov" gcov)
  else()
    set(names "llvm-cov-${major}" llvm-cov)
    set(arguments gcov)
  endif()
  list(REMOVE_DUPLICATES names)

  set(tried "")
  foreach(name IN LISTS names)
    foreach(search IN ITEMS beside path)
      unset(candidate)
      if(search STREQUAL "beside")
        find_program(candidate NAMES "${name}" PATHS "${real_dir}" "${dir}" NO_DEFAULT_PATH NO_CACHE)
      else()
        find_program(candidate NAMES "${name}" NO_CACHE)
      endif()
      if(candidate AND NOT "${candidate}" IN_LIST tried)
        list(APPEND tried "${candidate}")
        execute_process(COMMAND "${candidate}" --version OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE result)
        string(REGEX MATCH "(gcov \\(.*\\)|LLVM version) ([0-9]+)\\." match "${text}")
        if(result EQUAL 0 AND "${CMAKE_MATCH_2}" STREQUAL "${major}")
          set(${out} "${candidate}" PARENT_SCOPE)
          set(${out_arguments} "${arguments}" PARENT_SCOPE)
          return()
        endif()
      endif()
    endforeach()
  endforeach()
  list(GET names 0 first)
  list(JOIN names ", " names)
  if(id STREQUAL "GNU")
    set(package "the package gcc-${major}")
  else()
    set(package "the package llvm-${major}")
  endif()
  _gentle_fail("" "no gcov of version ${major} for the compiler ${compiler} was found (tried ${names}). \
Install ${package}, or add the folder of the program to PATH.")
endfunction()

macro(_gentle_coverage_formats)
  set(_gentle_formats html cobertura lcov json json-summary sonarqube coveralls csv txt jacoco clover markdown)
  if(NOT arg_FORMATS)
    string(APPEND spec "format html\n")
  endif()
  set(_gentle_n 0)
  while(_gentle_n LESS arg_FORMATS_COUNT)
    set(_gentle_value "${arg_FORMATS_${_gentle_n}}")
    if(NOT "${_gentle_value}" IN_LIST _gentle_formats)
      string(TOLOWER "${_gentle_value}" _gentle_lower)
      _gentle_did_you_mean(_gentle_hint "${_gentle_lower}" ${_gentle_formats})
      if(NOT _gentle_hint)
        _gentle_did_you_mean(_gentle_hint "${_gentle_value}" FILTER EXCLUDE FAIL_UNDER_LINE FAIL_UNDER_BRANCH APPEND
          INSTRUMENT NAME)
      endif()
      list(JOIN _gentle_formats " " _gentle_formats)
      _gentle_fail(FORMATS "'${_gentle_value}' is no format: ${_gentle_formats}.${_gentle_hint}")
    endif()
    string(APPEND spec "format ${_gentle_value}\n")
    math(EXPR _gentle_n "${_gentle_n} + 1")
  endwhile()
endmacro()

# Each format came with a version of gcovr; the helper knows which. If gcovr is not there yet, the report
# will say so.
function(_gentle_coverage_check_gcovr helper)
  _gentle_values_as_list(formats FORMATS)
  execute_process(COMMAND "${helper}" check-formats "${GENTLE_GCOVR}" ${formats}
    RESULT_VARIABLE result OUTPUT_VARIABLE cause ERROR_QUIET)
  if(result EQUAL 1)
    _gentle_fail(FORMATS "${cause} Install a newer gcovr (pip install gcovr), or name one by GENTLE_GCOVR.")
  endif()
endfunction()

macro(_gentle_coverage_regexes key keyword)
  set(_gentle_n 0)
  while(_gentle_n LESS arg_${keyword}_COUNT)
    set(_gentle_value "${arg_${keyword}_${_gentle_n}}")
    _gentle_check_python_regex(${keyword} "${_gentle_value}")
    _gentle_literal(_gentle_value "${_gentle_value}")
    string(APPEND spec "${key} ${_gentle_value}\n")
    math(EXPR _gentle_n "${_gentle_n} + 1")
  endwhile()
endmacro()

# gcovr reads these as Python regular expressions. What makes one wrong is found here, so that a slip
# does not cost a whole test run: brackets that do not match, nothing to repeat, a lone backslash.
function(_gentle_check_python_regex keyword regex)
  set(cause "")
  set(depth 0)
  set(in_set FALSE)
  set(repeatable FALSE) # whether there is something that * + ? could repeat
  set(set_begin -1)
  set(i 0)
  string(LENGTH "${regex}" length)
  if(length EQUAL 0)
    set(cause "it is empty and would match every file")
  endif()
  while(i LESS length AND NOT cause)
    string(SUBSTRING "${regex}" ${i} 1 letter)
    math(EXPR next "${i} + 1")
    string(SUBSTRING "${regex}" ${next} -1 rest)
    if("${letter}" STREQUAL "\\")
      if(next EQUAL length)
        set(cause "it ends with a lone backslash")
      endif()
      math(EXPR next "${next} + 1")
      set(repeatable TRUE)
    elseif(in_set)
      # A ] that stands first in a set is an ordinary letter.
      if("${letter}" STREQUAL "]" AND i GREATER set_begin)
        set(in_set FALSE)
        set(repeatable TRUE)
      endif()
    elseif("${letter}" STREQUAL "[")
      set(in_set TRUE)
      set(set_begin ${next})
      if("${rest}" MATCHES "^\\^")
        math(EXPR next "${next} + 1")
        set(set_begin ${next})
      endif()
    elseif("${letter}" STREQUAL "(")
      math(EXPR depth "${depth} + 1")
      set(repeatable FALSE)
      if("${rest}" MATCHES "^\\?")
        math(EXPR next "${next} + 1")
      endif()
    elseif("${letter}" STREQUAL ")")
      if(depth EQUAL 0)
        set(cause "a ')' has no '('")
      endif()
      math(EXPR depth "${depth} - 1")
      set(repeatable TRUE)
    elseif("${letter}" STREQUAL "*" OR "${letter}" STREQUAL "+" OR "${letter}" STREQUAL "?")
      if(NOT repeatable)
        set(cause "the '${letter}' has nothing to repeat")
      elseif("${rest}" MATCHES "^[?]")
        math(EXPR next "${next} + 1")
      endif()
      set(repeatable FALSE)
    elseif("${letter}" STREQUAL "|" OR "${letter}" STREQUAL "^")
      set(repeatable FALSE)
    else()
      set(repeatable TRUE)
    endif()
    set(i ${next})
  endwhile()
  if(NOT cause AND in_set)
    set(cause "a '[' has no ']'")
  elseif(NOT cause AND depth GREATER 0)
    set(cause "a '(' has no ')'")
  endif()
  if(cause)
    _gentle_fail(${keyword} "'${regex}' is no regular expression: ${cause}.")
  endif()
endfunction()

macro(_gentle_coverage_limit key keyword)
  if(arg_${keyword})
    set(_gentle_value "${arg_${keyword}_0}")
    if(NOT "${_gentle_value}" MATCHES "^(100(\\.0+)?|[0-9][0-9]?(\\.[0-9]+)?)$")
      _gentle_fail(${keyword} "'${_gentle_value}' is no percentage from 0 to 100.")
    endif()
    string(APPEND spec "${key} ${_gentle_value}\n")
  endif()
endmacro()

# The target runs ctest on a built project; what to build is known only at the end (_gentle_coverage_finish).
# <why_off>, if it is not empty, says why it cannot.
function(_gentle_coverage_target name why_off)
  add_custom_target("${name}"
    COMMAND "${CMAKE_COMMAND}" -D "CTEST=${CMAKE_CTEST_COMMAND}" -D "CONFIG=$<CONFIG>"
      -D "WHY_OFF=${why_off}" -D "SUMMARY=${CMAKE_BINARY_DIR}/${name}/summary.txt" -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/GentleFixtures/run_coverage.cmake"
    WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
    COMMENT "Running the tests for their coverage"
    USES_TERMINAL VERBATIM)
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
  set(_gentle_function add_fixture_coverage)
  set(_gentle_subject "")

  get_property(targets GLOBAL PROPERTY _GENTLE_COVERAGE_INSTRUMENT)
  list(REMOVE_DUPLICATES targets)
  _gentle_all_targets(known "${CMAKE_SOURCE_DIR}")
  foreach(target IN LISTS targets)
    _gentle_instrument("${target}" "${where}" "${known}")
  endforeach()

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

function(_gentle_all_targets out directory)
  get_property(targets DIRECTORY "${directory}" PROPERTY BUILDSYSTEM_TARGETS)
  get_property(left_out DIRECTORY "${directory}" PROPERTY EXCLUDE_FROM_ALL)
  if(left_out)
    set(targets "")
  endif()
  get_property(folders DIRECTORY "${directory}" PROPERTY SUBDIRECTORIES)
  foreach(folder IN LISTS folders)
    _gentle_all_targets(more "${folder}")
    list(APPEND targets ${more})
  endforeach()
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

# The compiler's options are the target's own. What its users need is to link: an instrumented static or
# object library calls the gcov runtime, so whoever links it gets that runtime. BUILD_INTERFACE keeps
# this out of an installed package.
function(_gentle_instrument target where known)
  if(NOT TARGET "${target}")
    _gentle_did_you_mean(hint "${target}" ${known})
    _gentle_fail_at("${where}" INSTRUMENT "there is no target '${target}'.${hint}")
  endif()
  get_target_property(aliased "${target}" ALIASED_TARGET)
  if(aliased)
    set(target "${aliased}")
  endif()
  get_target_property(imported "${target}" IMPORTED)
  get_target_property(type "${target}" TYPE)
  if(imported)
    _gentle_fail_at("${where}" INSTRUMENT "the target '${target}' is imported; only what this project compiles can be instrumented.")
  elseif(NOT type MATCHES "^(EXECUTABLE|(STATIC|SHARED|MODULE|OBJECT)_LIBRARY)$")
    _gentle_fail_at("${where}" INSTRUMENT "the target '${target}' is of type ${type}, so nothing is compiled for it.")
  endif()

  get_property(unmeasured GLOBAL PROPERTY _GENTLE_COVERAGE_UNMEASURED)
  set(measured "$<NOT:${unmeasured}>")
  set(options --coverage)
  # Threads that share counters lose counts and leave negative ones behind, and linking std::thread needs
  # no option from which to tell that a target has threads. Who measures a hot loop can choose `single`.
  get_target_property(own "${target}" COMPILE_OPTIONS)
  if(NOT "${own} ${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS}" MATCHES "-fprofile-update=")
    list(APPEND options -fprofile-update=atomic)
  endif()
  foreach(option IN LISTS options)
    set_property(TARGET "${target}" APPEND PROPERTY COMPILE_OPTIONS "$<$<AND:${measured},$<COMPILE_LANGUAGE:C,CXX>>:${option}>")
  endforeach()
  foreach(language IN ITEMS C CXX) # Clang's paths are absolute anyway
    set_property(TARGET "${target}" APPEND PROPERTY COMPILE_OPTIONS
      "$<$<AND:${measured},$<COMPILE_LANG_AND_ID:${language},GNU>>:-fprofile-abs-path>")
  endforeach()
  if(type MATCHES "^(STATIC|OBJECT)_LIBRARY$")
    set_property(TARGET "${target}" APPEND PROPERTY INTERFACE_LINK_LIBRARIES "$<BUILD_INTERFACE:$<LINK_ONLY:$<${measured}:--coverage>>>")
  else()
    set_property(TARGET "${target}" APPEND PROPERTY LINK_OPTIONS "$<${measured}:--coverage>")
  endif()
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
