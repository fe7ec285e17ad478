import type { ReactNode } from 'react';

/**
 * Markdown as our documents use it: headings, paragraphs, lists, tables, quotes, code, rules, **bold**, *italic*, `code`,
 * [links](https://…). Everything else, HTML too, is text.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      {blocksOf(text).map((block, at) => (
        <Block key={at} block={block} />
      ))}
    </div>
  );
}

type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph' | 'quote' | 'code'; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'rule' };

function Block({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'heading': {
      // The page has its own first heading.
      const Tag = `h${Math.min(6, block.level + 1)}` as 'h2';
      return <Tag>{spans(block.text)}</Tag>;
    }
    case 'paragraph':
      return <p>{spans(block.text)}</p>;
    case 'quote':
      return <blockquote>{spans(block.text)}</blockquote>;
    case 'code':
      return <pre className="box code">{block.text}</pre>;
    case 'rule':
      return <hr />;
    case 'list': {
      const items = block.items.map((item, at) => <li key={at}>{spans(item)}</li>);
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        <div className="scroll" tabIndex={0} role="region" aria-label="Table">
          <table className="table">
            <thead>
              <tr>
                {block.head.map((cell, at) => (
                  <th key={at}>{spans(cell)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>{spans(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

const item = /^\s*(?:[-*]|(\d+)[.)])\s+(.*)$/;

function blocksOf(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    if (line.trim() === '') at++;
    else if (line.startsWith('```')) at = fenced(lines, at, blocks);
    else if (/^#{1,6}\s/.test(line)) {
      blocks.push({ kind: 'heading', level: line.indexOf(' '), text: line.replace(/^#+\s+/, '') });
      at++;
    } else if (/^(-{3,}|\*{3,})\s*$/.test(line)) {
      blocks.push({ kind: 'rule' });
      at++;
    } else if (line.startsWith('|') && /^\|[\s:|-]+\|?\s*$/.test(lines[at + 1] ?? ''))
      at = table(lines, at, blocks);
    else if (item.test(line)) at = list(lines, at, blocks);
    else at = paragraph(lines, at, blocks);
  }
  return blocks;
}

function fenced(lines: readonly string[], from: number, blocks: Block[]): number {
  let end = from + 1;
  while (end < lines.length && !(lines[end] ?? '').startsWith('```')) end++;
  blocks.push({ kind: 'code', text: lines.slice(from + 1, end).join('\n') });
  return end + 1;
}

function table(lines: readonly string[], from: number, blocks: Block[]): number {
  const cells = (line: string): string[] =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  let end = from + 2;
  while (end < lines.length && (lines[end] ?? '').startsWith('|')) end++;
  blocks.push({ kind: 'table', head: cells(lines[from] ?? ''), rows: lines.slice(from + 2, end).map(cells) });
  return end;
}

function list(lines: readonly string[], from: number, blocks: Block[]): number {
  const ordered = /^\s*\d/.test(lines[from] ?? '');
  const items: string[] = [];
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const found = item.exec(line);
    if (found) items.push(found[2] ?? '');
    else if (/^\s+\S/.test(line) && items.length > 0) items.push(`${items.pop() ?? ''} ${line.trim()}`);
    else break;
  }
  blocks.push({ kind: 'list', ordered, items });
  return at;
}

function paragraph(lines: readonly string[], from: number, blocks: Block[]): number {
  let at = from + 1;
  while (
    at < lines.length &&
    !/^(\s*$|#{1,6}\s|```|\||>)/.test(lines[at] ?? '') &&
    !item.test(lines[at] ?? '')
  )
    at++;
  const quote = (lines[from] ?? '').startsWith('>');
  const text = lines
    .slice(from, at)
    .map((line) => line.replace(/^>\s?/, ''))
    .join(' ');
  blocks.push({ kind: quote ? 'quote' : 'paragraph', text });
  return at;
}

/** One pass over marks that can't nest without end: the text is somebody's, and may be anything. */
function spans(text: string): ReactNode[] {
  const marks =
    /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*\s][^*]*\*)|\[([^\]]{1,300})\]\((https:\/\/[^\s)]{1,2000})\)/g;
  const parts: ReactNode[] = [];
  let last = 0;
  for (const found of text.matchAll(marks)) {
    if (found.index > last) parts.push(text.slice(last, found.index));
    const [whole, code, bold, italic, words, href] = found;
    if (code) parts.push(<code key={found.index}>{code.slice(1, -1)}</code>);
    else if (bold) parts.push(<b key={found.index}>{bold.slice(2, -2)}</b>);
    else if (italic) parts.push(<em key={found.index}>{italic.slice(1, -1)}</em>);
    else
      parts.push(
        <a key={found.index} href={href} rel="noreferrer noopener" target="_blank">
          {words}
        </a>,
      );
    last = found.index + whole.length;
  }
  if (last < text.length) parts.push(text.slice(last));
  return parts;
}
