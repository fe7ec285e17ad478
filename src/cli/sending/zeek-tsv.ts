type Column = { readonly name: string; readonly type: string };

/**
 * Zeek's own log format (tab-separated, with `#fields` and `#types` lines) as the JSON that Zeek would write: the
 * record's `_path`, numbers as numbers, unset fields left out.
 * @see Zeek documentation, "Zeek log formats"
 */
export async function* zeekRecords(textLines: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const header = { separator: '\t', setSeparator: ',', empty: '(empty)', unset: '-', path: '' };
  let names: string[] = [];
  let types: string[] = [];
  for await (const bytes of textLines) {
    const line = bytes.toString('utf8');
    if (!line.startsWith('#')) {
      const columns = names.map((name, at): Column => ({ name, type: types[at] ?? 'string' }));
      yield Buffer.from(JSON.stringify(record(line.split(header.separator), columns, header)));
      continue;
    }
    if (line.startsWith('#separator ')) {
      header.separator = unescape(line.slice('#separator '.length));
      continue;
    }
    const [directive = '', ...values] = line.split(header.separator);
    const value = values[0] ?? '';
    if (directive === '#set_separator') header.setSeparator = value;
    else if (directive === '#empty_field') header.empty = value;
    else if (directive === '#unset_field') header.unset = value;
    else if (directive === '#path') header.path = value;
    else if (directive === '#fields') names = values;
    else if (directive === '#types') types = values;
  }
}

export const isZeekTsv = (head: string): boolean => /^#(?:separator|set_separator|fields)\b/.test(head);

function record(
  values: readonly string[],
  columns: readonly Column[],
  { setSeparator, empty, unset, path }: { setSeparator: string; empty: string; unset: string; path: string },
): Record<string, unknown> {
  const fields: Record<string, unknown> = { _path: path };
  for (const [at, { name, type }] of columns.entries()) {
    const text = values[at];
    if (text === undefined || text === unset) continue;
    const inner = /^(?:set|vector)\[(.*)\]$/.exec(type)?.[1];
    if (inner === undefined) fields[name] = text === empty ? '' : scalar(text, type);
    else fields[name] = text === empty ? [] : text.split(setSeparator).map((one) => scalar(one, inner));
  }
  return fields;
}

function scalar(text: string, type: string): unknown {
  switch (type) {
    case 'time':
    case 'interval':
    case 'double':
    case 'count':
    case 'int':
    case 'port': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'bool':
      return text === 'T' ? true : text === 'F' ? false : text;
    default:
      return unescape(text);
  }
}

const unescape = (text: string): string =>
  text.includes('\\x')
    ? text.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text;
