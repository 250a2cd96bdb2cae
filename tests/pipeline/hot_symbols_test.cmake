# Reads the symbols of the hot path's object files. sluice_hot_symbol_tests(<object library>...)
function(sluice_hot_symbol_tests)
  find_package(Python3 COMPONENTS Interpreter)
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}")
  set(skip "")
  if(NOT Python3_FOUND OR NOT CMAKE_NM)
    set(skip "python3 or nm is missing")
  elseif(SLUICE_SANITIZE)
    set(skip "a sanitizer adds calls of its own")
  elseif(NOT flags MATCHES "-O[1-3s]")
    set(skip "an unoptimised build calls what it would inline")
  endif()

  # One planted call of each kind must be caught.
  add_library(hot_symbols_control OBJECT ${folder}/hot_symbols_control.cpp)
  target_link_libraries(hot_symbols_control PRIVATE sluice_options)
  target_compile_options(hot_symbols_control PRIVATE -fno-exceptions -fno-rtti)

  set(objects "")
  foreach(library IN LISTS ARGN)
    list(APPEND objects $<TARGET_OBJECTS:${library}>)
  endforeach()
  set(command ${Python3_EXECUTABLE} ${folder}/hot_symbols.py --nm ${CMAKE_NM} "--skip=${skip}")
  add_test(NAME HotSymbols.calls_nothing_that_is_not_allowed
    COMMAND ${command} ${objects} COMMAND_EXPAND_LISTS)
  set_tests_properties(HotSymbols.calls_nothing_that_is_not_allowed PROPERTIES
    SKIP_RETURN_CODE 77)
  foreach(kind "allocation" "lock" "throw" "input or output")
    string(REPLACE " " "_" name ${kind})
    add_test(NAME HotSymbols.catches_a_planted_${name}
      COMMAND ${command} $<TARGET_OBJECTS:hot_symbols_control> COMMAND_EXPAND_LISTS)
    set_tests_properties(HotSymbols.catches_a_planted_${name} PROPERTIES
      PASS_REGULAR_EXPRESSION ": ${kind}: " SKIP_RETURN_CODE 77)
  endforeach()
endfunction()
