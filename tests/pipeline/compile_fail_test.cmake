# Snippets that must not compile: each is handed to the compiler, whose refusal must match the
# snippet's own "// expect: " line. control.cpp must compile, so that a broken include path or flag
# is not taken for a refusal.
function(sluice_compile_fail_tests)
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/compile_fail)
  set(command ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -fno-color-diagnostics
    -I${PROJECT_SOURCE_DIR}/core/include -I${PROJECT_SOURCE_DIR}/pipeline/include
    -I${PROJECT_SOURCE_DIR}/adapters/sim_venue/include)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(REMOVE_ITEM command -fno-color-diagnostics)
    list(APPEND command -fdiagnostics-color=never)
  endif()
  file(GLOB snippets CONFIGURE_DEPENDS ${folder}/*.cpp)
  foreach(snippet IN LISTS snippets)
    get_filename_component(name ${snippet} NAME_WE)
    add_test(NAME CompileFail.${name} COMMAND ${command} ${snippet})
    set_tests_properties(CompileFail.${name} PROPERTIES TIMEOUT 120)
    if(name STREQUAL "control")
      continue()
    endif()
    file(STRINGS ${snippet} expected REGEX "^// expect: ")
    if(NOT expected)
      message(FATAL_ERROR "${snippet}: the line '// expect: <regular expression>' is missing")
    endif()
    string(REGEX REPLACE "^// expect: " "" expected "${expected}")
    set_tests_properties(CompileFail.${name} PROPERTIES
      PASS_REGULAR_EXPRESSION "error: [^\n]*${expected}")
  endforeach()
endfunction()
