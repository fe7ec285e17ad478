import type { Condition } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Limits } from '../limits.ts';

/**
 * The condition grammar, loosest first: or, and, not, quantifiers, parentheses.
 * SOURCE: sigma-rules-specification, "Condition".
 *
 * @param names of the selections, in the order of the rule
 * @throws {Refusal} with the place in the text
 */
export function parseCondition(text: string, names: readonly string[], limits: Limits): Condition {
  if (text.length > limits.conditionLength) {
    throw new Refusal(
      'too-large',
      `The condition has ${text.length} characters; the limit is ${limits.conditionLength}.`,
    );
  }
  const tokens = tokenise(text);
  let at = 0;
  const peek = (): Token | undefined => tokens[at];
  const isWord = (token: Token | undefined, word: string): boolean =>
    token !== undefined && token.text.toLowerCase() === word && !names.includes(token.text);
  const take = (word: string): boolean => {
    if (!isWord(peek(), word)) return false;
    at++;
    return true;
  };
  const refuse = (why: string): Refusal => new Refusal('condition', `In condition '${short(text)}': ${why}`);
  const here = (): string => {
    const token = peek();
    return token ? `at '${token.text}' (character ${token.at + 1})` : 'at its end';
  };

  const either = (depth: number): Condition => joined('or', both, depth);
  const both = (depth: number): Condition => joined('and', negation, depth);
  function joined(kind: 'or' | 'and', part: (depth: number) => Condition, depth: number): Condition {
    const of = [part(depth)];
    while (take(kind)) of.push(part(depth));
    const [only] = of;
    return of.length === 1 && only ? only : { kind, of };
  }
  function negation(depth: number): Condition {
    if (depth > limits.depth) throw refuse(`it is nested deeper than ${limits.depth}.`);
    return take('not') ? { kind: 'not', of: negation(depth + 1) } : primary(depth);
  }
  function primary(depth: number): Condition {
    const token = peek();
    if (!token) throw refuse('a selection is missing at its end.');
    at++;
    if (token.text === '(') {
      const inner = either(depth + 1);
      if (peek()?.text !== ')') throw refuse(`a closing parenthesis is missing ${here()}.`);
      at++;
      return inner;
    }
    if (isWord(peek(), 'of') && !names.includes(token.text)) return quantified(token);
    if (names.includes(token.text)) return { kind: 'selection', name: token.text };
    if (token.text === '|') throw refuse("aggregations after '|' were replaced by correlation rules.");
    if (token.text === ')' || ['and', 'or', 'of', 'not'].includes(token.text.toLowerCase())) {
      throw refuse(`a selection is missing before '${token.text}'.`);
    }
    throw refuse(`there is no selection '${token.text}'.`);
  }
  function quantified(count: Token): Condition {
    at++;
    const target = peek();
    if (!target || target.text === '(' || target.text === ')')
      throw refuse(`'${count.text} of' what? It stops ${here()}.`);
    at++;
    const chosen = chosenNames(target.text, names);
    if (chosen.length === 0) throw refuse(`no selection fits '${target.text}'.`);
    const of = chosen.map((name): Condition => ({ kind: 'selection', name }));
    const word = count.text.toLowerCase();
    const [only] = of;
    if (word === 'all') return of.length === 1 && only ? only : { kind: 'and', of };
    if (word === '1' || word === 'any') return of.length === 1 && only ? only : { kind: 'or', of };
    const least = /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN;
    if (!(least >= 1)) throw refuse(`'${count.text} of' is none of '1 of', 'all of', 'N of'.`);
    if (least > of.length)
      throw refuse(`'${count.text} of ${target.text}' can't hold: only ${of.length} selections fit.`);
    if (least === of.length) return { kind: 'and', of };
    return { kind: 'atLeast', count: least, of };
  }

  const condition = either(0);
  if (at < tokens.length) {
    if (peek()?.text === '|') throw refuse("aggregations after '|' were replaced by correlation rules.");
    throw refuse(`'and' or 'or' is missing ${here()}.`);
  }
  return condition;
}

type Token = { readonly text: string; readonly at: number };

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(/[()|]|[^\s()|]+/g)) tokens.push({ text: found[0], at: found.index });
  return tokens;
}

/** `them` and patterns leave out names with a leading `_`, unless the pattern itself starts with one. */
function chosenNames(target: string, names: readonly string[]): string[] {
  if (target.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const pieces = target.split('*');
  return names.filter((name) => (target.startsWith('_') || !name.startsWith('_')) && fits(name, pieces));
}

function fits(name: string, pieces: readonly string[]): boolean {
  const [first = ''] = pieces;
  if (pieces.length === 1) return name === first;
  const last = pieces.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return from <= name.length - last.length;
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
