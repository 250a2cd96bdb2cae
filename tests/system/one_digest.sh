#!/usr/bin/env bash
# One input, one digest: replays a generated market with both compilers at -O0 and -O3, and with every
# build that is there under build/ (sanitizers among them), fused, split and cut in between, each twice,
# and compares the digests. Builds what it lacks; about four minutes the first time.
set -euo pipefail
# shellcheck source=tools/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/common.sh"

cd "$root"
"$root/tools/setup" build test

# name, compiler, build type: a build of the program alone, apart from the presets.
variants=("g++-O0 g++ Debug" "g++-O3 g++ Release" "clang-O0 clang++ Debug" "clang-O3 clang++ Release")
for variant in "${variants[@]}"; do
    read -r name compiler type <<<"$variant"
    say "Building build/digest/$name"
    [[ -f build/digest/$name/build.ninja ]] ||
        cmake -G Ninja -S . -B "build/digest/$name" -DCMAKE_CXX_COMPILER="$compiler" \
            -DCMAKE_BUILD_TYPE="$type" -DCMAKE_CXX_FLAGS_DEBUG="-O0" -DSLUICE_TESTS=OFF >/dev/null
    cmake --build "build/digest/$name" --target sluice || fail "build/digest/$name does not build"
done

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
build/digest/g++-O3/bin/sluice generate --store "$work/store" --instruments 3 --days 1 --seed 7

say "Digests"
declare -A seen=()
for program in build/digest/*/bin/sluice build/{dev,clang,asan,tsan,release}/bin/sluice; do
    [[ -x $program ]] || continue
    for placement in fused split "signals" "risk,orders" fused; do
        digest=$("$program" replay --store "$work/store" --out "$work/runs" --json \
            --placement "$placement" | sed -n 's/^ *"digest": "\([0-9a-f]*\)".*/\1/p' || true)
        printf '%-32s %-12s %s\n' "$program" "$placement" "${digest:-none}"
        seen[${digest:-none}]=1
    done
done
if ((${#seen[@]} != 1)) || [[ -n ${seen[none]:-} ]]; then
    fail "one input has given ${#seen[@]} digests"
fi
say "One digest: ${!seen[*]}"
