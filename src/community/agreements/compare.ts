import { type Clause, clauseText, obligationWords, type Policy, type Section } from './policy.ts';

export type Piece = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

export type ClauseChange = {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  /** Null where it was not, or is not any more. */
  readonly before: string | null;
  readonly after: string | null;
  readonly changes: readonly (
    | 'added'
    | 'removed'
    | 'reworded'
    | 'retitled'
    | 'moved'
    | 'renumbered'
    | 'owner'
    | 'markings'
    | 'obligations'
  )[];
  /** Word by word, title and text; empty where nothing was reworded. */
  readonly words: readonly Piece[];
  readonly owner: { readonly before: string; readonly after: string } | null;
  readonly obligations: readonly {
    readonly id: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
};

export type Comparison = {
  readonly from: number;
  readonly to: number;
  readonly clauses: readonly ClauseChange[];
  /** Parameters, notice and grace periods, responsibilities: name, before, after. */
  readonly terms: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
};

type Placed = { readonly clause: Clause; readonly section: Section; readonly at: number };

/** What changed between two versions, clause by clause, in the order of the newer one; what was removed comes last. */
export function compare(before: Policy, after: Policy): Comparison {
  const old = placed(before);
  const now = placed(after);
  const stayed = unmoved(old, now);
  const clauses: ClauseChange[] = [];
  for (const [id, is] of now) {
    const change = changeOf(old.get(id), is, stayed.has(id));
    if (change.changes.length > 0) clauses.push(change);
  }
  for (const [id, was] of old) if (!now.has(id)) clauses.push(removed(was));
  return { from: before.version, to: after.version, clauses, terms: termChanges(before, after) };
}

function placed(policy: Policy): Map<string, Placed> {
  const all = policy.sections.flatMap((section) => section.clauses.map((clause) => ({ clause, section })));
  return new Map(all.map((one, at) => [one.clause.id, { ...one, at }]));
}

function changeOf(was: Placed | undefined, is: Placed, stayed: boolean): ClauseChange {
  const { clause, section } = is;
  const about = { id: clause.id, title: clause.title, section: section.title, after: clause.number };
  if (was === undefined)
    return {
      ...about,
      before: null,
      changes: ['added'],
      words: [{ kind: 'added', text: clauseText(clause) }],
      owner: null,
      obligations: obligationChanges(undefined, clause),
    };
  const reworded = clauseText(was.clause) !== clauseText(clause);
  const obligations = obligationChanges(was.clause, clause);
  const changes: ClauseChange['changes'][number][] = [];
  if (reworded) changes.push('reworded');
  if (was.clause.title !== clause.title) changes.push('retitled');
  if (was.section.id !== section.id || !stayed) changes.push('moved');
  if (was.clause.number !== clause.number) changes.push('renumbered');
  if (was.clause.owner !== clause.owner) changes.push('owner');
  if ((was.clause.only ?? []).join() !== (clause.only ?? []).join()) changes.push('markings');
  if (obligations.length > 0) changes.push('obligations');
  return {
    ...about,
    before: was.clause.number,
    changes,
    words: reworded ? wordDifference(clauseText(was.clause), clauseText(clause)) : [],
    owner: was.clause.owner === clause.owner ? null : { before: was.clause.owner, after: clause.owner },
    obligations,
  };
}

const removed = ({ clause, section }: Placed): ClauseChange => ({
  id: clause.id,
  title: clause.title,
  section: section.title,
  before: clause.number,
  after: null,
  changes: ['removed'],
  words: [{ kind: 'removed', text: clauseText(clause) }],
  owner: null,
  obligations: clause.obligations.map((one) => ({ id: one.id, before: obligationWords(one), after: null })),
});

function obligationChanges(was: Clause | undefined, is: Clause): ClauseChange['obligations'] {
  const before = new Map(was?.obligations.map((one) => [one.id, obligationWords(one)]));
  const after = new Map(is.obligations.map((one) => [one.id, obligationWords(one)]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((id) => before.get(id) !== after.get(id))
    .map((id) => ({ id, before: before.get(id) ?? null, after: after.get(id) ?? null }));
}

/** The clauses that keep their order among those in both: a longest increasing subsequence. The others were moved. */
function unmoved(old: ReadonlyMap<string, Placed>, now: ReadonlyMap<string, Placed>): Set<string> {
  const shared = [...now.keys()].flatMap((id) => {
    const was = old.get(id);
    return was === undefined ? [] : [{ id, was: was.at }];
  });
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [at, { was }] of shared.entries()) {
    let length = ends.length;
    while (length > 0 && (shared[ends[length - 1] ?? 0]?.was ?? 0) >= was) length--;
    previous[at] = length === 0 ? -1 : (ends[length - 1] ?? -1);
    ends[length] = at;
  }
  const kept = new Set<string>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) kept.add(shared[at]?.id ?? '');
  return kept;
}

function termChanges(before: Policy, after: Policy): Comparison['terms'] {
  const old = termsOf(before);
  const now = termsOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }));
}

function termsOf(policy: Policy): Map<string, string> {
  const terms = new Map<string, string>([
    ['title', policy.title],
    ['markings', policy.markings.join(', ')],
  ]);
  for (const { name, value, unit } of policy.parameters) terms.set(name, `${value} ${unit}`);
  for (const [name, { noticeHours, graceHours, approvers }] of Object.entries(policy.classes))
    terms.set(
      `${name} change`,
      `notice ${noticeHours} hours, grace ${graceHours} hours, approvers ${approvers}`,
    );
  for (const { service, rows } of policy.responsibilities)
    for (const row of rows)
      terms.set(
        `${service}: ${row.activity}`,
        `provider ${row.provider || '-'}, customer ${row.customer || '-'}`,
      );
  return terms;
}

/** Above this, two texts are shown one after the other: the table of the comparison grows with their product. */
const maxProduct = 4_000_000;

/** A longest common subsequence of words and what lies between. */
export function wordDifference(before: string, after: string): Piece[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  if (a.length * b.length > maxProduct)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const pieces: { kind: Piece['kind']; text: string }[] = [];
  const add = (kind: Piece['kind'], text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i] ?? '');
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    ) {
      add('removed', a[i] ?? '');
      i++;
    } else {
      add('added', b[j] ?? '');
      j++;
    }
  }
  return pieces;
}

/** Words and the white space between them, so that the pieces put together are the text again. */
const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];
