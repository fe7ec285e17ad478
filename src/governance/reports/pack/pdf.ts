import type { ImplementationStatus } from '#contract/governance';
import { moment } from '../moment.ts';
import { allStatuses } from '../state.ts';
import { type Block, type ControlBlock, type PackDocument, sectionsOf, type Table } from './document.ts';
import { statusInk } from './marks.ts';
import { type Face, ink, openPaper, type Paper } from './paper.ts';

const body: Face = { size: 9 };
const quiet: Face = { size: 9, ink: ink.quiet };
const small: Face = { size: 8 };
const smallQuiet: Face = { size: 8, ink: ink.quiet };
const data: Face = { size: 6.5, ink: ink.quiet, data: true };
/** A cell of a table stays on its page; the web page of the pack has the whole. */
const mostInCell = 900;
const gap = 10;

/**
 * The document as A4 pages, light, with contents, marking and page numbers.
 * @param progress called now and then with the part that is done; what it throws ends the work
 */
export async function pdfPack(
  document: PackDocument,
  progress: (part: number) => Promise<void> = async () => undefined,
): Promise<Buffer> {
  const paper = openPaper(document);
  cover(paper, document);
  for (const [number, block] of document.blocks.entries()) {
    place(paper, block);
    // Others have their turn, and the maker may say stop.
    if (number % 50 === 49) await progress(number / document.blocks.length);
  }
  return paper.end();
}

function cover(paper: Paper, document: PackDocument): void {
  paper.flow(document.author, quiet);
  paper.flow(document.title, { size: 22, weight: '600' });
  paper.flow(document.subtitle, { size: 12 });
  paper.y += 4;
  paper.flow(`As at ${moment(document.at)} (UTC)`, quiet);
  paper.y += 10;
  const names = sectionsOf(document).map(({ title }) => title);
  paper.flow(`Contents: ${names.join(' · ')}`, quiet);
  paper.y += 8;
}

function place(paper: Paper, block: Block): void {
  switch (block.kind) {
    case 'section':
      return section(paper, block);
    case 'heading': {
      paper.need(60);
      paper.y += 10;
      paper.flow(block.title, { size: 10.5, weight: '600' });
      paper.y += 2;
      return;
    }
    case 'text':
      paper.flow(block.text, block.quiet === true ? quiet : body);
      paper.y += 4;
      return;
    case 'facts':
      return facts(paper, block.rows, 120, body);
    case 'counts':
      return counts(paper, block);
    case 'levels':
      return levels(paper, block);
    case 'table':
      return table(paper, block);
    case 'control':
      return control(paper, block);
  }
}

function section(paper: Paper, { title, newPage }: Block & { kind: 'section' }): void {
  if (newPage) paper.newPage();
  else {
    paper.need(90);
    paper.y += 18;
  }
  paper.bookmark(title);
  paper.flow(title, { size: 15, weight: '600' });
  paper.draw
    .moveTo(paper.left, paper.y + 2)
    .lineTo(paper.left + paper.width, paper.y + 2)
    .lineWidth(1.2)
    .stroke(ink.accent);
  paper.y += 10;
}

function facts(
  paper: Paper,
  rows: readonly (readonly [string, string])[],
  nameWidth: number,
  face: Face,
): void {
  const width = paper.width - nameWidth;
  for (const [name, value] of rows) {
    paper.need(Math.min(paper.height(value, width, face), paper.page / 3));
    const top = paper.y;
    const page = paper.draw.bufferedPageRange().count;
    paper.set(name, paper.left, top, nameWidth - gap, { ...face, ink: ink.quiet });
    paper.flow(value, face, paper.left + nameWidth, width);
    // A value that went over to the next page left its name behind; the cursor is right either way.
    if (paper.draw.bufferedPageRange().count === page) paper.y = Math.max(paper.y, top + face.size * 1.5);
    paper.y += 1.5;
  }
}

function counts(paper: Paper, { counts: by, total }: Block & { kind: 'counts' }): void {
  const shown = allStatuses.filter((status) => by[status] > 0);
  paper.need(60);
  let x = paper.left;
  for (const status of shown) {
    const width = (paper.width * by[status]) / Math.max(total, 1);
    paper.draw.rect(x, paper.y + 2, Math.max(width - 1, 0.5), 12).fill(statusInk[status]);
    x += width;
  }
  paper.y += 20;
  const column = paper.width / 4;
  for (const [number, status] of shown.entries()) {
    const at = paper.left + (number % 4) * column;
    mark(paper, status, at + 4, paper.y + 5);
    paper.set(`${status}  ${by[status]}`, at + 13, paper.y, column - 15, {
      ...small,
      ink: statusInk[status],
      weight: '600',
    });
    if (number % 4 === 3 || number === shown.length - 1) paper.y += 14;
  }
}

/** Eight columns by level, the target a line across each. */
function levels(paper: Paper, { strategies }: Block & { kind: 'levels' }): void {
  if (strategies.length === 0) return;
  const high = 54;
  paper.need(high + 50);
  const column = paper.width / strategies.length;
  const base = paper.y + high + 6;
  for (const [number, { name, level, target }] of strategies.entries()) {
    const x = paper.left + number * column;
    const wide = column - 14;
    const met = level >= target;
    const tall = Math.max((high * level) / 3, 1.5);
    paper.draw
      .rect(x, base - high, wide, high)
      .lineWidth(0.5)
      .stroke(ink.line);
    paper.draw.rect(x, base - tall, wide, tall).fill(met ? '#25704a' : '#b3261e');
    paper.draw
      .moveTo(x - 2, base - (high * target) / 3)
      .lineTo(x + wide + 2, base - (high * target) / 3)
      .lineWidth(1)
      .dash(2, { space: 1.5 })
      .stroke(ink.text)
      .undash();
    paper.set(`ML${level}`, x, base + 3, column - 4, { size: 8, weight: '600' });
    paper.set(name, x, base + 14, column - 6, { size: 6.5, ink: ink.quiet });
  }
  paper.y = base + 48;
}

function table(paper: Paper, { columns, rows, empty }: Table): void {
  if (rows.length === 0) {
    paper.flow(empty, quiet);
    paper.y += 4;
    return;
  }
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  const widths = columns.map(({ share }) => (paper.width * share) / total);
  const head = (): void => {
    const height = Math.max(
      ...columns.map(({ title }, at) => cellHeight(paper, title, widths[at] ?? 0, bold)),
    );
    let x = paper.left;
    for (const [at, { title }] of columns.entries()) {
      paper.set(title, x, paper.y, (widths[at] ?? 0) - gap, bold);
      x += widths[at] ?? 0;
    }
    paper.y += height + 2;
    rule(paper, ink.text, 0.8);
  };
  // The titles do not stand alone at the end of a page.
  const [first = []] = rows;
  paper.need(
    30 + Math.max(...first.map((text, at) => cellHeight(paper, shortened(text), widths[at] ?? 0, small))),
  );
  head();
  for (const row of rows) {
    const texts = row.map(shortened);
    const height = Math.max(
      ...texts.map((text, at) => cellHeight(paper, text, widths[at] ?? 0, columns[at]?.data ? data : small)),
    );
    if (paper.need(height + 6)) head();
    let x = paper.left;
    for (const [at, text] of texts.entries()) {
      paper.set(text, x, paper.y + 2, (widths[at] ?? 0) - gap, columns[at]?.data ? data : small);
      x += widths[at] ?? 0;
    }
    paper.y += height + 4;
    rule(paper, ink.line, 0.5);
  }
  paper.y += 4;
}

const shortened = (cell: string): string =>
  cell.length > mostInCell ? `${cell.slice(0, mostInCell)}…` : cell;

const bold: Face = { size: 8, weight: '600' };
const cellHeight = (paper: Paper, text: string, width: number, face: Face): number =>
  text === '' ? 0 : paper.height(text, width - gap, face);

function rule(paper: Paper, colour: string, wide: number): void {
  paper.draw
    .moveTo(paper.left, paper.y)
    .lineTo(paper.left + paper.width, paper.y)
    .lineWidth(wide)
    .stroke(colour);
  paper.y += 1;
}

function control(paper: Paper, one: ControlBlock): void {
  const evidence = one.evidence.map(
    ({ what, age, population, hash }) => [`${what}: ${age}. ${population}`, hash] as const,
  );
  const because = `${one.because} ${one.basis}`;
  const needed =
    26 +
    paper.height(one.statement, paper.width, body) +
    paper.height(because, paper.width, smallQuiet) +
    one.notes.reduce((sum, { text }) => sum + 2 + paper.height(text, paper.width - 80, small), 0) +
    evidence.length * 26;
  paper.need(Math.min(needed, paper.page / 2));
  paper.y += 3;
  rule(paper, ink.line, 0.5);
  paper.y += 4;
  paper.set(one.label, paper.left, paper.y, 200, { size: 10, weight: '600' });
  const colour = statusInk[one.status];
  const words: Face = { size: 9, weight: '600', ink: colour };
  const right = paper.left + paper.width - 110;
  mark(paper, one.status, right, paper.y + 6);
  paper.set(one.status, right + 10, paper.y, 110, words);
  paper.y += 15;
  paper.flow(one.statement, body);
  paper.y += 1;
  paper.flow(because, smallQuiet);
  facts(
    paper,
    one.notes.map(({ name, text }) => [name, text] as const),
    80,
    small,
  );
  for (const [what, hash] of evidence) {
    paper.need(26);
    const top = paper.y + 1;
    paper.flow(what, small, paper.left + 80, paper.width - 80);
    if (hash !== '') paper.flow(`SHA-256 ${hash}`, data, paper.left + 80, paper.width - 80);
    if (paper.y > top) paper.set('Evidence', paper.left, top - 1, 70, smallQuiet);
  }
  paper.y += 3;
}

/** The status in shape, for who sees no colour. */
function mark({ draw }: Paper, status: ImplementationStatus, x: number, y: number): void {
  const colour = statusInk[status];
  switch (status) {
    case 'Effective':
    case 'Alternate Control':
      draw
        .moveTo(x - 3, y)
        .lineTo(x - 1, y + 2.5)
        .lineTo(x + 3.5, y - 3)
        .lineWidth(1.4)
        .stroke(colour);
      return;
    case 'Ineffective':
      draw.polygon([x, y - 3.5], [x + 3.5, y], [x, y + 3.5], [x - 3.5, y]).fill(colour);
      return;
    case 'Not Implemented':
      draw.polygon([x, y - 3.2], [x + 3.5, y + 2.8], [x - 3.5, y + 2.8]).fill(colour);
      return;
    case 'No Visibility':
    case 'Not Assessed':
      draw.circle(x, y, 3).lineWidth(1).dash(1.5, { space: 1.2 }).stroke(colour).undash();
      return;
    case 'Not Applicable':
      draw
        .moveTo(x - 3, y)
        .lineTo(x + 3, y)
        .lineWidth(1.4)
        .stroke(colour);
  }
}
