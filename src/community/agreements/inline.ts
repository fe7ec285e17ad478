import type { Span } from './policy.ts';

type Scan = { readonly spans: Span[]; readonly faults: string[] };
type Marks = { bold?: true; italic?: true };

/**
 * One line's text as spans: **bold**, *italic*, `code`, [words](https://…), {{parameter}}. Everything else, HTML too, is text.
 * One pass from left to right.
 *
 * @param value what stands for {{name}}; undefined for an unknown one
 */
export function inline(text: string, value: (name: string) => string | undefined): Scan {
  const spans: Span[] = [];
  const faults: string[] = [];
  const marks: Marks = {};
  let plain = '';
  const flush = (): void => {
    if (plain !== '') spans.push({ text: plain, ...marks });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.charAt(at);
    if (rest === '\\' && /[\\*`[\]{}]/.test(text.charAt(at + 1))) {
      plain += text.charAt(at + 1);
      at += 2;
    } else if (text.startsWith('**', at)) {
      flush();
      toggle(marks, 'bold');
      at += 2;
    } else if (rest === '*') {
      flush();
      toggle(marks, 'italic');
      at += 1;
    } else if (rest === '`') {
      const end = text.indexOf('`', at + 1);
      if (end < 0) return { spans, faults: [...faults, 'a ` that is never closed'] };
      flush();
      spans.push({ text: text.slice(at + 1, end), ...marks, code: true });
      at = end + 1;
    } else if (text.startsWith('{{', at)) {
      const end = text.indexOf('}}', at);
      const name = end < 0 ? '' : text.slice(at + 2, end).trim();
      const known = value(name);
      if (known === undefined) faults.push(`{{${name}}} is not a parameter of this policy`);
      plain += known ?? '';
      at = end < 0 ? text.length : end + 2;
    } else if (rest === '[') {
      const link = linkAt(text, at);
      if (link === undefined) {
        plain += rest;
        at += 1;
        continue;
      }
      flush();
      if (!isHttps(link.href)) faults.push(`the link to "${link.href.slice(0, 80)}" is not https`);
      else spans.push({ text: link.words, ...marks, href: link.href });
      at = link.end;
    } else {
      plain += rest;
      at += 1;
    }
  }
  flush();
  if (marks.bold || marks.italic) faults.push('a * that is never closed; write \\* for a star');
  return { spans, faults };
}

function toggle(marks: Marks, mark: keyof Marks): void {
  if (marks[mark]) delete marks[mark];
  else marks[mark] = true;
}

/** What may stand between the brackets; without a limit, many "[" would each look through the whole line. */
const longestLink = 500;

function linkAt(text: string, at: number): { words: string; href: string; end: number } | undefined {
  const near = text.slice(at, at + longestLink);
  const middle = near.indexOf('](');
  const end = middle < 0 ? -1 : near.indexOf(')', middle);
  if (end < 0) return undefined;
  return { words: near.slice(1, middle), href: near.slice(middle + 2, end), end: at + end + 1 };
}

const isHttps = (href: string): boolean =>
  /^https:\/\/[^\s"'<>\\]+$/.test(href) && URL.canParse(href) && new URL(href).username === '';
