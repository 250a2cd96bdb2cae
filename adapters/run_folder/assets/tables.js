// Header, key figures and tables.

// rows: arrays of strings or {text, className} cells. `texts` names the columns set to the left.
function table(header, rows, texts = []) {
  const node = element('table');
  if (header) {
    const head = node.appendChild(element('thead')).appendChild(element('tr'));
    header.forEach((name, i) =>
      head.appendChild(element('th', name, texts.includes(i) ? 'text' : '')));
  }
  const body = node.appendChild(element('tbody'));
  for (const row of rows) {
    const line = body.appendChild(element('tr'));
    if (row.part) line.className = 'part';
    (row.cells || row).forEach((cell, i) => {
      const {text, className} = typeof cell === 'object' ? cell : {text: cell, className: ''};
      const made = cell instanceof Node ? cell : element(i === 0 ? 'th' : 'td', text, className);
      if (texts.includes(i)) made.classList.add('text');
      line.appendChild(made);
    });
  }
  return node;
}

function put(id, node) { byId(id).replaceChildren(node); }
function money(text) { return {text: signed(text), className: sign(text)}; }
function part(name, value) { return {part: true, cells: [name, count(value)]}; }

// The counts above zero, as rows below their total.
function parts(counts) {
  return Object.entries(counts).filter(([, n]) => n > 0).map(([name, n]) => part(words(name), n));
}

function notice(strong, text) {
  const node = byId('notices').appendChild(element('p', undefined, 'notice warning'));
  node.append(element('strong', strong), ' ' + text);
}

function drawHeader() {
  const r = run.run;
  const verb = r.verb.charAt(0).toUpperCase() + r.verb.slice(1);
  const names = run.instruments.map(i => i.symbol);
  const shown = names.slice(0, 8).join(', ') +
    (names.length > 8 ? ` and ${names.length - 8} more` : '');
  byId('title').textContent = names.length ? `${verb} of ${shown}` : verb;
  byId('subtitle').textContent =
    [r.from && `${seconds(r.from)} to ${seconds(r.to)} UTC`, r.data && `data ${r.data}`, r.store]
      .filter(Boolean).join(' \u00b7 ');
  if (r.generated)
    notice('Generated data.', `Sluice made these prices (${r.data}). Nothing on this page says ` +
      'anything about a market.');
  if (r.interrupted)
    notice('Interrupted.', 'The run was stopped before its data ended; books were closed there.');
  for (const warning of r.warnings) notice('Warning.', warning);
}

function drawFigures() {
  const b = run.books;
  const charged = Object.entries(b.charges.by_kind).filter(([, n]) => Number(n) !== 0);
  const total = run.latency.find(row => row.hop === 'tick to order');
  const tiles = [
    ['Profit and loss' + (b.currency ? ', ' + b.currency : ''), signed(b.pnl),
     share(b.pnl, b.capital, 'of capital', 3), sign(b.pnl)],
    ['Equity', amount(b.equity), `from ${amount(b.capital)}`],
    ['Worst drawdown', amount(-b.max_drawdown), share(b.max_drawdown, b.peak_equity,
      'of peak equity', 3)],
    ['Commission', amount(b.commission), plural(run.fills, 'fill')],
    ...(charged.length === 0 ? [] : [['Charges', signed(b.charges.total),
      charged.map(([name, n]) => `${words(name)} ${signed(n)}`).join(', '),
      sign(b.charges.total)]]),
    ...(b.currencies || []).filter(c => c.currency !== b.currency).map(c => [`Worth in ${c.currency}`,
      signed(c.worth), `${signed(c.in_account)} ${b.currency} at ${c.rate}, stated ` +
      c.rate_stated, sign(c.worth)]),
    ['Ticks', count(run.ticks.total), share(run.ticks.used, run.ticks.total, 'used', 2)],
    ['Orders', count(run.orders.sent), `${count(run.refusals.total)} refused by risk`],
    ['Ticks per second', count(run.speed.ticks_per_second),
     `${run.speed.wall_seconds.toFixed(2)} s, ${bytes(run.speed.peak_rss_bytes)} at peak`],
    total ? ['Tick to order, P99', duration(total.p99_ns), `P50 ${duration(total.p50_ns)}`]
          : ['Incidents', count(run.incidents.total), ''],
  ];
  for (const [name, value, detail, className] of tiles) {
    const tile = byId('figures').appendChild(element('div'));
    tile.append(element('dt', name), element('dd', value, className),
      element('dd', detail, 'detail'));
  }
}

function drawStrategies() {
  put('strategies', run.strategies.length === 0 ? element('p', 'None configured.', 'note') : table(
    ['Strategy', 'Kind', 'Weight', 'Bars', 'Long', 'Short', 'Changes', 'Won', 'Lost',
     'Stance profit'],
    run.strategies.map(s => [s.name, words(s.kind), String(s.weight), count(s.bars),
      count(s.long_bars), count(s.short_bars), count(s.changes), count(s.winning_bars),
      count(s.losing_bars), money(s.stance_profit)]), [1]));
}

// A share in per cent, a coefficient, a number of bars; a dash where there is none.
const inPercent = x => x === null ? '-' : (100 * x).toFixed(1) + ' %';
const rounded = (x, digits) => x === null ? '-' : x.toFixed(digits);
const kQualityRowsMax = 200;

function drawQuality() {
  const rows = run.signal_quality;
  if (rows.length === 0) {
    put('quality', element('p', 'No strategy has seen bars enough.', 'note'));
    return;
  }
  const horizons = rows[0].information.map(p => p.bars);
  put('quality', table(
    ['Strategy', 'Instrument', 'Bars', 'Hit rate', ...horizons.map(h => 'IC ' + h), 'Half-life',
     'Turnover', 'Gross', 'Cost', 'Cost share'],
    rows.slice(0, kQualityRowsMax).map(q => [q.strategy, q.symbol, count(q.bars),
      inPercent(q.hit_rate), ...q.information.map(p => rounded(p.coefficient, 3)),
      rounded(q.half_life_bars, 1), rounded(q.turnover, 3), inPercent(q.gross), inPercent(q.cost),
      inPercent(q.cost_share)]), [1]));
  if (rows.length > kQualityRowsMax)
    byId('quality').append(
      element('p', count(rows.length - kQualityRowsMax) + ' more are in summary.json.', 'note'));
}

// Of a backtest: a figure with its interval, where it has one.
function bounded(intervals, name, shown) {
  const f = intervals.figures[name];
  return f ? `${shown(f.lower)} to ${shown(f.upper)}` : '';
}

function drawReturns(p) {
  const r = p.returns, two = x => rounded(x, 2);
  const row = (name, value, interval = '') => [name, value, interval];
  put('performance_returns', table(['', '', `${100 * p.intervals.confidence} %`], [
    row('Total', inPercent(r.total_return)),
    row('A year', inPercent(r.annual_return), bounded(p.intervals, 'annual_return', inPercent)),
    row('Volatility', inPercent(r.annual_volatility),
        bounded(p.intervals, 'annual_volatility', inPercent)),
    row('Sharpe', two(r.sharpe), bounded(p.intervals, 'sharpe', two)),
    row('Sortino', two(r.sortino), bounded(p.intervals, 'sortino', two)),
    row('Calmar', two(r.calmar)),
    row('Deepest drawdown', inPercent(r.max_drawdown),
        bounded(p.intervals, 'max_drawdown', inPercent)),
    row('Its periods', count(r.max_drawdown_periods)),
    row('Longest drawdown', count(r.longest_drawdown_periods)),
    row('Tail ratio', two(r.tail_ratio)),
    row('Worst 5 %, on average', inPercent(r.expected_shortfall)),
  ]));
}

function drawRoundTrips(t) {
  put('performance_trades', table(null, [
    ['Closed', count(t.trades)], part('won', t.won), part('lost', t.lost),
    ['Win rate', inPercent(t.win_rate)], ['Profit factor', rounded(t.profit_factor, 2)],
    ['Expectancy', rounded(t.expectancy, 2)], ['Average win', rounded(t.average_win, 2)],
    ['Average loss', rounded(t.average_loss, 2)], ['Profit', money(t.profit)],
    ['Of what is open', money(t.open_profit)]]));
}

function drawPositions(p) {
  const rows = [
    ['Exposure, mean', inPercent(p.exposure.gross)], ['Highest', inPercent(p.exposure.highest)],
    ['In the market', inPercent(p.exposure.time_in_market)],
    ['Turnover a year', rounded(p.turnover, 2)]];
  const b = p.benchmark;
  if (b) rows.push(['Benchmark', b.symbol], ['Its return', inPercent(b.total_return)],
    ['Alpha a year', inPercent(b.alpha)], ['Beta', rounded(b.beta, 3)],
    ['Correlation', rounded(b.correlation, 3)]);
  put('performance_positions', table(null, rows));
}

function drawCases(cases) {
  if (cases.length === 0) return;
  byId('fill_cases_section').hidden = false;
  put('fill_cases', table(
    ['Case', 'Market orders', 'Queue', 'Latency', 'Commission', 'Fills', 'Profit and loss',
     'A year', 'Sharpe', 'Drawdown', 'Win rate'],
    cases.map(c => [c.case, c.fill, c.queue, duration(c.order_latency_ns), `\u00d7 ${c.commission_factor}`,
      count(c.fills), money(c.pnl), inPercent(c.annual_return), rounded(c.sharpe, 2),
      inPercent(c.max_drawdown), inPercent(c.win_rate)]), [1, 2]));
  const profits = cases.map(c => Number(c.pnl));
  const least = Math.min(...profits), most = Math.max(...profits);
  byId('fill_cases_note').textContent = cases.length === 1 ?
    'One set of assumptions, so no error bar.' : `Profit and loss between ${amount(least)} and ` +
    `${amount(most)}: what is not known about fills is worth ${amount(most - least)}.`;
  const errors = cases.map(c => `queue ${c.queue} ${c.queue_error.fills_percent > 0 ? '+' : ''}` +
    `${c.queue_error.fills_percent.toFixed(1)} %`);
  byId('fill_cases_note').textContent += ' Fills of resting orders against the truth, on ' +
    `${cases[0].queue_error.record}: ${[...new Set(errors)].join(', ')}.`;
}

function drawPerformance() {
  const p = run.performance;
  if (!p) return;
  byId('performance_section').hidden = false;
  drawReturns(p);
  drawRoundTrips(p.trades);
  drawPositions(p);
  drawCases(p.fill_cases);
  byId('performance_note').textContent = `${count(p.periods)} periods, ` +
    `${p.periods_per_year.toFixed(0)} a year. Intervals: block bootstrap, ` +
    `${count(p.intervals.resamples)} resamples. Round trips: first in, first out, after commission; ` +
    'all are in trades.csv, the periods in returns.csv.';
}

// Each row is in the currency of its instrument.
function drawInstruments() {
  const several = Boolean(run.books.currencies);
  put('instruments', table(
    [several ? 'Instrument, currency' : 'Instrument', 'Trades', 'Quotes', 'Fills', 'Position',
     'Mark', 'Realised', 'Unrealised', 'Commission', 'Charges', 'Profit and loss'],
    run.instruments.map(i => [several ? `${i.symbol}, ${i.currency}` : i.symbol, count(i.trades), count(i.quotes), count(i.fills),
      i.position, i.mark, money(i.realised), money(i.unrealised), amount(i.commission),
      money(i.charges.total), money(i.pnl)])));
}

function drawFlow() {
  const t = run.ticks;
  const market = [['Ticks', count(t.total)], part('trades', t.trades), part('quotes', t.quotes),
    ['Used', count(t.used)], ['Late', count(t.late)], ['Refused', count(t.refused)],
    ...parts(t.refused_by_reason)];
  if (t.out_of_order > 0) market.push(['Out of order (counted above)', count(t.out_of_order)]);
  put('market', table(null, market));
  const risk = [['Bars', count(run.bars.total)], ...parts(run.bars.by_timeframe),
    ['Intents', count(run.signals.intents)], ['Refused', count(run.refusals.total)],
    ...parts(run.refusals.by_reason)];
  put('risk', table(null, risk));
  put('orders', table(null, [['Sent', count(run.orders.sent)],
    ['Replaced', count(run.orders.replaces)], ['Cancels asked', count(run.orders.cancels)],
    ['Fills', count(run.fills)],
    ...(run.market ? [['Filled', run.market.fills]] : []), ['Reports', count(run.reports.total)],
    ...parts(run.reports.by_kind)]));
}

// A collapsed list: "First 200 of 1,234 refusals, all in refusals.csv".
function drawList(id, noun, header, texts) {
  const list = report[id];
  if (list.total === 0) return;
  const node = byId(id);
  node.hidden = false;
  const shown = list.rows.length;
  node.querySelector('summary').textContent = shown < list.total
    ? `First ${count(shown)} of ${count(list.total)} ${noun}; all are in ${id}.csv`
    : `${count(shown)} ${noun}, one by one`;
  const rows = list.rows.map(row => row.map((cell, i) => i === 2 ? words(cell) : cell));
  node.querySelector('div').replaceChildren(table(header, rows, texts));
}

function drawIncidents() {
  const n = run.incidents.total;
  put('incident_counts', n === 0 ? element('p', 'None.') :
    table(null, [['Incidents', count(n)], ...parts(run.incidents.by_kind)]));
  drawList('incidents', 'incidents', ['Time', 'Instrument', 'Kind', 'Order', 'Quantity'], [1, 2]);
  drawList('refusals', 'refusals', ['Time', 'Instrument', 'Reason', 'Quantity', 'Price', 'Observed',
    'Limit'], [1, 2]);
}

function drawLatencyTable() {
  if (run.latency.length === 0) return;
  put('latency_table', table(['Stage', 'Samples', 'P50', 'P90', 'P99', 'P99.9', 'Max'],
    run.latency.map((row, i) => {
      const name = element('th');
      const swatch = element('span', undefined, 'swatch');
      swatch.style.background = `var(--s${i % 8})`;
      name.append(swatch, row.hop);
      return [name, count(row.count),
        ...['p50_ns', 'p90_ns', 'p99_ns', 'p999_ns', 'max_ns'].map(k => duration(row[k]))];
    })));
}

function drawRun() {
  const r = run.run;
  const digest = element('td', undefined, 'wrap');
  digest.appendChild(element('code', run.digest));
  put('run', table(null, [
    ['Digest', digest],
    ['Configuration hash', {text: r.configuration_hash, className: 'wrap'}],
    ['Data', {text: `${r.data}, ${r.store}`, className: 'wrap'}],
    ['Placement', {text: `${r.placement}, ${plural(r.threads, 'thread')}` +
      (r.idle ? `, idle by ${r.idle}` : ''), className: 'wrap'}],
    ['Host', {text: r.host, className: 'wrap'}],
    ['Sluice', {text: `${r.version}, ${r.build}`, className: 'wrap'}],
    ['Events sequenced', count(run.events)],
    ['Telemetry records dropped', count(run.speed.telemetry_dropped)],
  ], [1]));
  byId('configuration').querySelector('pre').textContent = report.configuration;
}

for (const draw of [drawHeader, drawFigures, drawPerformance, drawStrategies, drawQuality, drawInstruments, drawFlow,
                    drawIncidents, drawLatencyTable, drawRun]) draw();

