/**
 * What a text must contain for a regular expression to be found in it: any one of the answer's literals, lower-cased.
 * Undefined where nothing sure can be said. Reads only what it understands of RE2's notation and gives up on the rest,
 * which costs time and never a match.
 */
export function requiredLiterals(source: string, shortest: number): readonly string[] | undefined {
  const reader = new Reader(source);
  const found = reader.alternatives(0);
  if (found === undefined || reader.at < source.length) return undefined;
  const set = best(needsOf(found), shortest);
  return set && set.length <= 200 ? set : undefined;
}

/** Sets of literals of which one each must occur. */
type Needs = readonly (readonly string[])[];

/** What a piece matches: exactly these texts, or anything that meets these needs. */
type Piece = { readonly exact: readonly string[] } | { readonly needs: Needs };

const anything: Piece = { needs: [] };
const nothing: Piece = { exact: [''] };
const mostExact = 64;

function needsOf(piece: Piece): Needs {
  return 'needs' in piece ? piece.needs : [piece.exact];
}

function best(needs: Needs, shortest: number): readonly string[] | undefined {
  let chosen: readonly string[] | undefined;
  let score = 0;
  for (const set of needs) {
    const least = Math.min(...set.map((text) => text.length));
    if (least < shortest) continue;
    const own = least / (1 + Math.log2(set.length));
    if (own > score) {
      score = own;
      chosen = set;
    }
  }
  return chosen;
}

class Reader {
  readonly source: string;
  at = 0;
  constructor(source: string) {
    this.source = source;
  }

  /** Up to a closing parenthesis or the end. Undefined: not understood. */
  alternatives(depth: number): Piece | undefined {
    if (depth > 50) return undefined;
    const branches: Piece[] = [];
    for (;;) {
      const branch = this.sequence(depth);
      if (branch === undefined) return undefined;
      branches.push(branch);
      if (this.source[this.at] !== '|') break;
      this.at++;
    }
    const [only] = branches;
    if (branches.length === 1 && only) return only;
    const exact = branches.flatMap((branch) => ('exact' in branch ? branch.exact : []));
    if (exact.length <= mostExact && branches.every((branch) => 'exact' in branch)) return { exact };
    // One of the branches' own best literals must be there.
    const union: string[] = [];
    for (const branch of branches) {
      const chosen = best(needsOf(branch), 1);
      if (!chosen) return anything;
      union.push(...chosen);
    }
    return { needs: [union] };
  }

  private sequence(depth: number): Piece | undefined {
    const needs: (readonly string[])[] = [];
    let exact: readonly string[] = [''];
    let whole = true;
    const flush = (): void => {
      if (exact.some((text) => text !== '')) needs.push(exact);
      exact = [''];
      whole = false;
    };
    while (this.at < this.source.length) {
      const char = this.source[this.at] ?? '';
      if (char === '|' || char === ')') break;
      const atom = this.atom(char, depth);
      if (atom === undefined) return undefined;
      const times = this.quantifier();
      if (times === undefined) return undefined;
      if ('exact' in atom && times !== 'any') {
        const texts = times === 'maybe' ? [...atom.exact, ''] : atom.exact;
        if (exact.length * texts.length > mostExact) flush();
        if (exact.length * texts.length <= mostExact) {
          exact = exact.flatMap((before) => texts.map((text) => before + text));
          // After one or more of it, what follows no longer stands beside this one.
          if (times === 'plus') flush();
          continue;
        }
      }
      flush();
      if (times === 'once' || times === 'plus') needs.push(...needsOf(atom));
    }
    if (whole) return { exact };
    flush();
    return { needs };
  }

  private atom(char: string, depth: number): Piece | undefined {
    this.at++;
    if (char === '(') return this.group(depth);
    if (char === '[') return this.charClass();
    if (char === '.') return anything;
    if (char === '^' || char === '$') return nothing;
    if (char === '\\') return this.escape();
    if (char === '*' || char === '+' || char === '?' || char === '{') return undefined;
    // Outside ASCII, case folding has cases of its own: say nothing about such characters.
    return char.charCodeAt(0) < 128 ? { exact: [char.toLowerCase()] } : anything;
  }

  private group(depth: number): Piece | undefined {
    if (this.source[this.at] === '?') {
      const head = /^\?(?:P?<[A-Za-z0-9_]+>|[imsU]*(?:-[imsU]+)?:|[imsU]+\))/.exec(
        this.source.slice(this.at, this.at + 64),
      );
      if (!head) return undefined;
      this.at += head[0].length;
      // `(?i)` alone: flags do not change what the lower-cased text must contain.
      if (head[0].endsWith(')')) return nothing;
    }
    const inner = this.alternatives(depth + 1);
    if (inner === undefined || this.source[this.at] !== ')') return undefined;
    this.at++;
    return inner;
  }

  private escape(): Piece | undefined {
    const char = this.source[this.at] ?? '';
    this.at++;
    if (/[A-Za-z0-9]/.test(char)) {
      if (/[dDwWsS]/.test(char)) return anything;
      if (/[bBAz]/.test(char)) return nothing;
      const control = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' }[char];
      return control === undefined ? undefined : { exact: [control] };
    }
    return char !== '' && char.charCodeAt(0) < 128 ? { exact: [char] } : undefined;
  }

  /** Exact for a few plain characters, as in `[-/]`; ranges and named classes are anything. */
  private charClass(): Piece | undefined {
    const chars: string[] = [];
    let plain = this.source[this.at] !== '^';
    if (!plain) this.at++;
    const first = this.at;
    for (; this.at < this.source.length; this.at++) {
      const char = this.source[this.at] ?? '';
      if (char === ']' && this.at > first) {
        this.at++;
        return plain && chars.length > 0 && chars.length <= 8 ? { exact: chars } : anything;
      }
      const next = this.source[this.at + 1];
      if (char === '\\') {
        this.at++;
        if (next === undefined || /[A-Za-z0-9]/.test(next)) plain = false;
        else chars.push(next);
      } else if (char === '[') {
        plain = false;
        const named = /^\[:\^?[a-z]+:\]/.exec(this.source.slice(this.at, this.at + 16));
        if (named) this.at += named[0].length - 1;
      } else if (char.charCodeAt(0) > 127 || (char === '-' && this.at > first && next !== ']')) plain = false;
      else chars.push(char.toLowerCase());
    }
    return undefined;
  }

  private quantifier(): 'once' | 'maybe' | 'plus' | 'any' | undefined {
    const rest = this.source.slice(this.at, this.at + 16);
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})/.exec(rest);
    if (!found) return 'once';
    this.at += found[0].length;
    if (this.source[this.at] === '?') this.at++;
    if (/^[*+?{]/.test(this.source.slice(this.at, this.at + 1))) return undefined;
    if (found[0] === '+') return 'plus';
    if (found[0] === '*') return 'any';
    if (found[0] === '?') return 'maybe';
    return Number(found[1]) >= 1 ? 'plus' : 'any';
  }
}
