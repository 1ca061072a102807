# Who needs whom. A service may be named by FIXTURES or DEPENDS before it is declared, in any folder of
# the project, so names are checked and closures computed when the top-level CMakeLists.txt has ended.
# The tests exist long before that, and CMake before 3.28 cannot change a test from another folder: so
# their FIXTURES_REQUIRED hold a generator expression that reads the closure from a target's property.
#
# Global properties, for the coverage part as well:
#   _GENTLE_SERVICES             the names of all services
#   _GENTLE_<SERVICE>_DEPENDS, _PROGRAM, _SCOPE, _WHERE, _VARIABLES, _EXPORTS, _REFERENCES      of one of them; <SERVICE> is the prefix of its variables
#   _GENTLE_CLIENTS              numbers of the calls of add_fixture_test and discover_fixture_tests
#   _GENTLE_CLIENT_<i>_FUNCTION, _SUBJECT, _FIXTURES, _PROGRAM, _WHERE, _REFERENCES
#   _GENTLE_COVERAGE             the name of the coverage fixture, if there is one

# Where generated files go: a folder for each configuration if the generator has several.
function(_gentle_generated_dir out)
  set(dir "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures")
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(is_multi_config)
    string(APPEND dir "/$<CONFIG>")
  endif()
  set(${out} "${dir}" PARENT_SCOPE)
endfunction()

# A file for the helper, which may hold values of ENVIRONMENT: nobody else can read it.
function(_gentle_generate path content)
  set(dir "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures")
  file(MAKE_DIRECTORY "${dir}")
  file(CHMOD "${dir}" DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  # CMake would write a CR before the end of a line without the CR: so each line of such a file ends with a '|'.
  if("${content}" MATCHES "\r\n")
    string(REPLACE "\n" "|\n" content "${content}")
  endif()
  file(GENERATE OUTPUT "${path}" CONTENT "${content}" FILE_PERMISSIONS OWNER_READ OWNER_WRITE)
endfunction()

# The values of a keyword as a file for `gentle run`, of this number among all.
function(_gentle_generate_arguments out keyword suffix)
  get_property(number GLOBAL PROPERTY _GENTLE_CLIENTS)
  list(LENGTH number number)
  _gentle_generated_dir(dir)
  set(path "${dir}/test-${number}.${suffix}")
  set(text "gentle-arguments 1\n")
  _gentle_numbers(numbers "${arg_${keyword}_COUNT}")
  foreach(i IN LISTS numbers)
    _gentle_literal(value "${arg_${keyword}_${i}}")
    string(APPEND text "argument ${value}\n")
  endforeach()
  _gentle_generate("${path}" "${text}end\n")
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

function(_gentle_spec_path out service)
  _gentle_generated_dir(dir)
  set(${out} "${dir}/${service}.spec" PARENT_SCOPE)
endfunction()

# The prefix of a service's variables: my-db -> MY_DB.
function(_gentle_prefix out name)
  string(TOUPPER "${name}" prefix)
  string(REPLACE "-" "_" prefix "${prefix}")
  set(${out} "${prefix}" PARENT_SCOPE)
endfunction()

# Has _gentle_finish called once at the end of the top-level CMakeLists.txt.
function(_gentle_finish_later)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_TEST_FOLDERS "${CMAKE_CURRENT_BINARY_DIR}")
  get_property(scheduled GLOBAL PROPERTY _GENTLE_FINISH_SCHEDULED)
  if(NOT scheduled)
    set_property(GLOBAL PROPERTY _GENTLE_FINISH_SCHEDULED TRUE)
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _gentle_finish)
  endif()
  if(NOT TARGET GentleFixtures::needs)
    add_library(GentleFixtures::needs INTERFACE IMPORTED GLOBAL)
  endif()
endfunction()

# What a test of these services has to require: they, and all that they depend on.
function(_gentle_fixtures_required out)
  set(fixtures "")
  foreach(service IN LISTS ARGN)
    _gentle_needs(needs "${service}")
    list(APPEND fixtures "${service}" "${needs}")
  endforeach()
  set(${out} "${fixtures}" PARENT_SCOPE)
endfunction()

# What a service itself needs, known only when the whole project has been read.
function(_gentle_needs out service)
  _gentle_prefix(prefix "${service}")
  set(${out} "$<TARGET_PROPERTY:GentleFixtures::needs,NEEDS_${prefix}>" PARENT_SCOPE)
endfunction()

function(_gentle_add_client program)
  get_property(clients GLOBAL PROPERTY _GENTLE_CLIENTS)
  list(LENGTH clients number)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_CLIENTS ${number})
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_FUNCTION "${_gentle_function}")
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_SUBJECT "${_gentle_subject}")
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_FIXTURES "${ARGN}")
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_PROGRAM "${program}")
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_WHERE "${CMAKE_CURRENT_LIST_FILE}")
  _gentle_collect_references(references)
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_REFERENCES "${references}")
  _gentle_finish_later()
endfunction()

# A mistake found at the end has no call stack: the message names the file of the call instead.
function(_gentle_fail_at where keyword text)
  file(RELATIVE_PATH where "${CMAKE_SOURCE_DIR}" "${where}")
  _gentle_fail("${keyword}" "${text} (in ${where})")
endfunction()

function(_gentle_finish)
  list(APPEND CMAKE_MESSAGE_CONTEXT "GentleFixtures")
  # A service that is declared by a later deferred call has this called again.
  set_property(GLOBAL PROPERTY _GENTLE_FINISH_SCHEDULED FALSE)
  get_property(services GLOBAL PROPERTY _GENTLE_SERVICES)
  get_property(clients GLOBAL PROPERTY _GENTLE_CLIENTS)
  get_property(coverage GLOBAL PROPERTY _GENTLE_COVERAGE)

  foreach(service IN LISTS services)
    set(_gentle_function add_fixture_service)
    set(_gentle_subject "${service}")
    _gentle_prefix(prefix "${service}")
    get_property(depends GLOBAL PROPERTY _GENTLE_${prefix}_DEPENDS)
    get_property(where GLOBAL PROPERTY _GENTLE_${prefix}_WHERE)
    get_property(program GLOBAL PROPERTY _GENTLE_${prefix}_PROGRAM)
    _gentle_check_names(DEPENDS "${depends}" "${services}" "${where}")
    _gentle_check_scopes("${depends}" "${where}")
    _gentle_check_program("${program}" "${where}")
  endforeach()
  foreach(client IN LISTS clients)
    get_property(_gentle_function GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FUNCTION)
    get_property(_gentle_subject GLOBAL PROPERTY _GENTLE_CLIENT_${client}_SUBJECT)
    get_property(fixtures GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FIXTURES)
    get_property(where GLOBAL PROPERTY _GENTLE_CLIENT_${client}_WHERE)
    get_property(program GLOBAL PROPERTY _GENTLE_CLIENT_${client}_PROGRAM)
    _gentle_check_names(FIXTURES "${fixtures}" "${services}" "${where}")
    _gentle_check_program("${program}" "${where}")
  endforeach()
  _gentle_check_variables()

  foreach(service IN LISTS services)
    _gentle_closure(needs "${service}")
    _gentle_prefix(prefix "${service}")
    set_property(TARGET GentleFixtures::needs PROPERTY NEEDS_${prefix} ${needs} ${coverage})
  endforeach()
  _gentle_check_references()
  _gentle_coverage_finish()
  _gentle_warn_without_testing()
  _gentle_tell_ctest()
endfunction()

function(_gentle_check_names keyword names services where)
  foreach(name IN LISTS names)
    if(NOT "${name}" IN_LIST services)
      _gentle_did_you_mean(hint "${name}" ${services})
      _gentle_fail_at("${where}" "${keyword}" "'${name}' is no service of this project.${hint}")
    endif()
  endforeach()
endfunction()

# What lives for the whole run cannot depend on what lives for one test.
function(_gentle_check_scopes depends where)
  get_property(scope GLOBAL PROPERTY _GENTLE_${prefix}_SCOPE)
  foreach(name IN LISTS depends)
    _gentle_prefix(other "${name}")
    get_property(other_scope GLOBAL PROPERTY _GENTLE_${other}_SCOPE)
    if("${other_scope}" STREQUAL "TEST" AND NOT "${scope}" STREQUAL "TEST")
      _gentle_fail_at("${where}" DEPENDS
        "'${name}' is of SCOPE TEST, fresh for each test, and this service is not. Give both the same SCOPE.")
    endif()
  endforeach()
endfunction()

function(_gentle_check_program program where)
  if(TARGET "${program}")
    get_target_property(type "${program}" TYPE)
    if(NOT type STREQUAL "EXECUTABLE")
      _gentle_fail_at("${where}" COMMAND "the target '${program}' is no executable but of type ${type}.")
    endif()
  endif()
endfunction()

# Two services can claim one variable: port b of service a, and service a-b with its first port.
function(_gentle_check_variables)
  get_property(services GLOBAL PROPERTY _GENTLE_SERVICES)
  foreach(service IN LISTS services)
    _gentle_prefix(prefix "${service}")
    get_property(variables GLOBAL PROPERTY _GENTLE_${prefix}_VARIABLES)
    foreach(variable IN LISTS variables)
      if(DEFINED owner_of_${variable})
        set(_gentle_function add_fixture_service)
        set(_gentle_subject "${service}")
        get_property(where GLOBAL PROPERTY _GENTLE_${prefix}_WHERE)
        _gentle_fail_at("${where}" ""
          "its variable ${variable} is one of service '${owner_of_${variable}}' as well. Rename a service or a port.")
      endif()
      set(owner_of_${variable} "${service}")
    endforeach()
  endforeach()
endfunction()

# All that a service depends on, directly or not, without itself.
function(_gentle_closure out service)
  set(path ${ARGN} "${service}")
  set(closure "")
  _gentle_prefix(prefix "${service}")
  get_property(depends GLOBAL PROPERTY _GENTLE_${prefix}_DEPENDS)
  foreach(other IN LISTS depends)
    if("${other}" IN_LIST path)
      list(FIND path "${other}" begin)
      list(SUBLIST path ${begin} -1 cycle)
      list(JOIN cycle " -> " cycle)
      set(_gentle_function add_fixture_service)
      set(_gentle_subject "${service}")
      get_property(where GLOBAL PROPERTY _GENTLE_${prefix}_WHERE)
      _gentle_fail_at("${where}" DEPENDS "a cycle: ${cycle} -> ${other}.")
    endif()
    _gentle_closure(more "${other}" ${path})
    list(APPEND closure "${other}" ${more})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  set(${out} "${closure}" PARENT_SCOPE)
endfunction()
