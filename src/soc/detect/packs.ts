import { compile, parseCorrelations, type RuleMetadata } from '@ironbark/sigma';
import type { PackFile } from '#platform/content';
import type { RuleFault, RuleSummary } from './contract.ts';

/** What the list shows of a rule, as its pack has it. */
export type PackRule = Pick<
  RuleSummary,
  'id' | 'title' | 'level' | 'status' | 'author' | 'logsource' | 'attack'
> & {
  readonly description: string;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly path: string;
};

export type ReadPack = {
  readonly rules: readonly PackRule[];
  readonly faults: readonly RuleFault[];
};

export const isRuleFile = (path: string): boolean =>
  /\.ya?ml$/i.test(path) && !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

/** Reads a pack as the workers will: every document in it is a rule, a correlation, a filter, or a fault that says why not. */
export function readPack(files: readonly PackFile[]): ReadPack {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parsed = compile(sorted);
  const { correlations, faults } = parseCorrelations(parsed.correlations, parsed.rules);
  return {
    rules: [
      ...parsed.rules.map((rule) => packRule(rule, rule.logsource, rule.file)),
      ...correlations.map((rule) => packRule(rule, {}, rule.file)),
    ],
    faults: [...parsed.faults, ...faults],
  };
}

function packRule(
  rule: RuleMetadata,
  { product, category, service }: { product?: string; category?: string; service?: string },
  path: string,
): PackRule {
  return {
    id: rule.id,
    title: rule.title,
    level: rule.level,
    status: rule.status,
    author: rule.author,
    logsource: {
      ...(product !== undefined && { product }),
      ...(category !== undefined && { category }),
      ...(service !== undefined && { service }),
    },
    attack: rule.tags
      .filter((tag) => /^attack\.t\d{4}/i.test(tag))
      .map((tag) => tag.slice('attack.'.length).toUpperCase()),
    description: rule.description,
    references: rule.references,
    falsePositives: rule.falsepositives,
    path,
  };
}
