# Language, warnings and code generation shared by every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# AVX2 where this host has it. Not -march=native: valgrind must still run the result, and fused
# multiply-add stays off so that every build prints the same digest.
set(SLUICE_ARCH "auto" CACHE STRING "-march value; auto picks x86-64-v3 where the host runs it")
set(sluice_arch_flags "")
if(SLUICE_ARCH STREQUAL "auto")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    include(CheckCXXSourceRuns)
    check_cxx_source_runs(
      "int main(){return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"bmi2\") ? 0 : 1;}"
      SLUICE_HOST_RUNS_V3)
    if(SLUICE_HOST_RUNS_V3)
      set(sluice_arch_flags -march=x86-64-v3)
    endif()
  endif()
elseif(SLUICE_ARCH)
  set(sluice_arch_flags -march=${SLUICE_ARCH})
endif()

# Attached to each of our targets, never to a dependency: sluice_options, and what of it holds for
# code that a foreign program loads too, which has no sanitizer's runtime.
add_library(sluice_module_options INTERFACE)
add_library(sluice_options INTERFACE)
target_link_libraries(sluice_options INTERFACE sluice_module_options)
target_compile_options(sluice_module_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Wcast-align -Woverloaded-virtual
  -fno-fast-math -ffp-contract=off ${sluice_arch_flags})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of g++ 12 inside its own std::string (GCC bugs 105651 and 105562).
  target_compile_options(sluice_module_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
option(SLUICE_WERROR "Treat warnings as errors" ON)
if(SLUICE_WERROR)
  target_compile_options(sluice_module_options INTERFACE -Werror)
endif()
if(NOT SLUICE_SANITIZE)
  # A sanitizer's checks let g++ see null pointers that no path leads to.
  target_compile_options(sluice_module_options INTERFACE -Wnull-dereference)
else()
  target_compile_options(sluice_options INTERFACE
    -fsanitize=${SLUICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(sluice_options INTERFACE -fsanitize=${SLUICE_SANITIZE})
endif()

if(SLUICE_FUZZ)
  # Coverage feedback for the fuzzers; only they link libFuzzer itself.
  target_compile_options(sluice_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A library of one folder: sources listed by the caller, include root include/, headers proven
# self-contained by CMake's header sets.
function(sluice_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HOT_SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  add_library(sluice_${name} STATIC ${ARG_SOURCES})
  add_library(sluice::${name} ALIAS sluice_${name})
  target_include_directories(sluice_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(sluice_${name} PUBLIC ${ARG_PUBLIC} PRIVATE sluice_options ${ARG_PRIVATE})
  if(ARG_HOT_SOURCES)
    # Tick-to-order code: no exceptions, no run-time type information. A test reads the symbols.
    add_library(sluice_${name}_hot OBJECT ${ARG_HOT_SOURCES})
    target_include_directories(sluice_${name}_hot PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
    target_link_libraries(sluice_${name}_hot PRIVATE ${ARG_PUBLIC} sluice_options ${ARG_PRIVATE})
    target_compile_options(sluice_${name}_hot PRIVATE -fno-exceptions -fno-rtti)
    target_sources(sluice_${name} PRIVATE $<TARGET_OBJECTS:sluice_${name}_hot>)
  endif()
  if(ARG_HEADERS)
    target_sources(sluice_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${ARG_HEADERS})
    set_target_properties(sluice_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
endfunction()
