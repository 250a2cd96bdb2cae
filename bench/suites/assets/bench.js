'use strict';
const run = JSON.parse(document.getElementById('data').textContent);
const SVG = 'http://www.w3.org/2000/svg';

function byId(id) { return document.getElementById(id); }

// Text always goes in as text.
function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function number(value, digits = 2) {
  if (value === null || value === undefined) return '';
  return value.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});
}

function time(ns) {
  if (ns === null || ns === undefined) return '';
  if (ns < 1000) return number(ns, ns < 100 ? 1 : 0) + ' ns';
  return ns < 1e6 ? number(ns / 1e3, 2) + ' µs' : number(ns / 1e6, 2) + ' ms';
}

function axisTime(ns) {
  return ns < 1e3 ? ns + ' ns' : ns < 1e6 ? ns / 1e3 + ' µs' : ns / 1e6 + ' ms';
}

function table(into, heads, rows) {
  const node = element('table');
  const head = element('tr');
  heads.forEach(text => head.append(element('th', text)));
  node.append(element('thead'), element('tbody'));
  node.tHead.append(head);
  for (const cells of rows) {
    const row = element('tr');
    for (const cell of cells) {
      row.append(typeof cell === 'object' && cell !== null ? element('td', cell.text, cell.mark)
                                                           : element('td', cell));
    }
    node.tBodies[0].append(row);
  }
  into.append(node);
}

function svg(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// Percentiles on an axis of nines (each further nine as wide as the one before), times on a
// logarithmic one.
function percentilePlot(into, curves) {
  curves = curves.filter(c => c.curve);
  if (curves.length === 0) return;
  const width = 1080, height = 320, left = 64, right = 16, top = 12, bottom = 34;
  const nines = p => p >= 99.995 ? 4 : -Math.log10(1 - p / 100);
  const values = curves.flatMap(c => c.curve.percentiles.map(p => Math.max(1, p[1])));
  const low = Math.floor(Math.log10(Math.min(...values)) * 5) / 5;
  const high = Math.max(low + 0.4, Math.ceil(Math.log10(Math.max(...values)) * 5) / 5);
  const x = p => left + nines(p) / 4 * (width - left - right);
  const y = ns => height - bottom - (Math.log10(Math.max(1, ns)) - low) / (high - low) *
    (height - top - bottom);
  const plot = svg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img'});
  for (const p of [0, 50, 90, 99, 99.9, 99.99]) {
    plot.append(svg('line', {class: 'grid', x1: x(p), x2: x(p), y1: top, y2: height - bottom}));
    plot.append(svg('text', {x: x(p), y: height - 12, 'text-anchor': p === 99.99 ? 'end' : 'middle'},
      p === 0 ? 'least' : 'P' + p));
  }
  for (let power = Math.floor(low); power <= high; ++power) {
    for (const step of [1, 2, 5]) {
      const ns = step * 10 ** power;
      if (Math.log10(ns) < low - 1e-9 || Math.log10(ns) > high + 1e-9) continue;
      plot.append(svg('line', {class: 'grid', x1: left, x2: width - right, y1: y(ns), y2: y(ns)}));
      plot.append(svg('text', {x: left - 8, y: y(ns) + 4, 'text-anchor': 'end'}, axisTime(ns)));
    }
  }
  const legend = element('div', undefined, 'legend');
  curves.forEach((c, i) => {
    const colour = `var(--s${i % 8})`;
    const d = c.curve.percentiles.map((p, k) => `${k ? 'L' : 'M'}${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}`);
    const path = svg('path', {d: d.join(''), style: `stroke: ${colour}`});
    path.append(svg('title', {}, c.name));
    plot.append(path);
    const entry = element('span');
    const swatch = element('span', undefined, 'swatch');
    swatch.style.background = colour;
    entry.append(swatch, c.name);
    legend.append(entry);
  });
  into.append(plot, legend);
}

function spread(value, digits = 2) {
  return value ? `${number(value.median, digits)} (${number(value.p10, digits)}–${number(value.p90, digits)})` : '';
}

// A stacked bar of the medians: where the time of one path goes.
function hopBar(into, hops) {
  const width = 1080, total = hops.reduce((sum, h) => sum + at(h.ns, 50), 0);
  if (!(total > 0)) return;
  const bar = svg('svg', {viewBox: `0 0 ${width} 26`, role: 'img'});
  let x = 0;
  hops.forEach((h, i) => {
    const w = at(h.ns, 50) / total * width;
    const part = svg('rect', {x, y: 2, width: Math.max(0, w - 1), height: 22, style: `fill: var(--s${(i + 1) % 8})`});
    part.append(svg('title', {}, `${h.name}: ${time(at(h.ns, 50))}`));
    bar.append(part);
    x += w;
  });
  into.append(bar);
}

function at(curve, percent) {
  const found = curve && curve.percentiles.find(p => p[0] === percent);
  return found ? found[1] : 0;
}

function drawCheck() {
  if (!run.check) return;
  byId('check').hidden = false;
  const rows = run.check.targets.map(t => [t.suite, t.metric, t.stage, number(t.measured, 3),
    `${t.is} ${t.limit} ${t.unit}`,
    {text: t.verdict, mark: t.verdict === 'missed' ? 'bad' : t.verdict === 'met' ? 'good' : ''}, t.why]);
  table(byId('check').querySelector('.table'),
    ['suite', 'metric', 'stage', 'measured', 'target', '', 'what it is about'], rows);
}

function drawJitter() {
  percentilePlot(byId('jitter_plot'),
    run.jitter.map(j => ({name: `core ${j.core}, gaps above 200 ns`, curve: j.gaps_ns})));
  table(byId('jitter'), ['core', '> 1 µs a second', '> 10 µs', '> 100 µs', 'largest', 'time lost'],
    run.jitter.map(j => [String(j.core), number(j.over_1us_per_second, 0), number(j.over_10us_per_second, 0),
      number(j.over_100us_per_second, 1), time(j.largest_ns), number(j.lost_share * 100) + ' %']));
}

function drawTable(section, t) {
  section.append(element('h3', t.name));
  percentilePlot(section, t.rows.map(r => ({name: r.name, curve: r.all})));
  const box = element('div', undefined, 'table');
  const heads = t.latency ? ['', 'P50', 'P99', 'P99.9', 'P99.99', 'largest', 'ratio, P50 (p10–p90)']
    : ['', 'an item', 'M/s', 'ratio (p10–p90)'];
  table(box, heads, t.rows.map(r => t.latency
    ? [r.name, time(r.ns_p50.median), time(r.ns_p99 && r.ns_p99.median), time(at(r.all, 99.9)),
      time(at(r.all, 99.99)), time(r.all && r.all.max), spread(r.ratio)]
    : [r.name, time(r.ns_p50.median), number(1e3 / r.ns_p50.median, 1), spread(r.ratio)]));
  section.append(box);
}

function drawHops(section, hops) {
  for (const path of new Set(hops.map(h => h.path))) {
    const these = hops.filter(h => h.path === path && h.ns);
    if (these.length === 0) continue;
    section.append(element('h3', path + ': time at each hop'));
    hopBar(section, these);
    percentilePlot(section, [{curve: null}, ...these].map(h => ({name: h.name, curve: h.ns})));
    const box = element('div', undefined, 'table');
    table(box, ['', 'P50', 'P99', 'P99.9', 'P99.99', 'largest'],
      these.map(h => [h.name, ...[50, 99, 99.9, 99.99].map(p => time(at(h.ns, p))), time(h.ns.max)]));
    section.append(box, element('p', 'The reading of the counter is included at each hop.', 'muted'));
  }
}

function drawSuites() {
  for (const s of run.suites) {
    const section = element('section');
    section.append(element('h2', s.suite));
    section.append(element('p', `${s.rounds} rounds in ${number(s.seconds, 1)} s` +
      (s.real_time_priority ? '' : '; real-time priority was refused: expect noise'), 'muted'));
    s.notes.forEach(note => section.append(element('p', note, 'notice')));
    s.tables.forEach(t => drawTable(section, t));
    drawHops(section, s.hops);
    byId('suites').append(section);
  }
}

const h = run.host;
byId('host').textContent = `${h.cpu}, ${h.cores} cores, kernel ${h.kernel}, compiler ${h.compiler}, ` +
  `counter ${number(h.tsc_hz / 1e6, 0)} MHz`;
if (!h.optimised) {
  byId('notices').append(element('p', 'This build is not optimised: its figures say nothing about a release.', 'notice'));
}
if (run.planted) {
  byId('notices').append(element('p', `A spin of ${run.planted.ns} ns is planted in: ${run.planted.stage}`, 'notice'));
}
drawCheck();
drawJitter();
drawSuites();
