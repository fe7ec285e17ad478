import type { Query, Test } from './ast.ts';
import { QuerySyntax } from './errors.ts';
import { lex, type Operator, type Token } from './lex.ts';

export const limits = { characters: 4096, terms: 100, depth: 20, wildcards: 10 };

/**
 * query := or ; or := and ('OR' and)* ; and := not (['AND'] not)* ; not := ('NOT' | '-') not | term ;
 * term := '(' or ')' | name operator (value | range | '(' or ')') | value
 *
 * @throws {QuerySyntax} with the position and what would help
 */
export function parse(text: string): Query {
  if (text.length > limits.characters) {
    throw new QuerySyntax(
      'The query is too long',
      `It may have ${limits.characters} characters.`,
      limits.characters,
    );
  }
  const state = { tokens: lex(text), next: 0, terms: 0 };
  if (peek(state).kind === 'end') return { kind: 'everything' };
  const query = either(state, undefined, 0);
  const rest = peek(state);
  if (rest.kind === 'close')
    throw new QuerySyntax(
      'A bracket closes what was never opened',
      'Remove it, or open it before with "(".',
      rest.at,
    );
  if (rest.kind !== 'end')
    throw new QuerySyntax(
      'Something unexpected stands',
      'Remove it, or put it in quotes.',
      rest.at,
      rest.length,
    );
  return query;
}

type State = { readonly tokens: readonly Token[]; next: number; terms: number };
/** Inside `field:( … )` every value belongs to the field. */
type Field = { readonly name: string; readonly operator: Operator; readonly at: number } | undefined;

function peek(state: State): Token {
  const token = state.tokens[state.next];
  if (token === undefined) throw new Error('the lexer ends every list with an end');
  return token;
}

function take(state: State): Token {
  const token = peek(state);
  state.next++;
  return token;
}

function either(state: State, field: Field, depth: number): Query {
  if (depth > limits.depth) {
    throw new QuerySyntax(
      'The brackets are too deep',
      `At most ${limits.depth} may be open at once.`,
      peek(state).at,
    );
  }
  const parts = [all(state, field, depth)];
  while (peek(state).kind === 'or') {
    take(state);
    parts.push(all(state, field, depth));
  }
  return joined('or', parts);
}

function all(state: State, field: Field, depth: number): Query {
  const parts = [maybeNot(state, field, depth)];
  for (;;) {
    const { kind } = peek(state);
    if (kind === 'or' || kind === 'close' || kind === 'end') return joined('and', parts);
    if (kind === 'and') take(state);
    parts.push(maybeNot(state, field, depth));
  }
}

function maybeNot(state: State, field: Field, depth: number): Query {
  let negated = false;
  while (peek(state).kind === 'not') {
    take(state);
    negated = !negated;
  }
  const part = term(state, field, depth);
  return negated ? { kind: 'not', part } : part;
}

function term(state: State, field: Field, depth: number): Query {
  const token = take(state);
  switch (token.kind) {
    case 'open':
      return bracketed(state, token, field, depth);
    case 'value':
      return field === undefined
        ? { kind: 'text', pattern: counted(state, token).pattern, place: token }
        : negatable(field, testOf(field.operator, counted(state, token)), token);
    case 'field': {
      if (field !== undefined) {
        throw new QuerySyntax(
          'A field stands inside the values of another',
          `Close the bracket of "${field.name}" first, or put the text in quotes.`,
          token.at,
          token.length,
        );
      }
      return fieldTerm(state, token, depth);
    }
    case 'range':
      throw new QuerySyntax(
        'A range stands without a field',
        'Write field:[10 TO 20].',
        token.at,
        token.length,
      );
    case 'end':
      throw new QuerySyntax(
        'The query ends too early',
        'Something is missing after the last word: a term, or a closing bracket.',
        token.at,
      );
    default:
      throw new QuerySyntax(
        `"${token.kind === 'close' ? ')' : token.kind.toUpperCase()}" stands where a term is expected`,
        'Put a term before it, or put the word in quotes to search for it.',
        token.at,
        token.length,
      );
  }
}

function bracketed(state: State, open: Token, field: Field, depth: number): Query {
  const inner = either(state, field, depth + 1);
  const close = take(state);
  if (close.kind !== 'close') throw new QuerySyntax('A bracket is not closed', 'Close it with ")".', open.at);
  return inner;
}

function fieldTerm(state: State, token: Token & { kind: 'field' }, depth: number): Query {
  const field = { name: token.name, operator: token.operator, at: token.at };
  const value = take(state);
  // The blank in `field: value` is a slip of the hand; in `field: AND` something is missing.
  switch (value.kind) {
    case 'open': {
      const grouped = bracketed(
        state,
        value,
        { ...field, operator: token.operator === '!=' ? '=' : token.operator },
        depth,
      );
      return token.operator === '!=' ? { kind: 'not', part: grouped } : grouped;
    }
    case 'range': {
      if (token.operator !== ':')
        throw new QuerySyntax(
          'A range follows another sign than ":"',
          `Write ${token.name}:[10 TO 20].`,
          value.at,
          value.length,
        );
      counted(state, value);
      const { low, high, lowIncluded, highIncluded } = value;
      return {
        kind: 'field',
        name: token.name,
        test: { op: 'range', low, high, lowIncluded, highIncluded },
        place: spanning(token, value),
      };
    }
    case 'value':
      return negatable(field, testOf(token.operator, counted(state, value)), spanning(token, value));
    default:
      throw new QuerySyntax(
        `"${token.name}${token.operator}" has no value`,
        `Write ${token.name}${token.operator}value, or ${token.name}:* for "is there".`,
        token.at,
        token.length,
      );
  }
}

function negatable(
  field: { name: string; operator: Operator },
  test: Test,
  place: { at: number; length: number },
): Query {
  const query: Query = {
    kind: 'field',
    name: field.name,
    test,
    place: { at: place.at, length: place.length },
  };
  return field.operator === '!=' ? { kind: 'not', part: query } : query;
}

function testOf(operator: Operator, value: Token & { kind: 'value' }): Test {
  switch (operator) {
    case ':': {
      const [first, ...more] = value.pattern.parts;
      if (first !== undefined && more.length === 0 && 'wild' in first && first.wild === 'any')
        return { op: 'present' };
      return { op: 'is', pattern: value.pattern };
    }
    case '=':
    case '!=':
      return { op: 'exactly', value: value.text };
    default:
      return { op: 'compare', comparison: operator, value: value.text };
  }
}

function counted<Kind extends Token>(state: State, token: Kind): Kind {
  if (++state.terms > limits.terms) {
    throw new QuerySyntax(
      'There are too many terms',
      `A query may have ${limits.terms}.`,
      token.at,
      token.length,
    );
  }
  if (
    token.kind === 'value' &&
    token.pattern.parts.filter((part) => 'wild' in part).length > limits.wildcards
  ) {
    throw new QuerySyntax(
      'There are too many wildcards in one word',
      `It may have ${limits.wildcards}. Put the word in quotes to search for it as it is.`,
      token.at,
      token.length,
    );
  }
  return token;
}

const spanning = (from: Token, to: Token) => ({ at: from.at, length: to.at + to.length - from.at });

function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const [first, ...rest] = parts;
  return first !== undefined && rest.length === 0 ? first : { kind, parts };
}
