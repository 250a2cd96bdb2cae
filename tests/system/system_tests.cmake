# The program as its users meet it, called by scripts; included from tests/CMakeLists.txt.
# Needs the target `sluice`. Python 3 without packages.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# sluice_system_test(<name> [SLOW]): runs system/<name>_test.py against the built program. One that
# is SLOW is left out by `tools/test --quick`.
function(sluice_system_test name)
  cmake_parse_arguments(ARG "SLOW" "" "" ${ARGN})
  add_test(NAME System.${name}
    COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/tests/system/${name}_test.py)
  set(labels system)
  if(ARG_SLOW)
    list(APPEND labels slow)
  endif()
  set_tests_properties(System.${name} PROPERTIES
    ENVIRONMENT "SLUICE=$<TARGET_FILE:sluice>"
    LABELS "${labels}"
    SKIP_RETURN_CODE 77
    TIMEOUT 1200)
endfunction()

sluice_system_test(command_line)
sluice_system_test(configuration)
sluice_system_test(store)
sluice_system_test(import)
sluice_system_test(summary)
sluice_system_test(digest SLOW)
sluice_system_test(interrupt SLOW)
sluice_system_test(recorded_market SLOW)
