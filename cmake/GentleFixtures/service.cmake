#[=======================================================================[.rst:
.. command:: add_fixture_service

  Declares a service that tests need: a program that CTest starts once, waits for until it is really
  ready, and stops gently when the last test that needs it has ended::

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
      [COVERAGE AUTO|OFF]
      [LABELS <label>...])

  The service becomes the tests ``<name>.start`` and ``<name>.stop`` with the label ``fixture``, setup
  and cleanup of the CTest fixture ``<name>``. CTest runs them whenever a test is run that needs the
  service; :command:`add_fixture_test` and :command:`discover_fixture_tests` make such tests.

  Service ``my-api`` with ``PORTS http admin`` gives its tests, and the services that depend on it, the
  environment variables ``MY_API_HOST``, ``MY_API_PORT`` (of the first port), ``MY_API_HTTP_PORT``,
  ``MY_API_ADMIN_PORT``, ``MY_API_DIR`` (a scratch folder, empty at each start), ``MY_API_LOG`` and
  ``MY_API_PID``. Written ``@MY_API_HTTP_PORT@``, the same names, and those of the services it depends
  on, are replaced in ``COMMAND``, ``READY``, ``ENVIRONMENT``, ``EXPORT`` and ``WORKING_DIRECTORY``;
  ``@@`` is one ``@``. A name that is not known there stops the configure step, as does a known one in another spelling
  (``@my-api_port@``). Any other text between two ``@`` stays as it is.

  Every argument arrives as written, with generator expressions replaced. What cannot be an argument: a
  newline, and a word that is one of the keywords above (write ``$<1:STOP>`` for the plain word STOP).

  ``<name>``
    Lower-case letters, digits, ``-`` and ``_``, beginning with a letter. ``coverage`` is the name of what
    :command:`add_fixture_coverage` adds. A name is refused if one of the variables means something else to a
    well-known program, as ``GIT_DIR``, ``DOCKER_HOST`` and ``RUST_LOG`` do.

  ``COMMAND <target or program> [<arg>...]``
    What to run: the executable target (this project's build makes it; its ``CROSSCOMPILING_EMULATOR`` is
    put before it) or a program, looked up in ``PATH``; a relative path with a ``/`` is relative to
    ``WORKING_DIRECTORY``. No default.

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
      The service says so itself by the sd_notify protocol.
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
    ``RUN``: one instance serves all tests of a ctest run. ``TEST``: each test gets a fresh one, started
    and stopped around it by the launcher; then there are no tests ``<name>.start`` and ``<name>.stop``,
    only a service of ``SCOPE TEST`` may depend on it, and a test whose instance does not end well fails.
    Default: ``RUN``.

  ``COVERAGE AUTO|OFF``
    With :command:`add_fixture_coverage`, the counts of all processes of the service are kept however they
    end: each has a folder of its own for them, and is followed by ``ptrace``, so that what it has not
    written when it ends is read from its memory. Counts that are lost nevertheless fail ``<name>.stop``.
    ``OFF`` does none of that, for a service that uses ``ptrace`` itself: what it writes when it exits
    counts, and nothing else. Default: ``AUTO``.

  ``LABELS <label>...``
    More labels for the two tests. Default: none.

  The program ``gentle`` does the work. Where it comes from, for this function and the others:

  ``GENTLE_EXECUTABLE``
    A variable with the absolute path of a prebuilt ``gentle`` of the version of these functions. Default:
    that of the installed package. Without one, CMake builds it when it configures, in ``GentleFixtures``
    of the build directory, by a CMake run of its own, which sees nothing of the project's flags, toolchain
    and launchers; this needs GCC 11 or Clang 14, and fetches ``nlohmann_json`` unless it is
    installed.

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
  set(spec "")
  _gentle_collect_references(references)
  _gentle_generated_dir(specs)
  _gentle_service_command()
  _gentle_service_ports()
  _gentle_check_reserved_variables("${name}" "${variables}")
  _gentle_service_ready()
  _gentle_service_times()
  _gentle_service_surroundings()

  _gentle_helper(helper)
  string(PREPEND spec "gentle-spec 1\nname ${name}\nstate ${CMAKE_BINARY_DIR}/Testing/Fixtures/${name}\n")
  _gentle_generate("${specs}/${name}.spec" "${spec}end\n")

  _gentle_values_as_list(depends DEPENDS)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_SERVICES "${name}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_NAME "${name}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_DEPENDS "${depends}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_PROGRAM "${program}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_VARIABLES "${variables}")
  _gentle_exported_names(exports)
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_EXPORTS "${exports}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_REFERENCES "${references}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_WHERE "${CMAKE_CURRENT_LIST_FILE}")
  set_property(GLOBAL PROPERTY _GENTLE_${prefix}_SCOPE "${arg_SCOPE_0}")
  _gentle_finish_later()
  if("${arg_SCOPE_0}" STREQUAL "TEST")
    return() # its tests start it themselves: `gentle run` reads the scope from the spec
  endif()

  # The helper keeps its own limits; these only end a helper that hangs, and leave it room to report.
  math(EXPR start_limit "${start_seconds} + ${stop_seconds} + ${extension} + 60")
  math(EXPR stop_limit "${stop_seconds} + 60")
  _gentle_needs(needs "${name}")
  _gentle_values_as_list(labels LABELS)
  list(PREPEND labels fixture)
  add_test(NAME "${name}.start" COMMAND "${helper}" start "${specs}/${name}.spec")
  set_tests_properties("${name}.start" PROPERTIES
    FIXTURES_SETUP "${name}" FIXTURES_REQUIRED "${needs}" LABELS "${labels}"
    TIMEOUT ${start_limit} SKIP_RETURN_CODE 77)
  add_test(NAME "${name}.stop" COMMAND "${helper}" stop "${specs}/${name}.spec")
  set_tests_properties("${name}.stop" PROPERTIES
    FIXTURES_CLEANUP "${name}" FIXTURES_REQUIRED "${needs}" LABELS "${labels}"
    TIMEOUT ${stop_limit})
  _gentle_note_fixture_tests("${name}" "${name}.start" "${name}.stop")
endfunction()

function(_gentle_check_service_name)
  if(_gentle_argc EQUAL 0 OR "${_gentle_subject}" STREQUAL "COMMAND")
    set(_gentle_subject "")
    _gentle_fail("" "the name of the service is missing.")
  elseif(NOT "${_gentle_subject}" MATCHES "^[a-z][a-z0-9_-]*$")
    _gentle_fail(""
      "'${_gentle_subject}' is no service name: lower-case letters, digits, '-' and '_', beginning with a letter.")
  elseif("${_gentle_subject}" STREQUAL "coverage")
    _gentle_fail("" "the name belongs to the fixture of add_fixture_coverage; choose another one.")
  endif()
  _gentle_prefix(prefix "${_gentle_subject}")
  get_property(other GLOBAL PROPERTY _GENTLE_${prefix}_NAME)
  if("${other}" STREQUAL "${_gentle_subject}")
    get_property(where GLOBAL PROPERTY _GENTLE_${prefix}_WHERE)
    _gentle_fail("" "there is a service of this name already, declared in ${where}.")
  elseif(other)
    _gentle_fail("" "its variables would have the same prefix ${prefix}_ as those of service '${other}'.")
  endif()
endfunction()

# A line for each value of a keyword, generator expressions kept.
macro(_gentle_spec_lines key keyword)
  set(_gentle_n 0)
  while(_gentle_n LESS arg_${keyword}_COUNT)
    _gentle_literal(_gentle_value "${arg_${keyword}_${_gentle_n}}")
    string(APPEND spec "${key} ${_gentle_value}\n")
    math(EXPR _gentle_n "${_gentle_n} + 1")
  endwhile()
endmacro()

# As _gentle_spec_lines for VAR=value: one that a generator expression leaves empty is no line at all.
macro(_gentle_spec_assignments key keyword)
  _gentle_check_assignments(${keyword})
  set(_gentle_n 0)
  while(_gentle_n LESS arg_${keyword}_COUNT)
    _gentle_literal(_gentle_value "${arg_${keyword}_${_gentle_n}}")
    if("${_gentle_value}" MATCHES "^\\$<")
      string(APPEND spec "$<$<BOOL:${_gentle_value}>:${key} ${_gentle_value}\n>")
    else()
      string(APPEND spec "${key} ${_gentle_value}\n")
    endif()
    math(EXPR _gentle_n "${_gentle_n} + 1")
  endwhile()
endmacro()

macro(_gentle_service_command)
  set(program "")
  if(NOT arg_COMMAND)
    _gentle_fail_missing(COMMAND "missing." COMMAND PORTS LISTEN DEPENDS LABELS)
  endif()
  if("${arg_COMMAND_0}" STREQUAL "")
    _gentle_fail(COMMAND "the program is an empty string.")
  endif()
  set(directory "${CMAKE_CURRENT_BINARY_DIR}")
  _gentle_plain_path(directory "${directory}")
  if(arg_WORKING_DIRECTORY)
    _gentle_absolute(directory "${arg_WORKING_DIRECTORY_0}" "${directory}")
  endif()
  _gentle_literal(literal "${directory}")
  string(APPEND spec "working_directory ${literal}\n")

  if(arg_SHELL)
    if(arg_COMMAND_COUNT GREATER 1)
      _gentle_fail(SHELL "COMMAND must be one line, not ${arg_COMMAND_COUNT} arguments; quote it as a whole.")
    endif()
    string(APPEND spec "shell\n")
  else()
    set(program "${arg_COMMAND_0}")
    if("${program}" MATCHES "^[^/@$].*/") # relative, with a folder
      set(arg_COMMAND_0 "${directory}/${program}")
      set(program "")
    elseif("${program}" MATCHES "^[A-Za-z0-9_.:+-]+$")
      set(emulator "$<TARGET_PROPERTY:${program},CROSSCOMPILING_EMULATOR>")
      string(APPEND spec "$<$<TARGET_EXISTS:${program}>:$<$<BOOL:${emulator}>:command $<JOIN:${emulator},\ncommand >\n>>")
      _gentle_program(arg_COMMAND_0 "${program}")
    endif()
  endif()
  _gentle_spec_lines(command COMMAND)
endmacro()

# The port of this name, ANY, can be the one that the service chooses itself.
macro(_gentle_check_any_port)
  if("${keyword}" STREQUAL "LISTEN")
    _gentle_fail(LISTEN "'${value}': the port is bound for the service, which cannot choose it; write '${port}' for a free one.")
  elseif(NOT "${any_port}" STREQUAL "")
    _gentle_fail(PORTS
      "'${value}': '${any_port}' is ANY already, and of two nobody could tell which is which; write '${port}', and let COMMAND pass @${port_variable}@.")
  endif()
  set(any_port "${port}")
endmacro()

macro(_gentle_service_ports)
  set(ports "")
  set(any_port "")
  set(listened "")
  set(variables "")
  foreach(keyword IN ITEMS PORTS LISTEN)
    set(i 0)
    while(i LESS arg_${keyword}_COUNT)
      set(value "${arg_${keyword}_${i}}")
      math(EXPR i "${i} + 1")
      if(NOT "${value}" MATCHES "^([a-z0-9_-]+)(=(.*))?$")
        _gentle_did_you_mean(hint "${value}" SHELL PORTS LISTEN READY START_TIMEOUT STOP EXIT_CODES DEPENDS
          ENVIRONMENT WORKING_DIRECTORY EXPORT SCOPE COVERAGE LABELS)
        _gentle_fail(${keyword}
          "'${value}' is no port: <name> or <name>=<number>, the name of lower-case letters, digits, '-' and '_'.${hint}")
      endif()
      set(port "${CMAKE_MATCH_1}")
      set(equals "${CMAKE_MATCH_2}")
      set(number "${CMAKE_MATCH_3}")
      if("${port}" MATCHES "^[0-9]+$")
        _gentle_fail(${keyword} "'${value}' is a number without a name; write http=${port}, for example.")
      endif()
      _gentle_prefix(port_variable "${prefix}_${port}_PORT")
      if("${number}" STREQUAL "ANY")
        _gentle_check_any_port()
      elseif(NOT "${equals}" STREQUAL "" AND (NOT "${number}" MATCHES "^[1-9][0-9]?[0-9]?[0-9]?[0-9]?$" OR number GREATER 65535))
        set(hint "")
        if("${keyword}" STREQUAL "PORTS" AND NOT "${number}" MATCHES "^[0-9]*[1-9]")
          set(hint " If the service chooses its port itself: ${port}=ANY; if it is to be given a free one: ${port}.")
        endif()
        _gentle_fail(${keyword} "'${number}' in '${value}' is no port number from 1 to 65535.${hint}")
      endif()
      if("${port_variable}" IN_LIST variables)
        _gentle_fail(${keyword} "the port '${port}' has the variable ${port_variable} of another port of this service.")
      endif()
      list(APPEND ports "${port}")
      list(APPEND variables "${port_variable}")
      if("${keyword}" STREQUAL "PORTS")
        string(APPEND spec "port ${value}\n")
      else()
        string(APPEND spec "listen ${value}\n")
        list(APPEND listened "${port}")
      endif()
    endwhile()
  endforeach()
  list(APPEND variables ${prefix}_HOST ${prefix}_DIR ${prefix}_LOG ${prefix}_PID)
  if(ports)
    list(APPEND variables ${prefix}_PORT)
  elseif(NOT arg_READY)
    _gentle_fail_missing(READY "without a port the service must say when it is ready: add PORTS, LISTEN or READY."
      "READY;PORTS;LISTEN" COMMAND DEPENDS ENVIRONMENT EXPORT LABELS)
  endif()
endmacro()

function(_gentle_service_ready)
  set(kinds TCP HTTP UNIX LOG FILE COMMAND NOTIFY EXIT)
  set(group 0)
  while(group LESS arg_READY_COUNT)
    set(slot arg_READY_${group})
    set(count ${${slot}_COUNT})
    set(kind "${${slot}_0}")
    set(value "${${slot}_1}")
    math(EXPR group "${group} + 1")
    if(NOT "${kind}" IN_LIST kinds)
      _gentle_did_you_mean(hint "${kind}" ${kinds})
      list(JOIN kinds " " kinds)
      _gentle_fail(READY "'${kind}' is no kind of readiness: ${kinds}.${hint}")
    endif()
    string(APPEND spec "ready ${kind}\n")
    set(last 2)
    _gentle_take_foreign()
    if(kind MATCHES "^(NOTIFY|EXIT)$")
      set(last 1)
    elseif(count EQUAL 1 OR "${value}" STREQUAL "")
      _gentle_fail("READY ${kind}" "needs a value.")
    endif()

    if(kind STREQUAL "TCP" AND NOT "${value}" IN_LIST ports)
      _gentle_did_you_mean(hint "${value}" ${ports})
      _gentle_fail("READY TCP" "'${value}' is no port that PORTS or LISTEN names.${hint}")
    elseif(kind STREQUAL "HTTP")
      _gentle_check_http_url("${value}")
    elseif(kind STREQUAL "LOG")
      _gentle_check_regex("${value}")
    elseif(kind STREQUAL "UNIX" AND "${value}" MATCHES "^@@?$")
      _gentle_fail("READY UNIX" "'${value}' is an abstract socket without a name; write @@name.")
    elseif(kind MATCHES "^(UNIX|FILE)$")
      _gentle_absolute(value "${value}" "${directory}")
    endif()
    if(kind MATCHES "^(UNIX|LOG|FILE)$" AND NOT "${any_port}" STREQUAL "")
      _gentle_check_without_any_port("${value}")
    endif()
    if(NOT kind MATCHES "^(NOTIFY|EXIT)$")
      _gentle_literal(value "${value}")
      string(APPEND spec "ready.arg ${value}\n")
    endif()

    if(kind STREQUAL "COMMAND")
      while(last LESS count)
        _gentle_literal(value "${${slot}_${last}}")
        string(APPEND spec "ready.arg ${value}\n")
        math(EXPR last "${last} + 1")
      endwhile()
    elseif(kind STREQUAL "LOG" AND count GREATER 2)
      _gentle_ready_log_times()
    elseif(kind STREQUAL "HTTP" AND count GREATER 2)
      if(NOT "${${slot}_2}" STREQUAL "STATUS")
        _gentle_did_you_mean(hint "${${slot}_2}" STATUS FOREIGN)
        _gentle_fail("READY HTTP" "after the URL only STATUS <code>... and FOREIGN may follow, not '${${slot}_2}'.${hint}")
      elseif(count EQUAL 3)
        _gentle_fail("READY HTTP" "STATUS needs a value.")
      endif()
      foreach(last RANGE 3 ${count})
        if(last LESS count)
          set(code "${${slot}_${last}}")
          if(NOT "${code}" MATCHES "^[1-5][0-9][0-9]$")
            _gentle_fail("READY HTTP" "STATUS '${code}' is no HTTP status from 100 to 599.")
          elseif("${code}" MATCHES "^1" AND NOT "${code}" EQUAL 101)
            _gentle_fail("READY HTTP" "STATUS '${code}' is an interim answer, which is skipped; name the status that follows it.")
          endif()
          string(APPEND spec "ready.status ${code}\n")
        endif()
      endforeach()
    elseif(count GREATER last)
      _gentle_did_you_mean(hint "${${slot}_${last}}" SHELL PORTS LISTEN START_TIMEOUT STOP EXIT_CODES DEPENDS
        ENVIRONMENT WORKING_DIRECTORY EXPORT SCOPE COVERAGE LABELS FOREIGN)
      _gentle_fail("READY ${kind}"
        "'${${slot}_${last}}' is one word too many; write READY again before a further condition.${hint}")
    endif()
  endwhile()
  set(spec "${spec}" PARENT_SCOPE)
endfunction()

macro(_gentle_ready_log_times)
  if(NOT "${${slot}_2}" STREQUAL "TIMES")
    _gentle_did_you_mean(hint "${${slot}_2}" TIMES)
    _gentle_fail("READY LOG" "after the regex only TIMES <n> may follow, not '${${slot}_2}'.${hint}")
  elseif(count EQUAL 3)
    _gentle_fail("READY LOG" "TIMES needs a value.")
  elseif(NOT "${${slot}_3}" MATCHES "^[1-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?$")
    _gentle_fail("READY LOG" "TIMES '${${slot}_3}' is no number from 1 to 999999.")
  elseif(count GREATER 4)
    _gentle_fail("READY LOG" "'${${slot}_4}' is one word too many; write READY again before a further condition.")
  endif()
  string(APPEND spec "ready.times ${${slot}_3}\n")
endmacro()

# What is watched from before the start cannot hold a number that the service chooses later.
function(_gentle_check_without_any_port value)
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

# The word FOREIGN of READY TCP or HTTP: takes it out, and notes it in the spec.
macro(_gentle_take_foreign)
  set(foreign FALSE)
  set(from 1)
  set(to 1)
  while(from LESS count)
    set(word "${${slot}_${from}}")
    if("${word}" STREQUAL "FOREIGN" AND kind MATCHES "^(TCP|HTTP)$")
      set(foreign TRUE)
    else()
      set(${slot}_${to} "${word}")
      math(EXPR to "${to} + 1")
    endif()
    math(EXPR from "${from} + 1")
  endwhile()
  set(count ${to})
  if(foreign)
    _gentle_check_foreign()
    string(APPEND spec "ready.foreign\n")
  elseif(count GREATER 2 AND "${${slot}_2}" STREQUAL "FOREIGN" AND NOT kind STREQUAL "COMMAND")
    _gentle_fail("READY ${kind}" "FOREIGN goes with READY TCP and READY HTTP only.")
  endif()
endmacro()

macro(_gentle_check_foreign)
  if(count EQUAL 1)
    _gentle_fail("READY ${kind}" "needs a value before FOREIGN.")
  elseif(NOT "${any_port}" STREQUAL "")
    _gentle_fail("READY ${kind}" "FOREIGN does not go with PORTS ${any_port}=ANY: of strangers nobody could tell which is meant.")
  elseif("${value}" IN_LIST listened OR ("${value}" MATCHES "^/" AND "${listened}" STREQUAL "${ports}"))
    _gentle_fail("READY ${kind}" "FOREIGN does not go with LISTEN, which hands the socket to the service itself.")
  endif()
endmacro()

function(_gentle_check_http_url url)
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

function(_gentle_check_regex regex)
  _gentle_helper(helper)
  execute_process(COMMAND "${helper}" check-regex "${regex}"
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE error OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0)
    string(STRIP "${error}" error)
    string(REPLACE "\n" " " error "${error}")
    _gentle_fail("READY LOG" "'${regex}' is no POSIX extended regular expression. ${error}")
  endif()
endfunction()

macro(_gentle_service_times)
  set(extension 0)
  if("${spec}" MATCHES "\nready NOTIFY\n")
    set(extension 3600) # the service may ask for more time
  endif()
  set(start_seconds 30)
  if(arg_START_TIMEOUT)
    _gentle_check_seconds(START_TIMEOUT "${arg_START_TIMEOUT_0}")
    string(APPEND spec "start_timeout ${arg_START_TIMEOUT_0}\n")
    _gentle_whole_seconds(start_seconds "${arg_START_TIMEOUT_0}")
  endif()
  set(stop_seconds 15)
  if(arg_STOP)
    set(stop_seconds 0)
    set(i 0)
    while(i LESS arg_STOP_COUNT)
      set(signal "${arg_STOP_${i}}")
      math(EXPR i "${i} + 1")
      _gentle_check_signal(STOP "${signal}")
      if(i EQUAL arg_STOP_COUNT)
        _gentle_fail(STOP "'${signal}' is followed by no seconds: STOP takes pairs of <signal> <seconds>.")
      endif()
      _gentle_check_seconds(STOP "${arg_STOP_${i}}")
      string(APPEND spec "stop ${signal} ${arg_STOP_${i}}\n")
      _gentle_whole_seconds(seconds "${arg_STOP_${i}}")
      math(EXPR stop_seconds "${stop_seconds} + ${seconds}")
      math(EXPR i "${i} + 1")
    endwhile()
  endif()
  set(i 0)
  while(i LESS arg_EXIT_CODES_COUNT)
    set(value "${arg_EXIT_CODES_${i}}")
    if("${value}" MATCHES "^[0-9+-]")
      if(NOT "${value}" MATCHES "^[0-9][0-9]?[0-9]?$" OR value GREATER 255)
        _gentle_fail(EXIT_CODES "'${value}' is no exit status from 0 to 255.")
      endif()
    else()
      _gentle_check_signal(EXIT_CODES "${value}")
    endif()
    string(APPEND spec "exit_code ${value}\n")
    math(EXPR i "${i} + 1")
  endwhile()
endmacro()

macro(_gentle_service_surroundings)
  set(i 0)
  while(i LESS arg_DEPENDS_COUNT)
    if(NOT "${arg_DEPENDS_${i}}" MATCHES "^[a-z][a-z0-9_-]*$")
      _gentle_fail(DEPENDS "'${arg_DEPENDS_${i}}' is no service name.")
    endif()
    string(APPEND spec "depends ${specs}/${arg_DEPENDS_${i}}.spec\n")
    math(EXPR i "${i} + 1")
  endwhile()
  _gentle_spec_assignments(environment ENVIRONMENT)
  _gentle_spec_assignments(export EXPORT)
  _gentle_check_choice(SCOPE RUN TEST)
  if(arg_SCOPE)
    string(TOLOWER "${arg_SCOPE_0}" scope)
    string(APPEND spec "scope ${scope}\n")
  endif()
  _gentle_check_choice(COVERAGE AUTO OFF)
  if(arg_COVERAGE)
    string(TOLOWER "${arg_COVERAGE_0}" coverage)
    string(APPEND spec "coverage ${coverage}\n")
  endif()
endmacro()
