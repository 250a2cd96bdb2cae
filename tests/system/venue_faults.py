"""Which faults a session is given by `sluice venue`, drawn by a seed. Each is such that a session of a
few seconds still trades."""

import random

# With one more thread at most: placements with more of them are held by the replays.
PLACEMENTS = ("fused", "orders", "signals", "bars", "risk")
ALWAYS = {"loss": 0.02, "duplicate": 0.02, "reorder": 0.02, "short-writes": 0.2,
          "partial-fills": 0.3, "reject-rate": 0.05, "cancel-rate": 0.05, "duplicate-reports": 0.1,
          "unknown-reports": 0.02, "late-reports": "0.2:5ms"}
SOMETIMES = {
    "halts": lambda dice: {"halts": "600ms", "halt-length": f"{dice.randint(50, 300)}ms"},
    "bursts": lambda dice: {"bursts": "500ms", "burst-actions": dice.randint(200, 1000)},
    "line-silence": lambda dice: {"line-silence": f"1s:{dice.randint(100, 400)}ms"},
    "line-delay": lambda dice: {"line-delay": dice.randint(1, 40)},
    "stall": lambda dice: {"stall": 0.05},
    "disconnect": lambda dice: {"disconnect": 0.05},
    "pack": lambda dice: {"pack": f"{dice.randint(50, 2000)}us"},
    "cancel-on-disconnect": lambda dice: {"cancel-on-disconnect": None},
}
# Met by a call or a byte in so many: a short session may be spared.
RARE = {"stall", "disconnect", "disconnect-every"}
# Where the venue's summary counts what a fault has done. Others change what comes when, uncounted.
COUNTED = {"halts": ("faults", "halts"), "bursts": ("faults", "bursts"),
           "line-silence": ("feed", "line_a", "silenced"), "stall": ("faults", "stalls"),
           "disconnect": ("orders", "disconnects_injected"), "loss": ("feed", "line_a", "lost"),
           "duplicate": ("feed", "line_a", "duplicated"),
           "reorder": ("feed", "line_a", "reordered"), "short-writes": ("faults", "short_writes"),
           "disconnect-every": ("orders", "disconnects_injected"),
           "partial-fills": ("faults", "partials"), "late-reports": ("faults", "late")}


def drawn(seed):
    """(placement, {option: value}): of SOMETIMES three seeds in a row have all, and both versions of OUCH."""
    dice = random.Random(seed)
    options = {"seed": seed, "ouch-version": ("5.0", "4.2")[seed % 2], **ALWAYS}
    for i, draw in enumerate(SOMETIMES.values()):
        values, by_chance = draw(dice), dice.random() < 0.25
        if (i + seed) % 3 == 0 or by_chance:
            options |= values
    if "disconnect" not in options:  # it would cut most connections before so many bytes
        options["disconnect-every"] = dice.randint(600, 1500)
    return PLACEMENTS[(seed - 1) % len(PLACEMENTS)], options


def arguments(options):
    """The same as arguments of `sluice venue`."""
    return [part for name, value in options.items()
            for part in ((f"--{name}",) if value is None else (f"--{name}", value))]


def effects(options, summary):
    """{option: how often the venue did it}, of those that it counts."""
    out = {}
    for name, path in COUNTED.items():
        if name in options:
            count = summary
            for key in path:
                count = count[key]
            out[name] = count
    return out
