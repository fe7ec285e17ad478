/** An XML element as far as event logs need it. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
};

const maxDepth = 64;

/**
 * Reads one element and what is in it. No document types, no entities but the five of XML and numbers: what would let a
 * file name other files, or grow, is not read at all. Undefined for text that is no well-formed element.
 */
export function parseXml(xml: string): Element | undefined {
  const token =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
  type Open = { name: string; attributes: Record<string, string>; children: Element[]; text: string };
  const stack: Open[] = [];
  let root: Element | undefined;
  while (token.lastIndex < xml.length && root === undefined) {
    const found = token.exec(xml);
    if (found === null) return undefined;
    const [, cdata, closing, opening, attributes = '', empty, text] = found;
    const top = stack.at(-1);
    if (cdata !== undefined && top) top.text += cdata;
    else if (text !== undefined && top) top.text += unescape(text);
    else if (opening !== undefined) {
      if (stack.length >= maxDepth) return undefined;
      const element: Open = { name: opening, attributes: readAttributes(attributes), children: [], text: '' };
      if (empty === '/') {
        if (top) top.children.push(element);
        else root = element;
      } else stack.push(element);
    } else if (closing !== undefined) {
      const done = stack.pop();
      if (done?.name !== closing) return undefined;
      const above = stack.at(-1);
      if (above) above.children.push(done);
      else root = done;
    }
  }
  return root;
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (name !== '__proto__') attributes[name] = unescape(double ?? single ?? '');
  }
  return attributes;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
