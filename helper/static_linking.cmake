# Sets GENTLE_STATIC_OPTIONS: how to link a program that a test run starts once a test. Without
# shared libraries to load it starts in half of the time, and ends sooner, too. Some distributions
# ship the archives in packages of their own (glibc-static, libstdc++-static): then it links what
# there is, and is only slower. A sanitizer's runtime needs the shared libraries.

# Asking the compiler where an archive is takes a hundredth of the time of trying to link one.
function(_gentle_has_archive result name)
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=${name}
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(IS_ABSOLUTE "${path}" AND EXISTS "${path}")
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

# A static program that is not position independent sorts all of its unwind tables at its first
# exception, which takes longer than its whole start: hence -static-pie, whose start is rcrt1.o.
set(GENTLE_STATIC_OPTIONS "")
_gentle_has_archive(has_start rcrt1.o)
_gentle_has_archive(has_libc libc.a)
_gentle_has_archive(has_libm libm.a)
_gentle_has_archive(has_libstdcxx libstdc++.a)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=" OR NOT has_libstdcxx)
  message(VERBOSE "gentle: linked with shared libraries")
elseif(has_start AND has_libc AND has_libm)
  set(GENTLE_STATIC_OPTIONS -static-pie)
else()
  set(GENTLE_STATIC_OPTIONS -static-libstdc++ -static-libgcc)
endif()
