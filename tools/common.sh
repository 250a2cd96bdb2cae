# Shared by the scripts in this folder; sourced, not run. Expects set -euo pipefail in the caller.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

say() { printf '\n==> %s\n' "$*"; }
fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# took SECONDS_AT_START: prints "3 s" or "4 min 07 s".
took() {
    local s=$((SECONDS - $1))
    if ((s < 60)); then printf '%d s' "$s"; else printf '%d min %02d s' $((s / 60)) $((s % 60)); fi
}

# recorded_market: exports SLUICE_DATA, the folder of recorded market data, where there is one.
recorded_market() {
    if [[ -z ${SLUICE_DATA:-} && -d $root/../shared/data ]]; then
        SLUICE_DATA="$(cd "$root/../shared/data" && pwd)"
    fi
    [[ -z ${SLUICE_DATA:-} ]] || export SLUICE_DATA
}

# configure PRESET: configures build/PRESET once; later changes of CMake files are noticed by ninja.
# A folder configured for another place, as after moving the checkout, is configured afresh.
configure() {
    local folder="$root/build/$1"
    if [[ -f "$folder/build.ninja" ]] &&
        grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt" &&
        [[ ! "$root/CMakePresets.json" -nt "$folder/build.ninja" ]]; then
        return
    fi
    say "Configuring build/$1"
    local fresh=()
    [[ -f "$folder/CMakeCache.txt" ]] && fresh=(--fresh)
    (cd "$root" && cmake "${fresh[@]}" --preset "$1")
}

# build PRESET [TARGET...]: configures and builds what is not up to date.
build() {
    local preset=$1 start=$SECONDS target targets=() quiet=()
    shift
    # A line for each file helps who watches, and buries the errors in the log of a machine.
    [[ ${CI:-} != true ]] || quiet=(-- --quiet)
    for target in "$@"; do targets+=(--target "$target"); done
    configure "$preset"
    say "Building build/$preset on $(nproc) cores (nothing to do when it is up to date)"
    (cd "$root" && cmake --build --preset "$preset" "${targets[@]}" "${quiet[@]}") ||
        fail "the build of preset '$preset' failed; the first error above says why"
    if ((SECONDS - start > 3)); then say "Built build/$preset in $(took "$start")"; fi
}
