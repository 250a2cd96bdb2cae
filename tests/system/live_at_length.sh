#!/usr/bin/env bash
# The tests of live sessions for longer than the tests can take: perf/live.md says what each shows. Builds what
# it needs (dev, release, asan). A quarter of an hour once that is built; wants 1 GB below /tmp, and tshark with the right
# to capture: without it, ten minutes of decoded packets are skipped, which it says. Status 1: a part failed.
set -euo pipefail
# shellcheck source=tools/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../tools/common.sh"

cd "$root"
"$root/tools/setup" build test
build dev
build release sluice
build asan sluice

export SLUICE=$root/build/dev/bin/sluice
others=$root/build/release/bin/sluice:$root/build/asan/bin/sluice
failed=0
say "20 faulty sessions, each replayed by three builds"
SLUICE_SESSIONS=20 SLUICE_OTHER_BUILDS=$others python3 -B tests/system/live_test.py \
    Live.test_faulty_sessions_replay_to_the_same_orders || failed=1
say "50 engines, killed while they trade"
SLUICE_LIVE_KILLS=50 python3 -B tests/system/live_kill_test.py || failed=1
say "500 writers of a journal, killed"
SLUICE_KILLS=500 build/dev/bin/live_tests --gtest_filter='KilledWriter*' || failed=1
say "600 s beside another program that decodes the packets"
SLUICE_WIRE_SECONDS=600 python3 -B tests/system/live_test.py \
    Live.test_another_program_decodes_the_packets || failed=1
exit "$failed"
