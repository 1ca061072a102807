# Who needs whom. A service may be named by FIXTURES or DEPENDS before it is declared, in any folder of
# the project, so names are checked and closures computed when the top-level CMakeLists.txt has ended.
# The tests exist long before that, and CMake before 3.28 cannot change a test from another folder: so
# their FIXTURES_REQUIRED hold a generator expression that reads the closure from a target's property.
#
# Global properties, for the coverage part as well:
#   _GENTLE_SERVICES             the ids of all services, see names.cmake
#   _GENTLE_<KEY>_NAME, _PROJECT, _PROJECT_DIR, _FOLDER, _DEPENDS, _PROGRAM, _SCOPE, _WHERE, _VARIABLES, _EXPORTS, _REFERENCES of
#                                one of them; and, found by _gentle_finish, _FULL, _DEPENDS_IDS, _CLOSURE
#   _GENTLE_CLIENTS              numbers of the calls of add_fixture_test, discover_fixture_tests and attach_fixtures
#   _GENTLE_CLIENT_<i>_FUNCTION, _SUBJECT, _FIXTURES, _FOLDER, _PROGRAM, _WHERE, _REFERENCES; found later, _IDS
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
  _gentle_next_client(number)
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

# The spec of the <i>-th service of the next client.
function(_gentle_spec_path out i)
  _gentle_generated_dir(dir)
  _gentle_next_client(client)
  set(${out} "${dir}/$<TARGET_PROPERTY:GentleFixtures::needs,CLIENT_${client}_${i}>.spec" PARENT_SCOPE)
endfunction()

# The number that the next call of _gentle_add_client takes.
function(_gentle_next_client out)
  get_property(clients GLOBAL PROPERTY _GENTLE_CLIENTS)
  list(LENGTH clients number)
  set(${out} ${number} PARENT_SCOPE)
endfunction()

# The prefix of a service's variables: my-db -> MY_DB.
function(_gentle_prefix out name)
  string(TOUPPER "${name}" prefix)
  string(REPLACE "-" "_" prefix "${prefix}")
  set(${out} "${prefix}" PARENT_SCOPE)
endfunction()

# In a list a '[' keeps all together up to its ']', and a ']' alone does so, too. Ours has the build folders of a project.
function(_gentle_check_brackets path)
  string(REGEX REPLACE "[^[]" "" opening "${path}")
  string(REGEX REPLACE "[^]]" "" closing "${path}")
  string(LENGTH "${opening}" opening)
  string(LENGTH "${closing}" closing)
  if(NOT opening EQUAL closing)
    string(CONCAT text "the build folder '${path}' has a '[' without its ']' in its path, or the other way round, at which CMake's "
      "lists go wrong; use another folder.")
    _gentle_fail("" "${text}")
  endif()
endfunction()

# Has _gentle_finish called once at the end of the top-level CMakeLists.txt.
function(_gentle_finish_later)
  if("${CMAKE_CURRENT_BINARY_DIR}" MATCHES ";")
    string(CONCAT text "the build folder '${CMAKE_CURRENT_BINARY_DIR}' has a ';' in its path, at which CMake "
      "divides lists; build in another folder.")
    _gentle_fail("" "${text}")
  endif()
  _gentle_check_brackets("${CMAKE_CURRENT_BINARY_DIR}")
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

# What the next client, with these services, has to require: they, and all that they depend on.
function(_gentle_fixtures_required out)
  set(fixtures "")
  if(ARGC GREATER 1)
    _gentle_next_client(client)
    set(fixtures "$<TARGET_PROPERTY:GentleFixtures::needs,CLIENT_${client}_FIXTURES>")
  endif()
  set(${out} "${fixtures}" PARENT_SCOPE)
endfunction()

# What a service itself needs, known only when the whole project has been read.
function(_gentle_needs out key)
  set(${out} "$<TARGET_PROPERTY:GentleFixtures::needs,NEEDS_${key}>" PARENT_SCOPE)
endfunction()

function(_gentle_add_client program)
  _gentle_next_client(number)
  set_property(GLOBAL APPEND PROPERTY _GENTLE_CLIENTS ${number})
  set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${number}_FOLDER "${CMAKE_CURRENT_SOURCE_DIR}")
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

  _gentle_name_services()
  foreach(service IN LISTS services)
    _gentle_key(key "${service}")
    _gentle_enter_service("${key}")
    get_property(depends GLOBAL PROPERTY _GENTLE_${key}_DEPENDS)
    get_property(folder GLOBAL PROPERTY _GENTLE_${key}_FOLDER)
    get_property(where GLOBAL PROPERTY _GENTLE_${key}_WHERE)
    get_property(program GLOBAL PROPERTY _GENTLE_${key}_PROGRAM)
    _gentle_resolve_all(ids "${depends}" "${folder}" DEPENDS "${where}")
    set_property(GLOBAL PROPERTY _GENTLE_${key}_DEPENDS_IDS "${ids}")
    _gentle_set_names(DEPENDS_${key} "${ids}")
    _gentle_check_scopes("${key}" "${ids}" "${where}")
    _gentle_check_program("${program}" "${where}")
  endforeach()
  foreach(service IN LISTS services)
    _gentle_key(key "${service}")
    _gentle_closure(needs "${service}")
    set_property(GLOBAL PROPERTY _GENTLE_${key}_CLOSURE "${needs}")
    _gentle_full_names(needs ${needs})
    set_property(TARGET GentleFixtures::needs PROPERTY NEEDS_${key} ${needs} ${coverage})
    _gentle_enter_service("${key}")
    get_property(where GLOBAL PROPERTY _GENTLE_${key}_WHERE)
    _gentle_check_one_of_a_name("${service}" DEPENDS "${where}")
  endforeach()
  foreach(client IN LISTS clients)
    get_property(_gentle_function GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FUNCTION)
    get_property(_gentle_subject GLOBAL PROPERTY _GENTLE_CLIENT_${client}_SUBJECT)
    get_property(fixtures GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FIXTURES)
    get_property(folder GLOBAL PROPERTY _GENTLE_CLIENT_${client}_FOLDER)
    get_property(where GLOBAL PROPERTY _GENTLE_CLIENT_${client}_WHERE)
    get_property(program GLOBAL PROPERTY _GENTLE_CLIENT_${client}_PROGRAM)
    _gentle_resolve_all(ids "${fixtures}" "${folder}" FIXTURES "${where}")
    set_property(GLOBAL PROPERTY _GENTLE_CLIENT_${client}_IDS "${ids}")
    _gentle_set_names(CLIENT_${client} "${ids}")
    _gentle_check_one_of_a_name("${ids}" FIXTURES "${where}")
    _gentle_require_for_client(${client} "${ids}" "${coverage}")
    _gentle_check_program("${program}" "${where}")
  endforeach()
  _gentle_check_variables()
  _gentle_check_references()
  _gentle_check_required_fixtures()
  _gentle_remove_stale_specs()
  _gentle_coverage_finish()
  _gentle_warn_without_testing()
  _gentle_tell_ctest()
endfunction()

# `gentle start` finds services by their specs: those of a configure step before are none any more.
function(_gentle_remove_stale_specs)
  get_property(services GLOBAL PROPERTY _GENTLE_SERVICES)
  _gentle_full_names(names ${services})
  set(dir "${CMAKE_BINARY_DIR}/CMakeFiles/GentleFixtures")
  file(GLOB specs "${dir}/*.spec" "${dir}/*/*.spec")
  foreach(spec IN LISTS specs)
    get_filename_component(name "${spec}" NAME_WLE)
    if(NOT "${name}" IN_LIST names AND NOT "${name}" STREQUAL "coverage")
      file(REMOVE "${spec}")
    endif()
  endforeach()
endfunction()

# What messages name from here on. Sets it in the caller.
macro(_gentle_enter_service key)
  set(_gentle_function add_fixture_service)
  get_property(_gentle_subject GLOBAL PROPERTY _GENTLE_${key}_NAME)
endmacro()

# The names of services, each as a property <what>_<i> for generator expressions.
function(_gentle_set_names what ids)
  _gentle_full_names(names ${ids})
  set(i 0)
  foreach(name IN LISTS names)
    set_property(TARGET GentleFixtures::needs PROPERTY ${what}_${i} "${name}")
    math(EXPR i "${i} + 1")
  endforeach()
endfunction()

# What _gentle_fixtures_required has promised.
function(_gentle_require_for_client client ids coverage)
  set(fixtures "")
  foreach(id IN LISTS ids)
    _gentle_key(key "${id}")
    get_property(closure GLOBAL PROPERTY _GENTLE_${key}_CLOSURE)
    _gentle_full_names(names "${id}" ${closure})
    list(APPEND fixtures ${names} ${coverage})
  endforeach()
  set_property(TARGET GentleFixtures::needs PROPERTY CLIENT_${client}_FIXTURES "${fixtures}")
endfunction()

# What lives for the whole run cannot depend on what lives for one test.
function(_gentle_check_scopes key depends where)
  get_property(scope GLOBAL PROPERTY _GENTLE_${key}_SCOPE)
  foreach(id IN LISTS depends)
    _gentle_key(other "${id}")
    get_property(other_scope GLOBAL PROPERTY _GENTLE_${other}_SCOPE)
    if("${other_scope}" STREQUAL "TEST" AND NOT "${scope}" STREQUAL "TEST")
      get_property(name GLOBAL PROPERTY _GENTLE_${other}_NAME)
      _gentle_fail_at("${where}" DEPENDS
        "'${name}' is of SCOPE TEST, fresh for each test, and this service is not. Give both the same SCOPE.")
    endif()
  endforeach()
endfunction()

function(_gentle_check_program program where)
  if(TARGET "${program}")
    get_target_property(type "${program}" TYPE)
    if(NOT type STREQUAL "EXECUTABLE")
      _gentle_fail_at("${where}" COMMAND "the target '${program}' is not an executable, but of type ${type}.")
    endif()
  endif()
endfunction()

# Two services can claim one variable: port b of service a, and service a-b with its first port.
function(_gentle_check_variables)
  get_property(services GLOBAL PROPERTY _GENTLE_SERVICES)
  foreach(service IN LISTS services)
    _gentle_key(key "${service}")
    _gentle_enter_service("${key}")
    get_property(variables GLOBAL PROPERTY _GENTLE_${key}_VARIABLES)
    foreach(variable IN LISTS variables)
      # Services of one name, of several projects, have the same ones, and no common user.
      if(DEFINED owner_of_${variable} AND NOT "${owner_of_${variable}}" STREQUAL "${_gentle_subject}")
        get_property(where GLOBAL PROPERTY _GENTLE_${key}_WHERE)
        _gentle_fail_at("${where}" ""
          "its variable ${variable} is one of service '${owner_of_${variable}}' as well. Rename a service or a port.")
      endif()
      set(owner_of_${variable} "${_gentle_subject}")
    endforeach()
  endforeach()
endfunction()

# All that a service depends on, directly or not, without itself.
function(_gentle_closure out service)
  set(path ${ARGN} "${service}")
  set(closure "")
  _gentle_key(key "${service}")
  get_property(depends GLOBAL PROPERTY _GENTLE_${key}_DEPENDS_IDS)
  foreach(other IN LISTS depends)
    if("${other}" IN_LIST path)
      list(FIND path "${other}" begin)
      list(SUBLIST path ${begin} -1 cycle)
      _gentle_full_names(cycle ${cycle} "${other}")
      list(JOIN cycle " -> " cycle)
      _gentle_enter_service("${key}")
      get_property(where GLOBAL PROPERTY _GENTLE_${key}_WHERE)
      _gentle_fail_at("${where}" DEPENDS "a cycle: ${cycle}.")
    endif()
    _gentle_closure(more "${other}" ${path})
    list(APPEND closure "${other}" ${more})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  set(${out} "${closure}" PARENT_SCOPE)
endfunction()
