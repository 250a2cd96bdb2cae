#!/usr/bin/env bash
# A strategy of one's own from an empty folder: installs the kit, finds it with find_package, builds a
# plugin with nothing of this tree on its path, and reads the symbol that the program looks for.
# Usage: installed_kit.sh BUILD_FOLDER
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component kit --prefix "$work/installed" >/dev/null
mkdir "$work/mine"
cd "$work/mine"
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(mine LANGUAGES CXX)
find_package(sluice 0.1 REQUIRED)
sluice_add_strategy(mine mine.cpp)
target_compile_options(mine PRIVATE -Wall -Wextra -Wpedantic -Werror)
EOF
cat >mine.cpp <<'EOF'
#include <sluice/kit/indicators.hpp>
#include <sluice/kit/strategy.hpp>

class Mine {
  public:
    static constexpr const char* kName = "mine";
    static constexpr const char* kDoc = "long above the average of the closes, short below";
    static constexpr std::array kParameters{
        sluice::kit::integer("period", "bars", 2, 500, 20, "Length of the average.")};
    explicit Mine(const sluice::kit::Values& values) : average_(values.integer(0)) {}
    void on_bar(const sluice::kit::Bar& bar) {
        close_ = bar.close.to_double();
        average_.update(close_);
    }
    bool ready() const { return average_.ready(); }
    double strength() const { return close_ > average_.value() ? 1 : -1; }

  private:
    sluice::kit::indicators::Sma average_;
    double close_ = 0;
};
SLUICE_EXPORT_STRATEGY(Mine)
EOF
cmake -S . -B build -DCMAKE_PREFIX_PATH="$work/installed" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build >/dev/null
exported=$(nm -D --defined-only build/mine.so | awk '$2 == "T" { print $3 }')
if [[ $exported != sluice_plugin ]]; then
    printf 'the plugin exports %s, not only sluice_plugin\n' "$exported" >&2
    exit 1
fi
