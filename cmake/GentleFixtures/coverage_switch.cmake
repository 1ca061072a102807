# GENTLE_COVERAGE: whether add_fixture_coverage measures anything in this build.

# Sets <reason> to why nothing is measured in this build at all, or to ""; and <unmeasured> to a generator
# expression that is 1 in the configurations in which nothing is. Without INSTRUMENT the flags are the user's,
# and so is the choice.
function(_gentle_coverage_switch reason unmeasured has_targets)
  set(GENTLE_COVERAGE AUTO CACHE STRING "Whether add_fixture_coverage measures: AUTO, ON or OFF")
  set_property(CACHE GENTLE_COVERAGE PROPERTY STRINGS AUTO ON OFF)
  set(${reason} "" PARENT_SCOPE)
  set(${unmeasured} 0 PARENT_SCOPE)
  if("${GENTLE_COVERAGE}" STREQUAL "ON")
    return()
  elseif("${GENTLE_COVERAGE}" STREQUAL "OFF")
    set(${reason} "GENTLE_COVERAGE is OFF" PARENT_SCOPE)
    return()
  elseif(NOT "${GENTLE_COVERAGE}" STREQUAL "AUTO")
    string(TOUPPER "${GENTLE_COVERAGE}" upper)
    set(hint "")
    if(upper MATCHES "^(1|YES|TRUE|Y)$")
      set(hint " Did you mean 'ON'?")
    elseif(upper MATCHES "^(0|NO|FALSE|N|)$")
      set(hint " Did you mean 'OFF'?")
    else()
      _gentle_did_you_mean(hint "${upper}" AUTO ON OFF)
    endif()
    _gentle_fail("" "the variable GENTLE_COVERAGE is '${GENTLE_COVERAGE}', which must be AUTO, ON or OFF.${hint}")
  endif()

  set(or_on "(GENTLE_COVERAGE is AUTO: ON would measure it)")
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  if(NOT PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    set(${reason} "the project ${PROJECT_NAME} is not the top-level one ${or_on}" PARENT_SCOPE)
  elseif(has_targets)
    if(NOT is_multi_config AND build_type MATCHES "^(RELEASE|RELWITHDEBINFO|MINSIZEREL)$")
      set(${reason} "CMAKE_BUILD_TYPE is ${CMAKE_BUILD_TYPE} ${or_on}" PARENT_SCOPE)
    endif()
    # Also with one configuration: it may be chosen after this call.
    set(${unmeasured} "$<CONFIG:Release,RelWithDebInfo,MinSizeRel>" PARENT_SCOPE)
  endif()
endfunction()

# Instead of the tests and of the target that runs them: a target that says why there are none. A project
# within another one leaves the other's names alone. Old reports would be taken for new ones.
function(_gentle_coverage_off name reason)
  message(STATUS "GentleFixtures: no coverage is measured: ${reason}")
  if(NOT PROJECT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    return()
  endif()
  _gentle_coverage_target("${name}" "${reason}")
  if(EXISTS "${CMAKE_BINARY_DIR}/${name}/.gentle-coverage")
    file(REMOVE_RECURSE "${CMAKE_BINARY_DIR}/${name}")
  endif()
  _gentle_finish_later() # removes the spec of a configure step before
endfunction()
