#!/usr/bin/env bash
# One input, one digest, whatever compiled the program: builds it with both compilers at -O0 and -O3,
# adds the builds that are there under build/ (sanitizers among them), and lets digest_matrix compare
# what they make of the same ticks. The builds take about ten minutes the first time.
set -euo pipefail
# shellcheck source=tools/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/common.sh"

cd "$root"
"$root/tools/setup" build test

# g++ -O3 and clang++ -O0 are presets; the other two are built apart from them, in build/digest/NAME.
programs=()
preset() {
    build "$1" sluice
    programs+=("build/$1/bin/sluice")
}
variant() {
    say "Building build/digest/$1"
    [[ -f build/digest/$1/build.ninja ]] ||
        cmake -G Ninja -S . -B "build/digest/$1" -DCMAKE_CXX_COMPILER="$2" -DCMAKE_BUILD_TYPE="$3" \
            -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DSLUICE_TESTS=OFF >/dev/null
    cmake --build "build/digest/$1" --target sluice || fail "build/digest/$1 does not build"
    programs+=("build/digest/$1/bin/sluice")
}
preset release
preset clang
variant g++-O0 g++ Debug
variant clang++-O3 clang++ Release
for preset in asan tsan; do
    if [[ -x build/$preset/bin/sluice ]]; then programs+=("build/$preset/bin/sluice"); fi
done

recorded_market
say "Comparing ${#programs[@]} builds"
tests/system/digest_matrix "${programs[@]}" || fail "the digests differ"
