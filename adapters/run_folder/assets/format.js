'use strict';
// How values read. Money and prices arrive as exact decimal strings; they are rounded here alone.
const report = JSON.parse(document.getElementById('data').textContent);
const run = report.summary;

function byId(id) { return document.getElementById(id); }

// Text always goes in as text: a name from the data can never become markup.
function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function count(value) { return Number(value).toLocaleString('en-US'); }

function amount(text, decimals = 2) {
  const value = Number(text);
  const shown = value.toLocaleString('en-US',
    {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
  return /^-[0.,]*$/.test(shown) ? shown.slice(1) : shown;  // no "-0.00"
}

function signed(text) { return (Number(text) > 0 ? '+' : '') + amount(text); }

function percent(part, whole, decimals = 2) {
  if (Number(whole) === 0) return '';
  return (100 * Number(part) / Number(whole)).toFixed(decimals) + ' %';
}

// A share with what it is a share of; nothing when there is no whole.
function share(part, whole, of, decimals) {
  return Number(whole) === 0 ? '' : `${percent(part, whole, decimals)} ${of}`;
}

function plural(value, noun) { return `${count(value)} ${noun}${Number(value) === 1 ? '' : 's'}`; }

function words(name) { return name.replace(/_/g, ' '); }

function sign(text) { return Number(text) < 0 ? 'loss' : Number(text) > 0 ? 'gain' : ''; }

// Three digits and a fitting unit: "850 ns", "12.4 \u00b5s".
function duration(ns) {
  for (const [scale, unit] of [[1e9, 's'], [1e6, 'ms'], [1e3, '\u00b5s']]) {
    if (ns >= scale * 0.9995) {
      const value = ns / scale;
      return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + ' ' + unit;
    }
  }
  return Math.round(ns) + ' ns';
}

function bytes(value) { return (value / 1048576).toFixed(1) + ' MiB'; }

// ISO 8601 to the second: "2013-10-07 13:30:00".
function seconds(iso) { return iso === null ? '' : iso.slice(0, 19).replace('T', ' '); }
function clock(ms) { return seconds(new Date(ms).toISOString()); }

