# The tests that watch the hot threads are a program of its own, because its hook takes malloc's place.
function(sluice_allocation_tests)
  set(folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  sluice_tests(allocation_tests
    SOURCES ${folder}/allocation/allocation_test.cpp ${folder}/allocation/system_call_test.cpp
    ${folder}/allocation/edge_call_test.cpp ${folder}/../allocation_hook.cpp
    LINK sluice::pipeline sluice::sim_venue sluice::net sluice::itch sluice::ouch sluice::exchange)
  target_include_directories(allocation_tests PRIVATE ${folder}/..)
  # The compiler may otherwise take a malloc and its free out, or know what they do.
  target_compile_options(allocation_tests PRIVATE -fno-builtin-malloc -fno-builtin-calloc
    -fno-builtin-realloc -fno-builtin-free)
endfunction()
