#!/usr/bin/env bash
# Follows docs/guides/strategy.md with its own code, in a folder outside the tree: installs the kit,
# finds it with find_package, builds the plugin, and reads the symbols that it exports.
# Usage: installed_kit.sh BUILD_FOLDER
set -euo pipefail
build=$1
guide=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../docs/guides/strategy.md")
# block LANGUAGE: the guide's code in that language.
block() { awk -v open="\`\`\`$1" '$0 == open { on = 1; next } /^```/ { on = 0 } on' "$guide"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component kit --prefix "$work/installed" >/dev/null
mkdir "$work/mine"
cd "$work/mine"
block cmake >CMakeLists.txt
block cpp >mine.cpp
cmake -S . -B build -DCMAKE_PREFIX_PATH="$work/installed" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" >/dev/null
cmake --build build >/dev/null
exported=$(nm -D --defined-only build/mine.so | awk '$2 == "T" { print $3 }')
if [[ $exported != sluice_plugin ]]; then
    printf 'the plugin exports %s, not only sluice_plugin\n' "$exported" >&2
    exit 1
fi
