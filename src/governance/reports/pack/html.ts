import type { ImplementationStatus } from '#contract/governance';
import { moment } from '../moment.ts';
import { allStatuses } from '../state.ts';
import { type Block, type ControlBlock, type PackDocument, sectionsOf, type Table } from './document.ts';
import { style } from './html-style.ts';
import { marks, statusInk } from './marks.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Whatever somebody wrote, as text and nothing else. */
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? one);

/** One file that needs nothing else: no script, no font, no picture from anywhere. */
export function htmlPack(document: PackDocument): string {
  const { title, subtitle, marking, author, at } = document;
  const contents = sectionsOf(document)
    .map((section) => `<li><a href="#${escape(section.id)}">${escape(section.title)}</a></li>`)
    .join('');
  return `<!doctype html>
<html lang="en-AU">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(`${title}: ${subtitle}`)}</title>
<style>${style}</style>
</head>
<body>
<p class="marking">${escape(marking)}</p>
<main>
<header>
<p class="author">${escape(author)}</p>
<h1>${escape(title)}</h1>
<p class="subtitle">${escape(subtitle)}</p>
<p class="quiet">As at ${moment(at)} (UTC).</p>
<nav aria-label="Contents"><ol>${contents}</ol></nav>
</header>
${document.blocks.map(block).join('\n')}
</main>
<p class="marking">${escape(marking)}</p>
</body>
</html>
`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'section':
      return `<h2 id="${escape(one.id)}"${one.newPage ? ' class="page"' : ''}>${escape(one.title)}</h2>`;
    case 'heading':
      return `<h3>${escape(one.title)}</h3>`;
    case 'text':
      return `<p${one.quiet === true ? ' class="quiet"' : ''}>${lines(one.text)}</p>`;
    case 'facts':
      return `<dl>${one.rows.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${lines(value)}</dd>`).join('')}</dl>`;
    case 'counts':
      return counts(one);
    case 'levels':
      return `<ul class="levels">${one.strategies
        .map(
          ({ name, level, target }) =>
            `<li class="${level >= target ? 'met' : 'unmet'}"><span class="level">${level}</span><span>${escape(name)}</span><span class="quiet">of ${target}</span></li>`,
        )
        .join('')}</ul>`;
    case 'table':
      return table(one);
    case 'control':
      return control(one);
  }
}

const lines = (text: string): string => escape(text).replaceAll('\n', '<br>');
const chip = (status: ImplementationStatus): string =>
  `<span class="chip" style="--ink:${statusInk[status]}"><span aria-hidden="true">${marks[status]}</span> ${status}</span>`;

function counts({ counts: by, total }: Block & { kind: 'counts' }): string {
  const shown = allStatuses.filter((status) => by[status] > 0);
  const bar = shown
    .map((status) => `<span style="flex:${by[status]};background:${statusInk[status]}"></span>`)
    .join('');
  const list = shown.map((status) => `<li>${chip(status)} <b>${by[status]}</b></li>`).join('');
  return `<div class="bar" role="img" aria-label="${total} controls by status, listed below">${bar}</div><ul class="counts">${list}</ul>`;
}

function table({ columns, rows, empty }: Table): string {
  if (rows.length === 0) return `<p class="quiet">${escape(empty)}</p>`;
  const head = columns
    .map(({ title, share }) => `<th scope="col" style="width:${share}%">${escape(title)}</th>`)
    .join('');
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, at) => `<td${columns[at]?.data === true ? ' class="data"' : ''}>${lines(cell)}</td>`).join('')}</tr>`,
    )
    .join('\n');
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function control(one: ControlBlock): string {
  const notes = one.notes.map(({ name, text }) => `<dt>${escape(name)}</dt><dd>${lines(text)}</dd>`).join('');
  const evidence = one.evidence
    .map(
      ({ what, age, population, hash }) =>
        `<li>${escape(what)}: ${escape(age)}. ${escape(population)} <code>${escape(hash)}</code></li>`,
    )
    .join('');
  return `<article id="${escape(one.id)}"><h4>${escape(one.label)} ${chip(one.status)}</h4>
<p>${lines(one.statement)}</p>
<p class="because">${lines(one.because)} <span class="quiet">${escape(one.basis)}</span></p>${
    notes === '' ? '' : `\n<dl>${notes}</dl>`
  }${evidence === '' ? '' : `\n<ul class="evidence">${evidence}</ul>`}</article>`;
}
