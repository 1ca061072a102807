#[=======================================================================[.rst:
.. command:: add_fixture_service

  Declares a service that tests need. CTest starts the program once, waits until it is really ready, and stops
  it gently when the last test that needs it has ended::

    add_fixture_service(<name>
      COMMAND <target or program> [<arg>...]
      [SHELL]
      [PORTS <port>[=<number>|=ANY]...]
      [LISTEN <port>[=<number>]...]
      [READY TCP <port> [FOREIGN] | HTTP <url or /path> [STATUS <code>...] [FOREIGN] | UNIX <path>
             | LOG <regex> [TIMES <n>] | FILE <path> | COMMAND <cmd> [<arg>...] | NOTIFY | EXIT]...
      [START_TIMEOUT <seconds>]
      [STOP <signal> <seconds> [<signal> <seconds>]...]
      [EXIT_CODES <code or signal>...]
      [DEPENDS <service>...]
      [ENVIRONMENT <VAR>=<value>...]
      [WORKING_DIRECTORY <dir>]
      [EXPORT <VAR>=<value>...]
      [SCOPE RUN|TEST]
      [COVERAGE AUTO|OFF|python|node|java]
      [LABELS <label>...])

  | keyword | what it says | default |
  |---|---|---|
  | ``COMMAND`` | what to run | required |
  | ``SHELL`` | ``COMMAND`` is a line for the shell | off |
  | ``PORTS`` | names of the ports that it opens | none |
  | ``LISTEN`` | ports that are bound for it (socket activation) | none |
  | ``READY`` | when it is ready; all of several | ``TCP`` on the first port |
  | ``START_TIMEOUT`` | seconds until it must be ready | 30 |
  | ``STOP`` | signals, and seconds to wait after each | ``SIGINT 10 SIGTERM 5`` |
  | ``EXIT_CODES`` | what counts as a good end | 0, and death by a signal of ``STOP`` |
  | ``DEPENDS`` | services that it needs | none |
  | ``ENVIRONMENT`` | variables for the service | none |
  | ``WORKING_DIRECTORY`` | where it runs | the current binary directory |
  | ``EXPORT`` | variables for its tests and dependents | none |
  | ``SCOPE`` | one instance for the run, or one for each test | ``RUN`` |
  | ``COVERAGE`` | whether its coverage is rescued | ``AUTO`` |
  | ``LABELS`` | labels of its two tests | none |

  The service becomes the tests ``<name>.start`` and ``<name>.stop`` with the label ``fixture``, setup and
  cleanup of the CTest fixture ``<name>``. CTest runs them whenever a test is run that needs the service.
  :command:`add_fixture_test` and :command:`discover_fixture_tests` make such tests.

  Its tests, and the services that depend on it, get variables in their environment. For a service ``my-api`` with
  ``PORTS http admin`` these are:

  | variable | value |
  |---|---|
  | ``MY_API_HOST`` | 127.0.0.1, or ::1 when the service listens only there |
  | ``MY_API_PORT`` | the first port |
  | ``MY_API_HTTP_PORT``, ``MY_API_ADMIN_PORT`` | the port of that name |
  | ``MY_API_DIR`` | a scratch folder, empty at each start |
  | ``MY_API_LOG`` | the file with all that the service prints |
  | ``MY_API_PID`` | its process |

  Written ``@MY_API_HTTP_PORT@``, the same names, and those of the services it depends on, are replaced in
  ``COMMAND``, ``READY``, ``ENVIRONMENT``, ``EXPORT`` and ``WORKING_DIRECTORY``; ``@@`` is one ``@``. In these
  places ``@SELF_PORT@``, ``@SELF_HTTP_PORT@``, ``@SELF_DIR@`` and so on are the service's own variables, for services
  that a loop or a function makes. A name that is not known there stops the configure step, as does a known one in
  another spelling (``@my-api_port@``). Any other text between two ``@`` stays as it is.

  Every argument arrives as written, with generator expressions replaced. What cannot be an argument: a
  newline, and a word that is one of the keywords above (write ``$<1:STOP>`` for the plain word STOP).

  ``<name>``
    Lower-case letters, digits, ``-`` and ``_``, beginning with a letter. ``coverage`` is the name of what
    :command:`add_fixture_coverage` adds. A name is refused if one of the variables means something else to a
    well-known program, as ``GIT_DIR``, ``DOCKER_HOST`` and ``RUST_LOG`` do, or begins with ``SELF_``. Each project of a
    build may have a service of the same name; the guide says what ctest calls them.

  ``COMMAND <target or program> [<arg>...]``
    What to run: the executable target or a program. This project's build makes the target, and its
    ``CROSSCOMPILING_EMULATOR`` is put before it. A program is looked up in ``PATH``; a relative path with a
    ``/`` is relative to ``WORKING_DIRECTORY``. No default.

  ``SHELL``
    ``COMMAND`` is one line for ``/bin/sh -c``, and the signals of ``STOP`` go to its whole process group.

  ``PORTS <port>[=<number>|=ANY]...``
    Names of the TCP ports that the service opens. Each gets a free port at each start, or the fixed
    number. ``ANY`` is for a service that binds port 0 and takes the port that the kernel chooses: the
    helper finds the number. In the service's own ``COMMAND`` and environment the port is 0, so
    ``--port @API_PORT@`` works; its tests, ``EXPORT`` and ``READY`` get the number. One port of a service
    can be ``ANY``. No default.

  ``LISTEN <port>[=<number>]...``
    As ``PORTS``, but the helper binds the port and hands the listening socket over, as systemd's socket
    activation does (``LISTEN_FDS``, ``LISTEN_PID``, ``LISTEN_FDNAMES``). No default.

  ``READY <kind> ...``
    When the service is ready. Repeated, all conditions must hold at the same moment: a port that was open
    only while a database set itself up does not count. Default: ``TCP`` on the first port; a service
    without a port must say ``READY``. The kinds:

    | kind | ready when |
    |---|---|
    | ``TCP`` | it listens on the port |
    | ``HTTP`` | it answers a request well |
    | ``UNIX`` | it accepts connections on the socket |
    | ``LOG`` | it has printed a line that matches |
    | ``FILE`` | the file exists |
    | ``COMMAND`` | the command ends with status 0 |
    | ``NOTIFY`` | it says so by sd_notify |
    | ``EXIT`` | it has ended well: a one-shot |

    ``TCP <port> [FOREIGN]``
      The service itself, not a stranger, listens on this port of ``PORTS`` or ``LISTEN``. With ``FOREIGN``
      any process may, as ``docker-proxy`` or ``ssh -L`` do for a service; it must begin after the start.
    ``HTTP <url or /path> [STATUS <code>...] [FOREIGN]``
      A GET is answered with one of the codes, default any of 200 to 399. A path is asked of the first
      port; an ``http://`` URL may hold ``@NAME@``. ``FOREIGN`` is as with ``TCP``.
    ``UNIX <path>``
      A Unix socket at this path accepts connections. ``@@name`` is the abstract socket ``name``.
    ``LOG <regex> [TIMES <n>]``
      A line of the service's output matches this POSIX extended regular expression, or ``n`` lines do. The
      lines are matched as a person sees them: without colours, and what is written over itself (a
      carriage return) is a line each time. A prompt at the end needs no newline.
    ``FILE <path>``
      The file exists, be it empty. A service that writes something to it for others puts it in
      place by a rename, when it is complete.
    ``COMMAND <cmd> [<arg>...]``
      The command, tried again and again, ends with status 0. With further conditions it may run once more
      after that.
    ``NOTIFY``
      The service says so itself by the sd_notify protocol. If its first process exits after it has sent ``MAINPID=<pid>`` of
      a child of it, that child is the main process from then on.
    ``EXIT``
      The service is a one-shot, such as a migration: it has ended well.

    Relative paths are relative to ``WORKING_DIRECTORY``.

  ``START_TIMEOUT <seconds>``
    How long the service may take to become ready; decimals allowed. Default: 30.

  ``STOP <signal> <seconds> [<signal> <seconds>]...``
    The signals that stop the service and how long to wait after each; ``SIGKILL`` always ends the list.
    Default: ``SIGINT 10 SIGTERM 5``.

  ``EXIT_CODES <code or signal>...``
    What counts as a good end: exit statuses from 0 to 255, or death by a signal. Default: 0, and death
    by a signal that ``STOP`` has sent.

  ``DEPENDS <service>...``
    Services that are ready before this one starts, and stopped after it. They may be declared later,
    anywhere in the project. Default: none.

  ``ENVIRONMENT <VAR>=<value>...``
    More variables for the service. Their values, and those of ``EXPORT``, stand in files that only the user
    can read. Default: none.

  ``WORKING_DIRECTORY <dir>``
    Where the service runs; a relative path is relative to the current binary directory, which is also
    the default.

  ``EXPORT <VAR>=<value>...``
    More variables for the tests and for the services that depend on this one. Default: none.

  ``SCOPE RUN|TEST``
    ``RUN``: one instance serves all tests of a ctest run. ``TEST``: each test gets a fresh one, started and
    stopped around it by the launcher. Then there are no tests ``<name>.start`` and ``<name>.stop``, and only a
    service of ``SCOPE TEST`` may depend on it. A test whose instance does not end well fails. Default: ``RUN``.

  ``COVERAGE AUTO|OFF|python|node|java``
    With :command:`add_fixture_coverage`, the counts of all processes of the service are kept however they end.
    Each process has a folder of its own for them. ``gentle`` follows it by ``ptrace``, and reads from its
    memory what it has not written when it ends: of GCC, Clang, Rust and ``go build -cover``. Counts that are lost nevertheless fail ``<name>.stop``. ``OFF``
    does none of that, for a service that uses ``ptrace`` itself: what it writes when it exits counts, and
    nothing else. ``python`` is as ``AUTO``, and records the lines that the service's processes of Python execute,
    whatever ends them; also the branches, if the project's configuration of coverage.py says ``branch = true``.
    The report needs coverage.py (``pip install coverage``). ``node`` does the same for
    JavaScript in Node 18 and newer, and needs nothing else. ``java`` does it for lines, branches and methods in
    Java 11 and newer; it needs a JDK and JaCoCo (``GENTLE_JACOCO``). Default: ``AUTO``.

  ``LABELS <label>...``
    More labels for the two tests. Default: none.

  The program ``gentle`` does the work. Where it comes from, for this function and the others:

  ``GENTLE_EXECUTABLE``
    A variable with the absolute path of a prebuilt ``gentle`` of the version of these functions. Default: that
    of the installed package. Without one, CMake builds it when it configures, in ``GentleFixtures`` of the
    build directory. It does so by a CMake run of its own, which sees nothing of the project's flags, toolchain
    and launchers. This needs GCC 11 or Clang 14, and fetches ``nlohmann_json`` unless it is installed.

  Needs CMake 3.22.
#]=======================================================================]
function(add_fixture_service)
  _gentle_return_without_testing()
  _gentle_read_arguments(${ARGC})
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  set(_gentle_function add_fixture_service)
  set(_gentle_subject "${_gentle_argv_0}")
  _gentle_check_service_name()
  _gentle_parse(1 COMMAND:some SHELL:flag PORTS:any LISTEN:any READY:groups START_TIMEOUT:one STOP:some
    EXIT_CODES:some DEPENDS:any ENVIRONMENT:any WORKING_DIRECTORY:one EXPORT:any SCOPE:one COVERAGE:one LABELS:any)

  set(name "${_gentle_subject}")
  _gentle_prefix(prefix "${name}")
  _gentle_replace_self(of_itself "${prefix}")
  _gentle_collect_references(references)
  _gentle_new_service(id key "${name}")
  _gentle_full_name(full "${key}")
  _gentle_generated_dir(specs)
  _gentle_service_command(command program directory)
  _gentle_service_ports(port_lines variables ports listened any_port)
  _gentle_check_self("${of_itself}" "${prefix}" "${variables}")
  _gentle_check_reserved_variables("${name}" "${variables}")
  _gentle_service_ready(ready "${directory}" "${ports}" "${listened}" "${any_port}")
  _gentle_service_times(times start_limit stop_limit "${ready}")
  _gentle_service_surroundings(surroundings "${specs}" "${key}")

  _gentle_helper(helper)
  set(spec "gentle-spec 1\nname ${full}\nstate ${CMAKE_BINARY_DIR}/Testing/Fixtures/${full}\n")
  _gentle_generate("${specs}/${full}.spec" "${spec}${command}${port_lines}${ready}${times}${surroundings}end\n")

  _gentle_values_as_list(depends DEPENDS)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_SERVICES "${id}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_NAME "${name}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_PROJECT "${PROJECT_NAME}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_PROJECT_DIR "${PROJECT_SOURCE_DIR}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_FOLDER "${CMAKE_CURRENT_SOURCE_DIR}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_DEPENDS "${depends}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_PROGRAM "${program}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_VARIABLES "${variables}")
  _gentle_exported_names(exports)
  set_property(GLOBAL PROPERTY _GENTLE_${key}_EXPORTS "${exports}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_REFERENCES "${references}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_WHERE "${CMAKE_CURRENT_LIST_FILE}")
  set_property(GLOBAL PROPERTY _GENTLE_${key}_SCOPE "${arg_SCOPE_0}")
  _gentle_finish_later()
  if("${arg_SCOPE_0}" STREQUAL "TEST")
    return() # its tests start it themselves: `gentle run` reads the scope from the spec
  endif()

  _gentle_needs(needs "${key}")
  _gentle_values_as_list(labels LABELS)
  list(PREPEND labels fixture)
  # In ctest these are <full name>.start and .stop: read_tests.cmake sees to it.
  add_test(NAME "${name}.start" COMMAND "${helper}" start "${specs}/${full}.spec")
  set_tests_properties("${name}.start" PROPERTIES
    FIXTURES_SETUP "${full}" FIXTURES_REQUIRED "${needs}" LABELS "${labels}"
    TIMEOUT ${start_limit} SKIP_RETURN_CODE 77)
  add_test(NAME "${name}.stop" COMMAND "${helper}" stop "${specs}/${full}.spec")
  set_tests_properties("${name}.stop" PROPERTIES
    FIXTURES_CLEANUP "${full}" FIXTURES_REQUIRED "${needs}" LABELS "${labels}"
    TIMEOUT ${stop_limit})
  _gentle_note_fixture_tests("${id}" "${name}.start" "${name}.stop")
endfunction()

function(_gentle_check_service_name)
  if(_gentle_argc EQUAL 0 OR "${_gentle_subject}" STREQUAL "COMMAND")
    set(_gentle_subject "")
    _gentle_fail("" "the name of the service is missing.")
  elseif(NOT "${_gentle_subject}" MATCHES "^[a-z][a-z0-9_-]*$")
    _gentle_fail(""
      "'${_gentle_subject}' is not a valid service name: lower-case letters, digits, '-' and '_', beginning with a letter.")
  elseif("${_gentle_subject}" STREQUAL "coverage")
    _gentle_fail("" "the name belongs to the fixture of add_fixture_coverage; choose another one.")
  elseif("${_gentle_subject}" MATCHES "^self($|[-_])")
    _gentle_fail("" "variables that begin with SELF_ are those of the service in which they are written; choose another name.")
  endif()
  _gentle_check_new_name("${_gentle_subject}")
endfunction()

# A line for each value of a keyword, generator expressions kept.
function(_gentle_spec_lines out_lines key keyword)
  set(lines "")
  _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
  foreach(i IN LISTS numbers)
    _gentle_literal(value "${arg_${keyword}_${i}}")
    string(APPEND lines "${key} ${value}\n")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# As _gentle_spec_lines for VAR=value: one that a generator expression leaves empty is no line at all.
function(_gentle_spec_assignments out_lines key keyword)
  _gentle_check_assignments(${keyword})
  set(lines "")
  _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
  foreach(i IN LISTS numbers)
    _gentle_literal(value "${arg_${keyword}_${i}}")
    if("${value}" MATCHES "^\\$<")
      string(APPEND lines "$<$<BOOL:${value}>:${key} ${value}\n>")
    else()
      string(APPEND lines "${key} ${value}\n")
    endif()
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# The lines of COMMAND; its program, if it may be a target; and the folder that it runs in.
function(_gentle_service_command out_lines out_program out_directory)
  set(program "")
  if(NOT arg_COMMAND)
    _gentle_fail_missing(COMMAND "missing." COMMAND PORTS LISTEN DEPENDS LABELS)
  endif()
  if("${arg_COMMAND_0}" STREQUAL "")
    _gentle_fail(COMMAND "the program is an empty string.")
  endif()
  _gentle_plain_path(directory "${CMAKE_CURRENT_BINARY_DIR}")
  if(arg_WORKING_DIRECTORY)
    _gentle_absolute(directory "${arg_WORKING_DIRECTORY_0}" "${directory}")
  endif()
  _gentle_literal(literal "${directory}")
  set(lines "working_directory ${literal}\n")

  if(arg_SHELL)
    if(arg_COMMAND_COUNT GREATER 1)
      _gentle_fail(SHELL "COMMAND must be one line, not ${arg_COMMAND_COUNT} arguments; quote it as a whole.")
    endif()
    string(APPEND lines "shell\n")
  else()
    set(program "${arg_COMMAND_0}")
    if("${program}" MATCHES "^[^/@$].*/") # relative, with a folder
      set(arg_COMMAND_0 "${directory}/${program}")
      set(program "")
    elseif("${program}" MATCHES "^[A-Za-z0-9_.:+-]+$")
      set(emulator "$<TARGET_PROPERTY:${program},CROSSCOMPILING_EMULATOR>")
      _gentle_is_executable(is_target "${program}")
      string(APPEND lines "$<${is_target}:$<$<BOOL:${emulator}>:command $<JOIN:${emulator},\ncommand >\n>>")
      _gentle_program(arg_COMMAND_0 "${program}")
    endif()
  endif()
  _gentle_spec_lines(words command COMMAND)
  set(${out_lines} "${lines}${words}" PARENT_SCOPE)
  set(${out_program} "${program}" PARENT_SCOPE)
  set(${out_directory} "${directory}" PARENT_SCOPE)
endfunction()

# The lines of PORTS and LISTEN; the names of the service's variables; those of all ports, of those that are listened
# on for it, and of the one that it chooses itself, or "".
function(_gentle_service_ports out_lines out_variables out_ports out_listened out_any_port)
  set(lines "")
  set(variables "")
  set(ports "")
  set(listened "")
  set(any_port "")
  _gentle_prefix(prefix "${_gentle_subject}")
  foreach(keyword IN ITEMS PORTS LISTEN)
    _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
    foreach(i IN LISTS numbers)
      set(value "${arg_${keyword}_${i}}")
      _gentle_check_port(port is_any ${keyword} "${value}")
      _gentle_prefix(port_variable "${prefix}_${port}_PORT")
      if(is_any)
        if(NOT "${any_port}" STREQUAL "")
          _gentle_fail(PORTS
            "'${value}': '${any_port}' is ANY already, and of two nobody could tell which is which; write '${port}', and let COMMAND pass @${port_variable}@.")
        endif()
        set(any_port "${port}")
      endif()
      if("${port_variable}" IN_LIST variables)
        _gentle_fail(${keyword} "the port '${port}' has the variable ${port_variable} of another port of this service.")
      endif()
      list(APPEND ports "${port}")
      list(APPEND variables "${port_variable}")
      if("${keyword}" STREQUAL "PORTS")
        string(APPEND lines "port ${value}\n")
      else()
        string(APPEND lines "listen ${value}\n")
        list(APPEND listened "${port}")
      endif()
    endforeach()
  endforeach()
  list(APPEND variables ${prefix}_HOST ${prefix}_DIR ${prefix}_LOG ${prefix}_PID)
  if(ports)
    list(APPEND variables ${prefix}_PORT)
  elseif(NOT arg_READY)
    _gentle_fail_missing(READY "without a port the service must say when it is ready: add PORTS, LISTEN or READY."
      "READY;PORTS;LISTEN" COMMAND DEPENDS ENVIRONMENT EXPORT LABELS)
  endif()
  foreach(name IN ITEMS lines variables ports listened any_port)
    set(${out_${name}} "${${name}}" PARENT_SCOPE)
  endforeach()
endfunction()

# The name of a port, from a value of PORTS or LISTEN, and whether its number is ANY.
function(_gentle_check_port out_port out_is_any keyword value)
  if(NOT "${value}" MATCHES "^([a-z0-9_-]+)(=(.*))?$")
    _gentle_did_you_mean(hint "${value}" SHELL PORTS LISTEN READY START_TIMEOUT STOP EXIT_CODES DEPENDS
      ENVIRONMENT WORKING_DIRECTORY EXPORT SCOPE COVERAGE LABELS)
    _gentle_fail(${keyword}
      "'${value}' is not a valid port: <name> or <name>=<number>, the name of lower-case letters, digits, '-' and '_'.${hint}")
  endif()
  set(port "${CMAKE_MATCH_1}")
  set(equals "${CMAKE_MATCH_2}")
  set(number "${CMAKE_MATCH_3}")
  if("${port}" MATCHES "^[0-9]+$")
    _gentle_fail(${keyword} "'${value}' is a number without a name; write http=${port}, for example.")
  endif()
  set(is_any FALSE)
  if("${number}" STREQUAL "ANY")
    set(is_any TRUE)
    if("${keyword}" STREQUAL "LISTEN")
      _gentle_fail(LISTEN "'${value}': the port is bound for the service, which cannot choose it; write '${port}' for a free one.")
    endif()
  elseif(NOT "${equals}" STREQUAL "" AND (NOT "${number}" MATCHES "^[1-9][0-9]?[0-9]?[0-9]?[0-9]?$" OR number GREATER 65535))
    set(hint "")
    if("${keyword}" STREQUAL "PORTS" AND NOT "${number}" MATCHES "^[0-9]*[1-9]")
      set(hint " If the service chooses its port itself: ${port}=ANY; if it is to be given a free one: ${port}.")
    endif()
    _gentle_fail(${keyword} "'${number}' in '${value}' is not a port number from 1 to 65535.${hint}")
  endif()
  set(${out_port} "${port}" PARENT_SCOPE)
  set(${out_is_any} ${is_any} PARENT_SCOPE)
endfunction()

# The lines of READY. In these functions <value> is the first word behind the kind, and `words` all of them without FOREIGN.
function(_gentle_service_ready out_lines directory ports listened any_port)
  _gentle_ready_rows(rows)
  list(TRANSFORM rows REPLACE " .*" "" OUTPUT_VARIABLE kinds)
  set(lines "")
  _gentle_numbers(groups "${arg_READY_COUNT}")
  foreach(group IN LISTS groups)
    set(kind "${arg_READY_${group}_0}")
    set(value "${arg_READY_${group}_1}")
    if(NOT "${kind}" IN_LIST kinds)
      _gentle_did_you_mean(hint "${kind}" ${kinds})
      list(JOIN kinds " " kinds)
      _gentle_fail(READY "'${kind}' is not a kind of readiness: ${kinds}.${hint}")
    endif()
    string(APPEND lines "ready ${kind}\n")
    list(FIND kinds "${kind}" at)
    list(GET rows ${at} row)
    string(REPLACE " " ";" options "${row}")
    list(POP_FRONT options "" takes)

    _gentle_take_foreign(words foreign ${group} "${options}")
    if(foreign)
      _gentle_check_foreign("${kind}" "${value}" ${words_COUNT} "${ports}" "${listened}" "${any_port}")
      string(APPEND lines "ready.foreign\n")
    elseif(words_COUNT GREATER 1 AND "${words_1}" STREQUAL "FOREIGN" AND NOT takes STREQUAL "many")
      list(FILTER rows INCLUDE REGEX " FOREIGN( |$)")
      list(TRANSFORM rows REPLACE "^([A-Z]+) .*" "READY \\1")
      list(JOIN rows " and " these)
      _gentle_fail("READY ${kind}" "FOREIGN goes with ${these} only.")
    endif()

    set(taken 0) # so many of the words
    if(NOT takes STREQUAL "none")
      if(words_COUNT EQUAL 0 OR "${value}" STREQUAL "")
        _gentle_fail("READY ${kind}" "needs a value.")
      elseif(takes STREQUAL "path")
        _gentle_absolute(value "${value}" "${directory}")
      endif()
      string(TOLOWER "_gentle_check_ready_${kind}" check)
      if(COMMAND ${check})
        cmake_language(CALL ${check} "${value}" "${ports}")
      endif()
      if(NOT "${any_port}" STREQUAL "" AND NOT "AT_PORT" IN_LIST options)
        _gentle_check_without_any_port("${kind}" "${value}" "${ports}" "${any_port}")
      endif()
      _gentle_literal(value "${value}")
      string(APPEND lines "ready.arg ${value}\n")
      set(taken 1)
    endif()

    set(more "")
    if(words_COUNT GREATER taken)
      if(takes STREQUAL "many")
        _gentle_ready_arguments(more)
      elseif("TIMES" IN_LIST options)
        _gentle_ready_log_times(more)
      elseif("STATUS" IN_LIST options)
        _gentle_ready_http_status(more)
      else()
        _gentle_did_you_mean(hint "${words_${taken}}" SHELL PORTS LISTEN START_TIMEOUT STOP EXIT_CODES DEPENDS
          ENVIRONMENT WORKING_DIRECTORY EXPORT SCOPE COVERAGE LABELS FOREIGN)
        _gentle_fail("READY ${kind}"
          "'${words_${taken}}' is one word too many; write READY again before a further condition.${hint}")
      endif()
    endif()
    string(APPEND lines "${more}")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# The words of this READY, each in a variable of its own as _gentle_push leaves them, but FOREIGN where it is an option.
function(_gentle_take_foreign words out_foreign group options)
  set(foreign FALSE)
  set(count 0)
  _gentle_numbers(numbers "${arg_READY_${group}_COUNT}" 1)
  foreach(i IN LISTS numbers)
    set(word "${arg_READY_${group}_${i}}")
    if("${word}" STREQUAL "FOREIGN" AND "FOREIGN" IN_LIST options)
      set(foreign TRUE)
    else()
      set(${words}_${count} "${word}" PARENT_SCOPE)
      math(EXPR count "${count} + 1")
    endif()
  endforeach()
  set(${words}_COUNT ${count} PARENT_SCOPE)
  set(${out_foreign} ${foreign} PARENT_SCOPE)
endfunction()

function(_gentle_check_foreign kind value count ports listened any_port)
  if(count EQUAL 0)
    _gentle_fail("READY ${kind}" "needs a value before FOREIGN.")
  elseif(NOT "${any_port}" STREQUAL "")
    _gentle_fail("READY ${kind}" "FOREIGN does not go with PORTS ${any_port}=ANY: of strangers nobody could tell which is meant.")
  elseif("${value}" IN_LIST listened OR ("${value}" MATCHES "^/" AND "${listened}" STREQUAL "${ports}"))
    _gentle_fail("READY ${kind}" "FOREIGN does not go with LISTEN, which hands the socket to the service itself.")
  endif()
endfunction()

# Of the value of one kind: _gentle_check_ready_<kind>, where there is anything to check.
function(_gentle_check_ready_tcp value ports)
  if(NOT "${value}" IN_LIST ports)
    _gentle_did_you_mean(hint "${value}" ${ports})
    _gentle_fail("READY TCP" "'${value}' is not a port that PORTS or LISTEN names.${hint}")
  endif()
endfunction()

function(_gentle_check_ready_unix value ports)
  if("${value}" MATCHES "^@@?$")
    _gentle_fail("READY UNIX" "'${value}' is an abstract socket without a name; write @@name.")
  endif()
endfunction()

# What is watched from before the start cannot hold a number that the service chooses later.
function(_gentle_check_without_any_port kind value ports any_port)
  _gentle_prefix(prefix "${_gentle_subject}")
  _gentle_prefix(port_variable "${prefix}_${any_port}_PORT")
  set(names "${port_variable}")
  list(GET ports 0 first)
  if("${first}" STREQUAL "${any_port}")
    list(APPEND names "${prefix}_PORT")
  endif()
  foreach(name IN LISTS names)
    if("${value}" MATCHES "@${name}@")
      _gentle_fail("READY ${kind}"
        "'${value}' holds @${name}@, which is known only when the service listens (PORTS ${any_port}=ANY); READY TCP, HTTP and COMMAND may use it.")
    endif()
  endforeach()
endfunction()

function(_gentle_check_ready_http url ports)
  if("${url}" MATCHES "^https:")
    _gentle_fail("READY HTTP" "'${url}': https is not supported; use READY TCP, or READY COMMAND with a client for it.")
  elseif("${url}" MATCHES "^/")
    if(NOT ports)
      _gentle_fail("READY HTTP" "'${url}' is a path, but the service has no port; add PORTS or LISTEN, or write the whole URL.")
    endif()
  elseif(NOT "${url}" MATCHES "^(http://.|@|\\$<)")
    _gentle_fail("READY HTTP" "'${url}' is neither a /path nor an http:// URL.")
  endif()
endfunction()

function(_gentle_check_ready_log regex ports)
  _gentle_helper(helper)
  execute_process(COMMAND "${helper}" check-regex "${regex}"
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE error OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0)
    string(STRIP "${error}" error)
    string(REPLACE "\n" " " error "${error}")
    _gentle_fail("READY LOG" "'${regex}' is no POSIX extended regular expression. ${error}")
  endif()
endfunction()

# What may follow the value, of READY COMMAND, LOG and HTTP: the rest of the caller's `words`.
function(_gentle_ready_arguments out_lines)
  set(lines "")
  _gentle_numbers(numbers ${words_COUNT} 1)
  foreach(i IN LISTS numbers)
    _gentle_literal(value "${words_${i}}")
    string(APPEND lines "ready.arg ${value}\n")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

function(_gentle_ready_log_times out_lines)
  if(NOT "${words_1}" STREQUAL "TIMES")
    _gentle_did_you_mean(hint "${words_1}" TIMES)
    _gentle_fail("READY LOG" "after the regex only TIMES <n> may follow, not '${words_1}'.${hint}")
  elseif(words_COUNT EQUAL 2)
    _gentle_fail("READY LOG" "TIMES needs a value.")
  elseif(NOT "${words_2}" MATCHES "^[1-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?$")
    _gentle_fail("READY LOG" "TIMES '${words_2}' is not a number from 1 to 999999.")
  elseif(words_COUNT GREATER 3)
    _gentle_fail("READY LOG" "'${words_3}' is one word too many; write READY again before a further condition.")
  endif()
  set(${out_lines} "ready.times ${words_2}\n" PARENT_SCOPE)
endfunction()

function(_gentle_ready_http_status out_lines)
  if(NOT "${words_1}" STREQUAL "STATUS")
    _gentle_did_you_mean(hint "${words_1}" STATUS FOREIGN)
    _gentle_fail("READY HTTP" "after the URL only STATUS <code>... and FOREIGN may follow, not '${words_1}'.${hint}")
  elseif(words_COUNT EQUAL 2)
    _gentle_fail("READY HTTP" "STATUS needs a value.")
  endif()
  set(lines "")
  _gentle_numbers(numbers ${words_COUNT} 2)
  foreach(i IN LISTS numbers)
    set(code "${words_${i}}")
    if(NOT "${code}" MATCHES "^[1-5][0-9][0-9]$")
      _gentle_fail("READY HTTP" "STATUS '${code}' is no HTTP status from 100 to 599.")
    elseif("${code}" MATCHES "^1" AND NOT "${code}" EQUAL 101)
      _gentle_fail("READY HTTP" "STATUS '${code}' is an interim answer, which is skipped; name the status that follows it.")
    endif()
    string(APPEND lines "ready.status ${code}\n")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()

# The lines of START_TIMEOUT, STOP and EXIT_CODES, and how long the two tests may take. The helper keeps its own limits;
# CTest's only end a helper that hangs, and leave it room to report.
function(_gentle_service_times out_lines out_start_limit out_stop_limit ready)
  set(lines "")
  set(start_seconds 30)
  if(arg_START_TIMEOUT)
    _gentle_check_seconds(START_TIMEOUT "${arg_START_TIMEOUT_0}")
    string(APPEND lines "start_timeout ${arg_START_TIMEOUT_0}\n")
    _gentle_whole_seconds(start_seconds "${arg_START_TIMEOUT_0}")
  endif()
  _gentle_service_stop(stop stop_seconds)
  string(APPEND lines "${stop}")
  _gentle_numbers(numbers "${arg_EXIT_CODES_COUNT}")
  foreach(i IN LISTS numbers)
    set(value "${arg_EXIT_CODES_${i}}")
    if("${value}" MATCHES "^[0-9+-]")
      if(NOT "${value}" MATCHES "^[0-9][0-9]?[0-9]?$" OR value GREATER 255)
        _gentle_fail(EXIT_CODES "'${value}' is not an exit status from 0 to 255.")
      endif()
    else()
      _gentle_check_signal(EXIT_CODES "${value}")
    endif()
    string(APPEND lines "exit_code ${value}\n")
  endforeach()

  set(extension 0)
  if("\n${ready}" MATCHES "\nready NOTIFY\n")
    set(extension 3600) # the service may ask for more time
  endif()
  math(EXPR start_limit "${start_seconds} + ${stop_seconds} + ${extension} + 60")
  math(EXPR stop_limit "${stop_seconds} + 60")
  set(${out_lines} "${lines}" PARENT_SCOPE)
  set(${out_start_limit} ${start_limit} PARENT_SCOPE)
  set(${out_stop_limit} ${stop_limit} PARENT_SCOPE)
endfunction()

# The lines of STOP, and how long all its waits are together.
function(_gentle_service_stop out_lines out_seconds)
  set(lines "")
  set(all_seconds 15)
  if(arg_STOP)
    set(all_seconds 0)
  endif()
  _gentle_numbers(numbers "${arg_STOP_COUNT}" 0 2)
  foreach(i IN LISTS numbers)
    set(signal "${arg_STOP_${i}}")
    _gentle_check_signal(STOP "${signal}")
    math(EXPR next "${i} + 1")
    if(next EQUAL arg_STOP_COUNT)
      _gentle_fail(STOP "expected seconds after '${signal}': STOP takes pairs of <signal> <seconds>.")
    endif()
    _gentle_check_seconds(STOP "${arg_STOP_${next}}")
    string(APPEND lines "stop ${signal} ${arg_STOP_${next}}\n")
    _gentle_whole_seconds(seconds "${arg_STOP_${next}}")
    math(EXPR all_seconds "${all_seconds} + ${seconds}")
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
  set(${out_seconds} ${all_seconds} PARENT_SCOPE)
endfunction()

# The lines of DEPENDS, ENVIRONMENT, EXPORT, SCOPE and COVERAGE.
function(_gentle_service_surroundings out_lines specs key)
  set(lines "")
  _gentle_numbers(numbers "${arg_DEPENDS_COUNT}")
  foreach(i IN LISTS numbers)
    if(NOT "${arg_DEPENDS_${i}}" MATCHES "^([A-Za-z0-9_-]+\\.)?[a-z][a-z0-9_-]*$")
      _gentle_fail(DEPENDS "'${arg_DEPENDS_${i}}' is not a valid service name.")
    endif()
    string(APPEND lines "depends ${specs}/$<TARGET_PROPERTY:GentleFixtures::needs,DEPENDS_${key}_${i}>.spec\n")
  endforeach()
  _gentle_spec_assignments(environment environment ENVIRONMENT)
  _gentle_spec_assignments(exports export EXPORT)
  string(APPEND lines "${environment}${exports}")
  _gentle_check_choice(SCOPE RUN TEST)
  _gentle_check_choice(COVERAGE AUTO OFF python node java)
  _gentle_note_language("${arg_COMMAND_0}")
  foreach(keyword IN ITEMS SCOPE COVERAGE)
    if(arg_${keyword})
      string(TOLOWER "${keyword} ${arg_${keyword}_0}" line)
      string(APPEND lines "${line}\n")
    endif()
  endforeach()
  set(${out_lines} "${lines}" PARENT_SCOPE)
endfunction()
