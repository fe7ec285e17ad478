import type { Level } from '@ironbark/sigma';
import { levels, type Match } from './scan.ts';

/** What a picture of levels over time needs; a few numbers a match. */
export type Timeline = {
  readonly add: (match: Match) => void;
  readonly html: (title: string) => string;
};

const colours: Readonly<Record<Level, string>> = {
  critical: '#b42318',
  high: '#d9622b',
  medium: '#c99a1a',
  low: '#3b7ea1',
  informational: '#7a8691',
};
const buckets = 120;
const width = 960;
const height = 220;
const mostTimes = 5_000_000;

export function timeline(): Timeline {
  const times: number[] = [];
  const ofLevel: number[] = [];
  let untimed = 0;
  const rules = new Map<string, { rule: Match['rule']; count: number; first: number | undefined }>();
  return {
    add({ rule, time }) {
      const known = rules.get(rule.id);
      if (known) {
        known.count++;
        if (time !== undefined && (known.first === undefined || time < known.first)) known.first = time;
      } else rules.set(rule.id, { rule, count: 1, first: time });
      if (time === undefined || times.length >= mostTimes) untimed++;
      else {
        times.push(time);
        ofLevel.push(levels.indexOf(rule.level));
      }
    },
    html(title) {
      const rows = [...rules.values()].sort(
        (a, b) => levels.indexOf(b.rule.level) - levels.indexOf(a.rule.level) || b.count - a.count,
      );
      return page(title, picture(times, ofLevel), rows, untimed);
    },
  };
}

function picture(times: readonly number[], ofLevel: readonly number[]): string {
  if (times.length === 0) return '<p>No match has a time that can be read.</p>';
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  const step = Math.max(1000, (last - first + 1) / buckets);
  const counts = levels.map(() => new Array<number>(buckets).fill(0));
  times.forEach((time, at) => {
    const row = counts[ofLevel[at] ?? 0];
    const bucket = Math.min(buckets - 1, Math.floor((time - first) / step));
    if (row) row[bucket] = (row[bucket] ?? 0) + 1;
  });
  const totals = Array.from({ length: buckets }, (_, bucket) =>
    counts.reduce((sum, row) => sum + (row[bucket] ?? 0), 0),
  );
  const most = Math.max(...totals);
  const bar = width / buckets;
  const bars = totals.map((total, bucket) => {
    if (total === 0) return '';
    const said = [...levels].reverse().flatMap((level) => {
      const count = counts[levels.indexOf(level)]?.[bucket] ?? 0;
      return count === 0 ? [] : [`${count} ${level}`];
    });
    let top = height;
    const pieces = levels.map((level, row) => {
      const tall = ((counts[row]?.[bucket] ?? 0) / most) * (height - 10);
      top -= tall;
      return tall === 0
        ? ''
        : `<rect x="${(bucket * bar).toFixed(1)}" y="${top.toFixed(1)}" width="${(bar - 1).toFixed(1)}" height="${Math.max(tall, 1).toFixed(1)}" fill="${colours[level]}"/>`;
    });
    return `<g><title>${iso(first + bucket * step)}: ${said.join(', ')}</title>${pieces.join('')}</g>`;
  });
  const ends = `<text x="0" y="${height + 18}">${iso(first)}</text><text x="${width}" y="${height + 18}" text-anchor="end">${iso(last)}</text>`;
  return `<svg viewBox="0 0 ${width} ${height + 24}" role="img" aria-label="Matches by level over time, at most ${most} in one bar"><line x1="0" y1="${height}" x2="${width}" y2="${height}" stroke="#8889"/>${bars.join('')}${ends}</svg>`;
}

type Row = { readonly rule: Match['rule']; readonly count: number; readonly first: number | undefined };

function page(title: string, svg: string, rows: readonly Row[], untimed: number): string {
  const legend = [...levels].reverse().map((level) => {
    const count = rows.filter(({ rule }) => rule.level === level).reduce((sum, row) => sum + row.count, 0);
    return `<li><i style="background:${colours[level]}"></i>${level} <b>${count}</b></li>`;
  });
  const body = rows.map(
    ({ rule, count, first }) =>
      `<tr><td><i style="background:${colours[rule.level]}"></i>${rule.level}</td><td class="n">${count}</td><td>${first === undefined ? '' : iso(first)}</td><td>${escape(rule.title)}<small>${escape(rule.id)}${rule.author === '' ? '' : ` · ${escape(rule.author)}`}</small></td><td>${rule.tags.map(escape).join('<br>')}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>
:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem}
svg{width:100%;height:auto;font:11px system-ui}svg text{fill:currentColor}
ul{list-style:none;display:flex;gap:1.5rem;padding:0;flex-wrap:wrap}i{display:inline-block;width:.7em;height:.7em;margin-right:.5em;border-radius:2px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8884;vertical-align:top}.n{text-align:right}small{display:block;opacity:.7}
</style></head><body>
<h1>${escape(title)}</h1>
<ul>${legend.join('')}</ul>
${svg}
${untimed === 0 ? '' : `<p>${untimed} matches have no time that can be read and are not in the picture.</p>`}
<table><thead><tr><th>Level</th><th class="n">Matches</th><th>First</th><th>Rule</th><th>Tags</th></tr></thead><tbody>
${body.join('\n')}
</tbody></table></body></html>
`;
}

function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? `${new Date(time).toISOString().slice(0, 19)}Z` : String(time);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}
