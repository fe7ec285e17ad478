import { type FontWeight, fontFile, runsOf } from '#platform/paper';
import PDFDocument from 'pdfkit';
import type { PackDocument } from './document.ts';

export type Face = {
  readonly size: number;
  readonly weight?: FontWeight;
  readonly ink?: string;
  readonly data?: boolean;
};
export const ink = {
  text: '#1b2224',
  quiet: '#566267',
  line: '#d8d4ca',
  accent: '#9a5a08',
  marking: '#8a1c15',
};
const margin = { top: 64, bottom: 60, side: 50 };

/** A4 pages with a cursor: places what it is given under what stands there, on a new page where it does not fit. */
export type Paper = {
  readonly left: number;
  readonly width: number;
  /** How much height a whole page gives. */
  readonly page: number;
  y: number;
  readonly draw: PDFKit.PDFDocument;
  height(text: string, width: number, face: Face): number;
  /** Sets text at a place; the cursor stays. @returns its height */
  set(text: string, x: number, y: number, width: number, face: Face): number;
  /** Sets text under the cursor, over as many pages as it takes, and moves the cursor under it. */
  flow(text: string, face: Face, x?: number, width?: number): void;
  /** Makes sure that so much stands on one page. @returns whether that began a new one */
  need(height: number): boolean;
  newPage(): void;
  bookmark(title: string): void;
  end(): Promise<Buffer>;
};

export function openPaper({ title, subtitle, author, marking, at }: PackDocument): Paper {
  const draw = new PDFDocument({
    size: 'A4',
    margins: { top: margin.top, bottom: margin.bottom, left: margin.side, right: margin.side },
    bufferPages: true,
    info: { Title: `${title}: ${subtitle}`, Author: author, CreationDate: at, ModDate: at },
    pdfVersion: '1.7',
    lang: 'en-AU',
    displayTitle: true,
  });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    draw.on('data', (piece: Buffer) => pieces.push(piece));
    draw.on('end', () => resolve(Buffer.concat(pieces)));
    draw.on('error', reject);
  });
  const width = draw.page.width - 2 * margin.side;
  const bottom = draw.page.height - margin.bottom;
  const wear = ({ size, weight = '400', data = false }: Face, subset = 'latin'): void => {
    draw.font(data ? fontFile('jetbrains-mono', 'latin', '400') : fontFile('inter', subset, weight), size);
  };
  const put = (text: string, x: number, y: number, within: number, face: Face): void => {
    draw.fillColor(face.ink ?? ink.text);
    const runs = runsOf(text);
    for (const [number, run] of runs.entries()) {
      wear(face, run.subset);
      const options = { width: within, lineGap: face.size * 0.25, continued: number < runs.length - 1 };
      if (number === 0) draw.text(run.text, x, y, options);
      else draw.text(run.text, options);
    }
  };
  const paper: Paper = {
    left: margin.side,
    width,
    page: bottom - margin.top,
    y: margin.top,
    draw,
    height(text, within, face) {
      wear(face);
      return draw.heightOfString(text, { width: within, lineGap: face.size * 0.25 });
    },
    set(text, x, y, within, face) {
      put(text, x, y, within, face);
      return draw.y - y;
    },
    flow(text, face, x = margin.side, within = width) {
      paper.need(face.size * 1.6);
      put(text, x, paper.y, within, face);
      paper.y = draw.y;
    },
    need(height) {
      if (paper.y + Math.min(height, bottom - margin.top) <= bottom) return false;
      paper.newPage();
      return true;
    },
    newPage() {
      draw.addPage();
      paper.y = margin.top;
    },
    bookmark(name) {
      draw.outline.addItem(name);
    },
    async end() {
      margins(draw, `${title}, ${subtitle}`, marking, at, wear);
      draw.end();
      return done;
    },
  };
  return paper;
}

/** Marking, title and page number on every page, once it is known how many there are. */
function margins(
  draw: PDFKit.PDFDocument,
  title: string,
  marking: string,
  at: Date,
  wear: (face: Face) => void,
): void {
  const { start, count } = draw.bufferedPageRange();
  const width = draw.page.width - 2 * margin.side;
  const line = (text: string, y: number, align: 'left' | 'center' | 'right', colour: string): void => {
    const x = {
      left: 0,
      center: (width - draw.widthOfString(text)) / 2,
      right: width - draw.widthOfString(text),
    };
    draw.fillColor(colour).text(text, margin.side + x[align], y, { lineBreak: false });
  };
  /** As much of it as leaves room for the page's number. */
  const short = (text: string): string => {
    let shown = text;
    while (draw.widthOfString(shown) > width - 150) shown = `${shown.slice(0, -2).trimEnd()}…`;
    return shown;
  };
  for (let number = 0; number < count; number++) {
    draw.switchToPage(start + number);
    // What stands in the margin would begin a page of its own otherwise.
    draw.page.margins.bottom = 0;
    wear({ size: 9, weight: '600' });
    line(marking, 26, 'center', ink.marking);
    line(marking, draw.page.height - 30, 'center', ink.marking);
    wear({ size: 7.5 });
    line(short(title.slice(0, 200)), draw.page.height - 44, 'left', ink.quiet);
    line(
      `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC   ${number + 1} of ${count}`,
      draw.page.height - 44,
      'right',
      ink.quiet,
    );
  }
}
