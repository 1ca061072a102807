# The targets of INSTRUMENT, and what they are compiled and linked with.

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
  # -fprofile-update=atomic and -fprofile-abs-path, in words that every ccache passes on: 4.7, Debian 12's, caches
  # nothing that has the first, and takes the second away from the compiler. GCC reads -f<option> as --<option>.
  set(options_GNU --coverage --profile-abs-path) # Clang's paths of data are absolute anyway
  set(options_Clang --coverage)
  # Threads that share counters lose counts and leave negative ones behind, and linking std::thread needs
  # no option from which to tell that a target has threads. Who measures a hot loop can choose `single`.
  get_target_property(own "${target}" COMPILE_OPTIONS)
  if(NOT "${own} ${CMAKE_CXX_FLAGS} ${CMAKE_C_FLAGS}" MATCHES "-f?profile-update=")
    list(APPEND options_GNU --profile-update=atomic)
    list(APPEND options_Clang "SHELL:-Xclang -fprofile-update=atomic")
  endif()
  foreach(compiler IN ITEMS GNU Clang)
    set(used "$<OR:$<COMPILE_LANG_AND_ID:C,${compiler}>,$<COMPILE_LANG_AND_ID:CXX,${compiler}>>")
    foreach(option IN LISTS options_${compiler})
      set_property(TARGET "${target}" APPEND PROPERTY COMPILE_OPTIONS "$<$<AND:${measured},${used}>:${option}>")
    endforeach()
  endforeach()
  if(type MATCHES "^(STATIC|OBJECT)_LIBRARY$")
    set_property(TARGET "${target}" APPEND PROPERTY INTERFACE_LINK_LIBRARIES "$<BUILD_INTERFACE:$<LINK_ONLY:$<${measured}:--coverage>>>")
  else()
    set_property(TARGET "${target}" APPEND PROPERTY LINK_OPTIONS "$<${measured}:--coverage>")
  endif()
endfunction()
