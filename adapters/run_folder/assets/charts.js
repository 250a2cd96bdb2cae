// The charts, drawn by dygraphs.
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

// On a touch screen a finger scrolls the page; zooming stays with the mouse.
const touchOnly = window.matchMedia('(hover: none)').matches;
const timeCharts = [];

function common() {
  return {
    axisLineColor: colour('line'), gridLineColor: colour('grid'), axisLineWidth: 1,
    gridLineWidth: 1, strokeWidth: 1.4, highlightCircleSize: 3, rightGap: 12,
    interactionModel: touchOnly ? {} : Dygraph.defaultInteractionModel, animatedZooms: false,
  };
}

function empty(id, text) {
  const node = byId(id);
  node.classList.add('empty');
  node.textContent = text;
}

// All time charts show the same stretch: what is zoomed or moved in one moves the others.
let following = false;
function follow(source, initial) {
  if (initial || following) return;
  following = true;
  for (const chart of timeCharts)
    if (chart !== source) chart.updateOptions({dateWindow: source.xAxisRange()});
  following = false;
}

// A fragment rather than text: dygraphs would take text for markup.
function legendOf(lines) {
  return data => {
    const fragment = document.createDocumentFragment();
    if (data.x !== undefined)
      for (const line of lines(data)) fragment.appendChild(element('div', line));
    return fragment;
  };
}

function timeChart(id, rows, labels, lines, options) {
  const chart = new Dygraph(byId(id), rows, {
    ...common(), labels, legend: 'follow', legendFormatter: legendOf(lines),
    dateWindow: domain(), drawCallback: follow,
    ...options,
    axes: {
      x: {ticker: (low, high, pixels) => timeTicks(low, high, pixels), pixelsPerLabel: 90,
          axisLabelWidth: 96, drawGrid: true},
      y: {axisLabelWidth: 76, pixelsPerLabel: 34, ...(options.y || {})},
    },
  });
  timeCharts.push(chart);
  return chart;
}

// From the first to the last thing known, with a hair of room.
let known = null;
function domain() {
  if (known === null) {
    const times = [report.equity.t, ...report.prices.flatMap(p => [p.t, p.fills.t])]
      .filter(t => t.length > 0);
    const low = toX(Math.min(...times.map(t => t[0])));
    const high = toX(Math.max(...times.map(t => t[t.length - 1])));
    const room = Math.max((high - low) * 0.004, 500);
    known = [low - room, high + room];
  }
  return known.slice();
}

function zip(series, value = v => v) {
  return series.t.map((t, i) => [toX(t), value(series.v[i])]);
}

function drawBooks() {
  const equity = report.equity;
  if (equity.t.length < 2) {
    empty('equity', 'Too few equity points to draw; see equity.csv.');
    byId('drawdown').hidden = true;
    return;
  }
  const when = data => clock(fromX(data.x));
  const axis = {axisLabelFormatter: axisMoney};
  timeChart('equity', zip(equity), ['time', 'equity'],
    data => [when(data), 'Equity ' + amount(data.series[0].y)],
    {colors: [colour('accent')], y: axis});
  timeChart('drawdown', zip(report.drawdown), ['time', 'drawdown'],
    data => [when(data), 'Drawdown ' + amount(data.series[0].y)],
    {colors: [colour('loss')], fillGraph: true, fillAlpha: 0.18, includeZero: true, yRangePad: 6,
     y: axis});
  byId('equity_note').textContent = (touchOnly ? '' :
    'Drag to zoom all charts, shift-drag to move, double-click to see all. ') +
    shownOf(equity, 'points');
}

// As many decimals as the shown range needs to tell two labels apart.
function axisMoney(value, granularity, option, chart) {
  const [low, high] = chart.yAxisRange();
  const decimals = Math.min(Math.max(Math.ceil(1 - Math.log10(high - low)), 0), 8);
  return amount(value, Number.isFinite(decimals) ? decimals : 2);
}

function shownOf(series, noun) {
  return series.t.length < series.total
    ? `${count(series.t.length)} of ${count(series.total)} ${noun} drawn, extremes kept.` : '';
}

// A triangle whose tip touches the price: below it for a buy, above it for a sell.
function marker(direction) {
  return (g, name, context, x, y, fill, size) => {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - size, y + direction * size * 1.7);
    context.lineTo(x + size, y + direction * size * 1.7);
    context.closePath();
    context.fillStyle = fill;
    context.fill();
  };
}

// Price, buys and sells on one axis, in time order.
function priceRows(entry) {
  const rows = entry.t.map((t, i) => [t, entry.v[i], null, null, null]);
  const f = entry.fills;
  f.t.forEach((t, i) => {
    const row = [t, null, null, null, i];
    row[2 + f.side[i]] = f.price[i];
    rows.push(row);
  });
  return rows.sort((a, b) => a[0] - b[0]).map(([t, ...rest]) => [toX(t), ...rest]);
}

function priceLegend(entry, fillAt) {
  return data => {
    const lines = [clock(fromX(data.x))];
    for (const s of data.series) {
      if (s.y === undefined || s.y === null || Number.isNaN(s.y)) continue;
      if (s.label === 'price') {
        lines.push('Price ' + s.y.toLocaleString('en-US', {maximumFractionDigits: 9}));
        continue;
      }
      const verb = s.label === 'buy' ? 'Buy' : 'Sell';
      for (const i of fillAt.get(data.x + s.label) || [])
        lines.push(`${verb} ${entry.fills.quantity[i]} at ${entry.fills.price[i]}`);
    }
    return lines;
  };
}

let priceChart = null;
function drawPrice(index) {
  const entry = report.prices[index];
  const window_ = priceChart ? priceChart.xAxisRange() : domain();
  if (priceChart) {
    timeCharts.splice(timeCharts.indexOf(priceChart), 1);
    priceChart.destroy();
  }
  const rows = priceRows(entry);
  const fillAt = new Map();
  for (const row of rows) {
    if (row[4] === null) continue;
    const key = row[0] + (row[2] !== null ? 'buy' : 'sell');
    fillAt.set(key, [...(fillAt.get(key) || []), row[4]].slice(-6));
  }
  const size = entry.fills.t.length > 1000 ? 2 : entry.fills.t.length > 300 ? 3 : 5;
  const trade = direction => ({strokeWidth: 0, drawPoints: true, pointSize: size,
    drawPointCallback: marker(direction), drawHighlightPointCallback: marker(direction)});
  priceChart = timeChart('price', rows.map(row => row.slice(0, 4)),
    ['time', 'price', 'buy', 'sell'], priceLegend(entry, fillAt), {
      dateWindow: window_, connectSeparatedPoints: true,
      colors: [colour('price'), colour('buy'), colour('sell')], strokeWidth: 1.1,
      series: {buy: trade(1), sell: trade(-1)}, yRangePad: 12,
      y: {axisLabelFormatter: v => v.toLocaleString('en-US', {maximumFractionDigits: 6})},
    });
  byId('price_note').textContent = ' \u00b7 ' + [`closes of ${entry.timeframe} bars`,
    plural(entry.fills.total, 'fill'), shownOf(entry, 'bars'), shownOf(entry.fills, 'fills')]
    .filter(Boolean).join(' \u00b7 ');
}

function preparePicker() {
  const picker = byId('instrument');
  report.prices.forEach((entry, i) => {
    picker.appendChild(element('option', entry.symbol)).value = String(i);
  });
  byId('instrument_picker').hidden = report.prices.length < 2;
  picker.addEventListener('change', () => drawPrice(Number(picker.value)));
}

function drawPrices() {
  if (report.prices.length === 0) empty('price', 'No bars in this run.');
  else drawPrice(Number(byId('instrument').value));
}

// Powers of ten, with their doubles and halves while there are few of them.
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power)
    for (const digit of decades > 5 ? [1] : [1, 2, 5]) {
      const v = digit * 10 ** power;
      if (v >= low && v <= high) ticks.push({v, label: duration(v).replace(/[.]0+ /, ' ')});
    }
  return ticks;
}

// Rising curves from the median to the worst: how each stage's tail grows.
function drawLatency() {
  const hops = run.latency.filter(row => row.count > 0);
  if (hops.length === 0) {
    empty('latency', 'Latency was not measured in this run.');
    return null;
  }
  const keys = ['p50_ns', 'p90_ns', 'p99_ns', 'p999_ns', 'max_ns'];
  const names = ['P50', 'P90', 'P99', 'P99.9', 'max'];
  const all = hops.flatMap(row => keys.map(key => Math.max(row[key], 1)));
  const range = [Math.min(...all) * 0.75, Math.max(...all) * 1.35];
  return new Dygraph(byId('latency'),
    keys.map((key, i) => [i, ...hops.map(row => Math.max(row[key], 1))]), {
      ...common(), labels: ['percentile', ...hops.map((row, i) => `${i} ${row.hop}`)],
      colors: hops.map(row => colour('s' + run.latency.indexOf(row) % 8)),
      legend: 'follow', drawPoints: true, pointSize: 2.5, dateWindow: [-0.15, 4.15],
      interactionModel: {},
      legendFormatter: legendOf(data => [names[Math.round(data.x)],
        ...data.series.map((s, i) => `${hops[i].hop}  ${duration(s.y)}`)]),
      axes: {
        x: {ticker: () => names.map((label, v) => ({v, label})), drawGrid: true},
        y: {axisLabelWidth: 76, logscale: true, valueRange: range,
            ticker: () => logTicks(...range)},
      },
    });
}

let latencyChart = null;
function drawCharts() {
  for (const chart of timeCharts.splice(0)) chart.destroy();
  if (latencyChart) latencyChart.destroy();
  priceChart = null;
  drawBooks();
  drawPrices();
  latencyChart = drawLatency();
}

preparePicker();
drawCharts();
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
