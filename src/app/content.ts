import { readFileSync } from 'node:fs';
import { type Content, type ContentKind, createContent, packKeys } from '#platform/content';
import { catalogueKind } from '#governance/frameworks';
import { feedKinds } from '#governance/risk';
import { ruleKind } from '#soc/detect';
import type { Core } from './core.ts';

/** What can be imported: each kind is its module's. */
const kindsOf = ({ records, clock, ledger }: Core): readonly ContentKind[] => [
  ruleKind(records),
  catalogueKind({ ledger }),
  ...feedKinds(clock),
];

export function contentOf(core: Core): Content {
  const { records, clock, ids, ledger, config } = core;
  return createContent({
    records,
    clock,
    ids,
    ledger,
    kinds: kindsOf(core),
    trusted:
      config.contentTrust === undefined
        ? []
        : packKeys('the configuration', readFileSync(config.contentTrust, 'utf8')),
    plain: config.contentPlain,
    mirrors: config.contentMirrors,
  });
}
