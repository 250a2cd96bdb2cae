// The time axis of the charts: real time with the stretches that hold no bar taken out, so that
// nights and weekends do not eat the width. toX and fromX map between a time and its place.
const gaps = [];  // {start, end, x}: x is the place both ends share
{
  let removed = 0;
  for (const [start, end] of report.gaps) {
    gaps.push({start, end, x: start - removed});
    removed += end - start;
  }
}

// Index of the last gap for which before(gap) holds, or -1.
function lastGap(before) {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(gaps[middle])) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function toX(ms) {
  const gap = gaps[lastGap(g => g.start < ms)];
  return gap === undefined ? ms : gap.x + Math.max(0, ms - gap.end);
}

// A place that two ends share reads as the later one, where trading goes on.
function fromX(x) {
  const gap = gaps[lastGap(g => g.x <= x)];
  return gap === undefined ? x : gap.end + (x - gap.x);
}

const kSteps = [1e3, 5e3, 15e3, 30e3, 6e4, 3e5, 9e5, 18e5, 36e5, 72e5, 144e5, 216e5, 432e5];
const kDay = 864e5;
const kMonths = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dayName(ms) {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${kMonths[date.getUTCMonth()]}`;
}

function timeName(ms, step) {
  return new Date(ms).toISOString().slice(11, step < 6e4 ? 19 : 16);
}

// The stretches of real time between the gaps, cut to [from, to].
function stretches(from, to) {
  const out = [];
  let start = from;
  for (const gap of gaps) {
    if (gap.end <= from) continue;
    if (gap.start >= to) break;
    if (gap.start > start) out.push([start, gap.start]);
    start = Math.max(start, gap.end);
  }
  if (start < to) out.push([start, to]);
  return out;
}

// The first place of each day.
function daysOf(spans) {
  const days = [];
  let last = null;
  for (const [start, end] of spans) {
    for (let at = start; at < end; at = (Math.floor(at / kDay) + 1) * kDay) {
      const day = Math.floor(at / kDay);
      if (day !== last) days.push(at);
      last = day;
    }
  }
  return days;
}

function dayTicks(days, labelsMax) {
  const every = Math.max(1, Math.ceil(days.length / labelsMax));
  const year = at => new Date(at).getUTCFullYear();
  const named = days.length > 0 && year(days[0]) !== year(days[days.length - 1]);
  return days.filter((_, i) => i % every === 0)
    .map(at => ({v: toX(at), label: dayName(at) + (named ? ' ' + year(at) : '')}));
}

function timeTicks(low, high, pixels) {
  const labelsMax = Math.max(2, Math.floor(pixels / 100));
  const spans = stretches(fromX(low), fromX(high));
  const days = daysOf(spans);
  const step = kSteps.find(s => (high - low) / s <= labelsMax);
  if (step === undefined || days.length > 2) return dayTicks(days, labelsMax);
  const ticks = [];
  let lastDay = null;
  for (const [start, end] of spans) {
    for (let at = Math.ceil(start / step) * step; at < end; at += step) {
      const day = Math.floor(at / kDay);
      const label = day !== lastDay ? `${dayName(at)} ${timeName(at, step)}` : timeName(at, step);
      lastDay = day;
      ticks.push({v: toX(at), label});
    }
  }
  // Two stretches meet in one place: a label too near the one before it is left out.
  const room = (high - low) / labelsMax * 0.7;
  return ticks.filter((tick, i) => i === 0 || tick.v - ticks[i - 1].v >= room);
}

