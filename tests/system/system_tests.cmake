# The program as its users meet it, called by scripts; included from tests/CMakeLists.txt.
# Needs the target `sluice`. Python 3 without packages.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

# sluice_system_test(<name> [SLOW] [PACKAGES]): runs system/<name>_test.py against the built program. One that
# is SLOW is left out by `tools/test --quick`; one with PACKAGES needs Python packages and skips
# without them.
# Debian's own interpreter, the one that its packages h5py and PyTables extend, where it is there.
find_program(SLUICE_DEBIAN_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
mark_as_advanced(SLUICE_DEBIAN_PYTHON)

function(sluice_system_test name)
  cmake_parse_arguments(ARG "SLOW;PACKAGES" "" "" ${ARGN})
  set(python ${Python3_EXECUTABLE})
  if(ARG_PACKAGES AND SLUICE_DEBIAN_PYTHON)
    set(python ${SLUICE_DEBIAN_PYTHON})
  endif()
  add_test(NAME System.${name}
    COMMAND ${python} -B ${PROJECT_SOURCE_DIR}/tests/system/${name}_test.py)
  set(labels system)
  if(ARG_SLOW)
    list(APPEND labels slow)
  endif()
  set_tests_properties(System.${name} PROPERTIES
    ENVIRONMENT "SLUICE=$<TARGET_FILE:sluice>;SLUICE_SANITIZE=${SLUICE_SANITIZE}"
    LABELS "${labels}"
    SKIP_RETURN_CODE 77
    TIMEOUT 1200)
endfunction()

sluice_system_test(command_line)
sluice_system_test(configuration)
sluice_system_test(store)
sluice_system_test(import)
sluice_system_test(indicator)
sluice_system_test(account)
sluice_system_test(currencies)
sluice_system_test(strategy SLOW)
sluice_system_test(plugin SLOW)
sluice_system_test(strategy_guide SLOW)
sluice_system_test(prove)
sluice_system_test(explain)
sluice_system_test(fills SLOW)
sluice_system_test(full_book SLOW)
sluice_system_test(summary)
sluice_system_test(backtest SLOW)
sluice_system_test(optimize SLOW)
sluice_system_test(farm SLOW)
sluice_system_test(research_guide SLOW)
sluice_system_test(bench)
sluice_system_test(doctor)
sluice_system_test(tune)
sluice_system_test(kill SLOW)
sluice_system_test(live SLOW)
sluice_system_test(live_kill SLOW)
sluice_system_test(quoting SLOW)
sluice_system_test(operator SLOW)
sluice_system_test(watchdog SLOW)
sluice_system_test(set SLOW)
sluice_system_test(digest SLOW)
sluice_system_test(interrupt SLOW)
sluice_system_test(lean_backtests)
sluice_system_test(recorded_market SLOW)
sluice_system_test(open_tools PACKAGES)
sluice_system_test(vendor_data SLOW)
sluice_system_test(venue)
add_dependencies(sluice sluice_hdf5_filter)
