import { assetsOf, inventoryCount } from '#assets';
import { tenancyStates } from '#community/organisations';
import { type EssentialEightDeps, type Maturity, maturityOf } from '#essential-eight';
import { certificates } from '#governance/certificates';
import { answers, customerParts, exceptions, standingsOf } from '#governance/controls';
import { judgementsOf } from '#governance/evidence';
import { catalogueFile } from '#governance/frameworks';
import { documents, inForce, reviewClock, reviews, versions } from '#governance/policies';
import { registerOf } from '#governance/risk';
import { communityFrom, controlsFrom, evidenceFrom, type StateSources } from '#governance/reports';
import { scopeOf, tenancyId } from '#platform/scope';
import type { ShippedResponsibility } from './ship-frameworks.ts';

/** Where reports read how a system stands. */
export function reportSources(
  essentialEight: EssentialEightDeps,
  responsibilities: ReadonlyMap<string, ShippedResponsibility>,
): StateSources {
  const matrix = new Map(
    [...responsibilities].map(([control, { responsible, customer, services }]) => [
      control,
      [{ services, responsibleEntity: responsible, customerResponsibility: customer }],
    ]),
  );
  return {
    controls: controlsFrom({
      standings: standingsOf,
      judgements: judgementsOf,
      answers,
      exceptions,
      customerParts,
      catalogue: catalogueFile,
      matrix,
      tenancies: async (tx, environment) =>
        (await tenancyStates(tx, undefined))
          .filter((one) => one.environment === environment)
          .map(({ id }) => id),
    }),
    evidence: evidenceFrom,
    community: communityFrom,
    maturity: async (tx, system) => shown(await maturityOf(essentialEight, tx, system)),
    risks: risksOf,
    certificates: async (tx, { environment }) =>
      (await certificates(tx))
        .filter(
          ({ withdrawnAt, about }) => withdrawnAt === null && about.scope.environments.includes(environment),
        )
        .map(({ id, about }) => ({
          id,
          title: about.title,
          scope: about.scope.statement,
          assessor: about.assessor.organisation,
          from: new Date(about.issuedAt),
          until: about.expiresAt === null ? null : new Date(about.expiresAt),
          conditions: about.conditions.filter(({ doneAt }) => doneAt === null).map(({ text }) => text),
        })),
    documents: documentsOf,
    assets: async (tx, { tenancy }, now) => {
      const scope = scopeOf([tenancyId(tenancy)]);
      if (scope === undefined) return null;
      const counted = (await inventoryCount(tx, scope, { now })).map(({ kind, active, stale }) => ({
        kind,
        count: active + stale,
      }));
      const information = counted
        .filter(({ kind }) => kind === 'information')
        .reduce((sum, { count }) => sum + count, 0);
      const byKind = counted.filter(({ kind, count }) => kind !== 'information' && count > 0);
      return {
        information,
        supporting: byKind.reduce((sum, { count }) => sum + count, 0),
        byKind,
      };
    },
  };
}

const dimensions = { C: 'confidentiality', I: 'integrity', A: 'availability' } as const;

const risksOf: StateSources['risks'] = async (tx, { environment, tenancy }, now) => {
  const scope = scopeOf([tenancyId(tenancy)]);
  const names = new Map(
    scope === undefined ? [] : (await assetsOf(tx, scope)).map(({ id, name }) => [id, name]),
  );
  return (await registerOf(tx, environment, now))
    .filter(({ closedAt }) => closedAt === null)
    .map((risk) => ({
      id: risk.id,
      title: risk.title,
      asset: risk.asset === null ? null : (names.get(risk.asset) ?? risk.asset),
      dimension: risk.dimension === null ? null : dimensions[risk.dimension],
      likelihood:
        risk.now === null ? null : { low: risk.now.low, middle: risk.now.probability, high: risk.now.high },
      treatment: risk.treatment,
      owner: risk.owner === '' ? null : risk.owner,
    }));
};

const documentsOf: StateSources['documents'] = async (tx, { environment }, now) => {
  const all = await versions(tx);
  const looked = await reviews(tx);
  return (await documents(tx))
    .filter(
      ({ retiredAt, environments }) =>
        retiredAt === null && (environments.length === 0 || environments.includes(environment)),
    )
    .map((one) => {
      const own = all.filter(({ document }) => document === one.id);
      const held = inForce(own, now);
      const clock = reviewClock(
        one,
        own,
        looked.filter(({ document }) => document === one.id),
        now,
      );
      return {
        id: one.id,
        title: one.title,
        version: held === undefined ? 'none in force' : String(held.number),
        approvedAt: held?.approval?.at ?? null,
        reviewDue: 'dueAt' in clock ? clock.dueAt : null,
        controls: one.controls,
      };
    });
};

const label = (id: string): string => id.toUpperCase();

const shown = ({ level, target, strategies }: Maturity) => ({
  overall: level,
  target,
  strategies: strategies.map((one) => ({
    strategy: one.title,
    level: one.level,
    target: one.target,
    blocking: one.blocking.map(label),
    unknown: one.unknown.map(label),
  })),
});
