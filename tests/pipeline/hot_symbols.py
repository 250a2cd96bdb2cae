#!/usr/bin/env python3
"""Reads what the object files of the hot path call and fails on anything that is not allowed.

    hot_symbols.py --nm NM OBJECT...

Undefined symbols that another of the given objects defines are the hot path itself. Every other one
must be on the list below, so allocation, throw, lock and I/O are refused without being named; those
families are named all the same, for a message that says what was found.
Exit status: 0 clean, 1 something else is called, 2 nothing could be read.
"""

import argparse
import re
import subprocess
import sys

ALLOWED = [
    # The exit that stops the process; see core/overflow.hpp.
    r"sluice::core::(overflow|broken_invariant)_slow\(.*",
    # The same of an assert, in builds that have them: indicators have one for each reading.
    r"__assert_fail",
    # Arithmetic: ours, the compiler's 128-bit helpers, square roots, and logarithms of returns.
    r"sluice::core::mul_div\(.*",
    r"__(u?divti3|u?modti3|u?divmodti4|multi3|floattidf|floatuntidf)",
    r"(sqrt|log)",
    # Whole events and positions are moved.
    r"(memcpy|memmove|memset|memcmp)",
    # Time stamps for measuring.
    r"sluice::core::Tsc::(is_invariant_|now_slow\(\))",
    # What a thread does when a ring is empty or full, by its idle strategy.
    r"(sched_yield|nanosleep)",
    # Holds a paced run back to the wall clock; never on an unpaced one's path.
    r"sluice::pipeline::Pacer::wait\(.*",
    # The wall clock, once a second, by a live session's sequencer.
    r"sluice::core::LocalTscClock::read_again_slow\(\)",
    # Linker and stack protector.
    r"(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__tls_get_addr)",
]
# What a run was given goes when its thread ends; HotPathHeap counts that none goes before.
FREES_AT_THE_END = (r".*placements\.cpp\.o", r"operator delete\(void\*, unsigned long(, std::align_val_t)?\)")
FAMILIES = [
    ("allocation", r"operator (new|delete)(\[\])?\(.*|(malloc|calloc|realloc|free|.*memalign|aligned_alloc)"),
    ("throw", r"__cxa_.*|std::__throw_.*|_Unwind_.*|__gxx_personality.*|std::terminate\(\)"),
    ("lock", r"pthread_.*|std::(recursive_|timed_|shared_)?mutex::.*|std::condition_variable::.*|__cxa_guard_.*"),
    ("input or output", r"(p?read(v|64)?|p?write(v|64)?|open(at|64)?|close|send(to|msg)?|recv(from|msg)?|"
                        r"v?[sfd]?n?printf(_chk)?|__\w*printf_chk|f?puts|putchar|fwrite|fread|fopen|fflush|"
                        r"std::(basic_)?(o|i)?stream.*|std::cout|std::cerr)"),
]


def symbols(nm, options, objects):
    command = [nm, "--demangle", *options, *objects]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print(f"{' '.join(command)}: {found.stderr.strip()}", file=sys.stderr)
        sys.exit(2)
    return found.stdout.splitlines()


def undefined(nm, objects):
    """(object, symbol) pairs; weak references count too."""
    owner = objects[0]
    for line in symbols(nm, ["--undefined-only"], objects):
        if line.endswith(":") and line[:-1] in objects:
            owner = line[:-1]
        elif match := re.match(r"\s+[UwvW] (.+)$", line):
            yield owner, match.group(1)


def defined(nm, objects):
    out = set()
    for line in symbols(nm, ["--defined-only"], objects):
        if match := re.match(r"[0-9a-fA-F]+ \w (.+)$", line):
            out.add(match.group(1))
    return out


def family(symbol):
    return next((name for name, pattern in FAMILIES if re.fullmatch(pattern, symbol)), "not on the list")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--skip", default="", help="why this build is not checked; exits 77")
    parser.add_argument("objects", nargs="*")
    arguments = parser.parse_args()
    if arguments.skip:
        print(f"skipped: {arguments.skip}")
        return 77
    if not arguments.objects:
        print("no object file was given", file=sys.stderr)
        return 2

    own = defined(arguments.nm, arguments.objects)
    if not own:
        print("the object files define nothing", file=sys.stderr)
        return 2
    bad = 0
    seen = 0
    for owner, symbol in undefined(arguments.nm, arguments.objects):
        seen += 1
        if symbol in own or any(re.fullmatch(pattern, symbol) for pattern in ALLOWED):
            continue
        if re.fullmatch(FREES_AT_THE_END[0], owner) and re.fullmatch(FREES_AT_THE_END[1], symbol):
            continue
        bad += 1
        print(f"{owner}: {family(symbol)}: {symbol}")
    print(f"{len(arguments.objects)} object files, {len(own)} symbols defined, {seen} references, "
          f"{bad} not allowed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
