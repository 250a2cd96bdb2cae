// Marks of the hot path that have no standard spelling.
#pragma once

// Part of a tick's straight line: a call here would cost more than the work.
#define SLUICE_ALWAYS_INLINE [[gnu::always_inline]] inline
// Off a tick's straight line: kept out of it so that it stays short. A lambda's or member's
// attribute, like [[gnu::cold]].
#define SLUICE_NEVER_INLINE [[gnu::noinline]]
