import type { ChangeClass } from './contract.ts';

/** A piece of a line: what a reader sees, and how. Never HTML. */
export type Span = {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
  readonly code?: true;
  /** https only. */
  readonly href?: string;
};
export type Block =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] };

export type Owner = 'provider' | 'customer' | 'both';

export type Trigger =
  | { readonly kind: 'always' }
  | { readonly kind: 'before-service' }
  | { readonly kind: 'every'; readonly days: number; readonly parameter: string }
  /** `withinHours` null: as soon as it is known. */
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly withinHours: number | null;
      readonly parameter: string | null;
    };

/** What the system does about it: refuses without it, reminds of it, or keeps the proof of it. */
export type SystemPart = 'enforce' | 'remind' | 'record';

export type Obligation = {
  readonly id: string;
  readonly owner: Owner;
  readonly trigger: Trigger;
  readonly system: SystemPart;
  readonly summary: string;
};

export type Clause = {
  /** Stays with the clause through all versions; its number does not. */
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly owner: Owner;
  /** The markings it applies to; null: all of the policy's. */
  readonly only: readonly string[] | null;
  readonly blocks: readonly Block[];
  readonly obligations: readonly Obligation[];
};

export type Section = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly clauses: readonly Clause[];
};

export type Parameter = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'hours' | 'days' | 'minutes';
  readonly about: string;
};

/** How a version of this class comes into force. Those of the version in force hold for the one that follows it. */
export type ClassTerms = {
  readonly noticeHours: number;
  readonly graceHours: number;
  /** People of the provider who have to approve it. */
  readonly approvers: number;
};

export type RaciRow = {
  readonly id: string;
  readonly activity: string;
  /** Letters of RACI: responsible, accountable, consulted, informed. */
  readonly provider: string;
  readonly customer: string;
};
export type ServiceMatrix = {
  readonly service: string;
  readonly name: string;
  readonly rows: readonly RaciRow[];
};

export type Policy = {
  readonly policy: string;
  readonly title: string;
  readonly version: number;
  readonly markings: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly classes: Readonly<Record<ChangeClass, ClassTerms>>;
  readonly preamble: readonly Block[];
  readonly sections: readonly Section[];
  readonly responsibilities: readonly ServiceMatrix[];
};

/** What a reader in an environment of this marking has before them: the clauses that apply there, under their numbers. */
export function sectionsFor(policy: Policy, marking: string): Section[] {
  return policy.sections
    .map((section) => ({
      ...section,
      clauses: section.clauses.filter(({ only }) => only === null || only.includes(marking)),
    }))
    .filter(({ clauses }) => clauses.length > 0);
}

export const covers = (policy: Policy, marking: string): boolean => policy.markings.includes(marking);

export const clausesOf = (policy: Policy): Clause[] => policy.sections.flatMap(({ clauses }) => clauses);

export const ownerWords: Readonly<Record<Owner, string>> = {
  provider: 'Provider',
  customer: 'Customer',
  both: 'Provider and customer',
};

const systemWords: Readonly<Record<SystemPart, string>> = {
  enforce: 'Ironbark refuses what would break it.',
  remind: 'Ironbark reminds.',
  record: 'Ironbark keeps the record.',
};

/** "every 365 days", "within 4 hours of a security incident". */
export function triggerWords(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'always':
      return 'At all times';
    case 'before-service':
      return 'Before service begins';
    case 'every':
      return `Every ${trigger.days} days`;
    case 'event': {
      const event = trigger.event.replaceAll('-', ' ');
      return trigger.withinHours === null
        ? `At once on: ${event}`
        : `Within ${trigger.withinHours} hours of: ${event}`;
    }
  }
}

export const obligationWords = ({ owner, trigger, system, summary }: Obligation): string =>
  `${summary} Who: ${ownerWords[owner]}. When: ${triggerWords(trigger)}. ${systemWords[system]}`;

const plain = (spans: readonly Span[]): string =>
  spans.map(({ text, href }) => (href === undefined ? text : `${text} (${href})`)).join('');

export const blockText = (block: Block): string =>
  block.kind === 'paragraph'
    ? plain(block.spans)
    : block.items.map((item, at) => `  ${block.ordered ? `${at + 1}.` : '-'} ${plain(item)}`).join('\n');

export const clauseText = (clause: Clause): string => clause.blocks.map(blockText).join('\n');

/** Hours as people say them. */
export const hoursWords = (hours: number): string =>
  hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`;

/**
 * The whole text for one marking, one way only: its digest is what a signature is about.
 * INVARIANT: everything that is shown to a signer is in it, and nothing else.
 */
export function renderText(policy: Policy, marking: string): string {
  const lines = [policy.title, `Policy ${policy.policy}, version ${policy.version}, for ${marking}.`, ''];
  for (const block of policy.preamble) lines.push(blockText(block), '');
  for (const section of sectionsFor(policy, marking)) {
    lines.push(`${section.number} ${section.title}`, '');
    for (const clause of section.clauses) {
      lines.push(`${clause.number} ${clause.title} [${clause.id}; ${ownerWords[clause.owner]}]`);
      for (const block of clause.blocks) lines.push(blockText(block));
      for (const obligation of clause.obligations)
        lines.push(`Obligation ${obligation.id}: ${obligationWords(obligation)}`);
      lines.push('');
    }
  }
  lines.push('Parameters', '');
  for (const { name, value, unit, about } of policy.parameters)
    lines.push(`${name}: ${value} ${unit}. ${about}`);
  lines.push('', 'How a new version comes into force', '');
  for (const [name, terms] of Object.entries(policy.classes))
    lines.push(
      `${name}: notice ${hoursWords(terms.noticeHours)}, then ${hoursWords(terms.graceHours)} to agree; approved by ${terms.approvers}.`,
    );
  lines.push('', 'Responsibilities', '');
  for (const matrix of policy.responsibilities) {
    lines.push(matrix.name);
    for (const row of matrix.rows)
      lines.push(`${row.activity}: provider ${row.provider || '-'}, customer ${row.customer || '-'}`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
