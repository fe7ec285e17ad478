/**
 * What a text must contain for a regular expression to be found in it: any one of the answer's literals, lower-cased.
 * Undefined where nothing sure can be said. Reads only what it understands of RE2's notation and gives up on the rest,
 * which costs time and never a match.
 */
export function requiredLiterals(source: string, shortest: number): readonly string[] | undefined {
  const reader = new Reader(source);
  const found = reader.alternatives(0);
  if (found === undefined || reader.at < source.length) return undefined;
  const set = best(found, shortest);
  return set && set.length <= 200 ? set : undefined;
}

/** A sequence: sets of literals of which one each must occur. */
type Needs = readonly (readonly string[])[];

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
  alternatives(depth: number): Needs | undefined {
    if (depth > 50) return undefined;
    const branches: Needs[] = [];
    for (;;) {
      const branch = this.sequence(depth);
      if (branch === undefined) return undefined;
      branches.push(branch);
      if (this.source[this.at] !== '|') break;
      this.at++;
    }
    const [only] = branches;
    if (branches.length === 1 && only) return only;
    // One of the branches' own best literals must be there.
    const union: string[] = [];
    for (const branch of branches) {
      const chosen = best(branch, 1);
      if (!chosen) return [];
      union.push(...chosen);
    }
    return [union];
  }

  private sequence(depth: number): Needs | undefined {
    const needs: (readonly string[])[] = [];
    let run = '';
    const flush = (): void => {
      if (run !== '') needs.push([run.toLowerCase()]);
      run = '';
    };
    while (this.at < this.source.length) {
      const char = this.source[this.at] ?? '';
      if (char === '|' || char === ')') break;
      const atom = this.atom(char, depth);
      if (atom === undefined) return undefined;
      const least = this.quantifier();
      if (least === undefined) return undefined;
      if (typeof atom === 'string' && least === 1) run += atom;
      else {
        if (typeof atom === 'string' && least === 'plus') run += atom;
        flush();
        if (typeof atom !== 'string' && least !== 0) needs.push(...atom);
      }
    }
    flush();
    return needs;
  }

  /** A plain character as text, '' for what matches no character, or the needs of a group; [] for anything. */
  private atom(char: string, depth: number): string | Needs | undefined {
    this.at++;
    if (char === '(') return this.group(depth);
    if (char === '[') return this.skipClass() ? [] : undefined;
    if (char === '.') return [];
    if (char === '^' || char === '$') return '';
    if (char === '\\') return this.escape();
    if (char === '*' || char === '+' || char === '?' || char === '{') return undefined;
    // Outside ASCII, case folding has cases of its own: say nothing about such characters.
    return char.charCodeAt(0) < 128 ? char : [];
  }

  private group(depth: number): Needs | undefined {
    if (this.source[this.at] === '?') {
      const head = /^\?(?:P?<[A-Za-z0-9_]+>|[imsU]*(?:-[imsU]+)?:|[imsU]+\))/.exec(
        this.source.slice(this.at, this.at + 64),
      );
      if (!head) return undefined;
      this.at += head[0].length;
      // `(?i)` alone: flags do not change what the lower-cased text must contain.
      if (head[0].endsWith(')')) return [];
    }
    const inner = this.alternatives(depth + 1);
    if (inner === undefined || this.source[this.at] !== ')') return undefined;
    this.at++;
    return inner;
  }

  private escape(): string | Needs | undefined {
    const char = this.source[this.at] ?? '';
    this.at++;
    if (/[A-Za-z0-9]/.test(char)) {
      if (/[dDwWsS]/.test(char)) return [];
      if (/[bBAz]/.test(char)) return '';
      return { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' }[char];
    }
    return char !== '' && char.charCodeAt(0) < 128 ? char : undefined;
  }

  private skipClass(): boolean {
    if (this.source[this.at] === '^') this.at++;
    if (this.source[this.at] === ']') this.at++;
    while (this.at < this.source.length) {
      const char = this.source[this.at];
      if (char === '\\') this.at++;
      else if (char === '[') {
        const named = /^\[:\^?[a-z]+:\]/.exec(this.source.slice(this.at, this.at + 16));
        if (named) this.at += named[0].length - 1;
      } else if (char === ']') {
        this.at++;
        return true;
      }
      this.at++;
    }
    return false;
  }

  /** How often the atom before must occur: 0 for maybe not, 1 for exactly once, 'plus' for once or more. */
  private quantifier(): 0 | 1 | 'plus' | undefined {
    const rest = this.source.slice(this.at, this.at + 16);
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})/.exec(rest);
    if (!found) return 1;
    this.at += found[0].length;
    if (this.source[this.at] === '?') this.at++;
    if (/^[*+?{]/.test(this.source.slice(this.at))) return undefined;
    if (found[0] === '+') return 'plus';
    if (found[0] === '*' || found[0] === '?') return 0;
    return Number(found[1]) >= 1 ? 'plus' : 0;
  }
}
