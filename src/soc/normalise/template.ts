/**
 * Line templates: `Failed {method} for invalid user {+user} from {src_ip} port {src_port} {proto}`.
 *
 * Text outside braces must be there as written. `{name}` takes everything up to the next text, at least nothing;
 * `{+name}` takes up to the LAST place where the next text stands: for values that others choose, such as user names,
 * so that a name like "x from 1.2.3.4 port 22" can't pass itself off as the address that sshd wrote after it.
 * `{_}` is not kept. One pass of indexOf per literal: linear, whatever the line holds.
 */
type Piece = { readonly name: string; readonly last: boolean; readonly until: string };
export type Template = { readonly start: string; readonly pieces: readonly Piece[] };

export function parseTemplate(text: string): Template {
  const parts = text.split(/\{([^}]*)\}/);
  const pieces: Piece[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at] ?? '';
    const until = parts[at + 1] ?? '';
    if (!/^\+?[A-Za-z_][A-Za-z0-9_.]*$/.test(name))
      throw new Error(`"{${name}}" is not a place in a template`);
    if (until === '' && at + 2 < parts.length)
      throw new Error(`"{${name}}" needs text before the next place`);
    pieces.push({ name: name.replace('+', ''), last: name.startsWith('+'), until });
  }
  return { start: parts[0] ?? '', pieces };
}

/** @returns the places by name, or undefined where the line is not of this form. An end without text runs to the line's end. */
export function matchTemplate(template: Template, line: string): Record<string, string> | undefined {
  if (!line.startsWith(template.start)) return undefined;
  let at = template.start.length;
  const found: Record<string, string> = {};
  for (const piece of template.pieces) {
    const end =
      piece.until === ''
        ? line.length
        : piece.last
          ? line.lastIndexOf(piece.until)
          : line.indexOf(piece.until, at);
    if (end < at) return undefined;
    if (piece.name !== '_') found[piece.name] = line.slice(at, end);
    at = end + piece.until.length;
  }
  return template.pieces.length === 0 && at < line.length ? undefined : found;
}
