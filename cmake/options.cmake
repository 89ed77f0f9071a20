# One interface target for warnings and hardening, used by every target of the project.
add_library(orbweaver_options INTERFACE)
option(ORBWEAVER_WERROR "Warnings end the build" ON)
target_compile_options(orbweaver_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Woverloaded-virtual $<$<BOOL:${ORBWEAVER_WERROR}>:-Werror>
  # Designated initialisers leave the rest to the members' own defaults, on purpose.
  -Wno-missing-field-initializers
  -fstack-protector-strong -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside the standard library and Boost's headers where nothing is wrong.
  target_compile_options(orbweaver_options INTERFACE
    -fcoroutines -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-restrict
    -Wno-stringop-overread -Wno-free-nonheap-object -Wno-mismatched-new-delete)
endif()

if(ORBWEAVER_SANITIZE)
  target_compile_options(orbweaver_options INTERFACE -fsanitize=${ORBWEAVER_SANITIZE}
                         -fno-sanitize-recover=all)
  target_link_options(orbweaver_options INTERFACE -fsanitize=${ORBWEAVER_SANITIZE})
  if(ORBWEAVER_SANITIZE MATCHES "undefined")
    # It tells what it may read by means of a pipe, and takes every object for a bad one when there
    # is no descriptor left, as in tests of just that.
    target_compile_options(orbweaver_options INTERFACE -fno-sanitize=vptr)
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Its mark before each function cannot be put before the parts a coroutine is split into.
    target_compile_options(orbweaver_options INTERFACE -fno-sanitize=function)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND ORBWEAVER_SANITIZE MATCHES "thread")
    # Asio's fences are only performance hints beside its mutexes; TSan does not model them.
    target_compile_options(orbweaver_options INTERFACE -Wno-tsan)
  endif()
else()
  target_compile_definitions(orbweaver_options INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
  target_link_options(orbweaver_options INTERFACE -Wl,-z,relro,-z,now)
endif()
if(ORBWEAVER_COVERAGE)
  target_compile_options(orbweaver_options INTERFACE --coverage)
  target_link_options(orbweaver_options INTERFACE --coverage)
endif()
