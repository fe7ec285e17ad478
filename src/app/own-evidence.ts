import { type AgreementState, agreementState, inForce } from '#community/agreements';
import { decisionCounts } from '#community/gate';
import { tenancyStates } from '#community/organisations';
import type { System } from '#governance';
import type { Collector } from '#governance/evidence';
import { accountFactors, accountUses, systemActor } from '#identity';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { directory } from '#community';
import type { Core } from './core.ts';
import type { Watch } from './watch.ts';

const access = systemAccess('collect evidence of itself');
/** Rules that found something are named, the last ones first. */
const mostRules = 500;

/** How the system looks at itself for evidence: at what its modules keep anyway. */
export function ownCollectors(core: Core, { sources, rules }: Pick<Watch, 'sources' | 'rules'>): Collector[] {
  const { records, runner } = core;
  const tenanciesOf = ({ environment }: System): Promise<string[]> =>
    records.transaction(access, async (tx) =>
      (await directory.facts(tx)).tenancies
        .filter((tenancy) => tenancy.environment === environment)
        .map(({ id }) => id),
    );
  const actorFor = async (system: System) =>
    systemActor('evidence', [], scopeOf((await tenanciesOf(system)).map(tenancyId)));
  return [
    {
      kind: 'ironbark.log-sources',
      source: 'ironbark sources',
      async collect(system) {
        const all = await sources.list(await actorFor(system));
        const facts = all.map(({ id, tenancy, state, format, balance }) => ({
          subject: id,
          values: {
            tenancy,
            state,
            format,
            silent: balance.silent,
            received: balance.received,
            stored: balance.stored,
            rejected: balance.rejected,
            pending: balance.pending,
            unmapped: balance.unmapped,
            lastEventAt: balance.lastEventAt,
          },
        }));
        return { facts, population: whole(all.length, 'log sources registered') };
      },
    },
    {
      kind: 'ironbark.detection',
      source: 'ironbark detection',
      async collect(system) {
        const list = await rules.list(await actorFor(system));
        const enabled = list.rules.filter((rule) => rule.enabled);
        const fired = enabled
          .filter((rule) => rule.lastHitAt !== null)
          .sort((a, b) => ((a.lastHitAt ?? '') < (b.lastHitAt ?? '') ? 1 : -1));
        const facts = [
          {
            subject: 'rules',
            values: {
              enabled: enabled.length,
              all: list.rules.length,
              faulty: list.faults.length,
              fired: fired.length,
            },
          },
          ...fired.slice(0, mostRules).map((rule) => ({
            subject: rule.id,
            values: { title: rule.title, level: rule.level, hits: rule.hits, lastHitAt: rule.lastHitAt },
          })),
        ];
        return {
          facts,
          population: { covered: enabled.length, of: list.rules.length, basis: 'rules that are on' },
        };
      },
    },
    {
      kind: 'ironbark.accounts',
      source: 'ironbark accounts',
      collect: () =>
        records.transaction(access, async (tx) => {
          const factors = await accountFactors(tx);
          const all = await accountUses(tx);
          const facts = all.map((account) => ({
            subject: account.id,
            values: {
              usable: account.usable,
              roles: [...account.roles],
              privileged: account.roles.includes('administrator'),
              ...(factors.get(account.id) ?? { passkey: false, code: false, issuer: false }),
              createdAt: account.createdAt.toISOString(),
              lastUsedAt: account.lastUsedAt?.toISOString() ?? null,
              reviewedAt: account.reviewedAt?.toISOString() ?? null,
            },
          }));
          return { facts, population: whole(all.length, 'accounts of this system') };
        }),
    },
    {
      kind: 'ironbark.gate',
      source: 'ironbark gate',
      async collect(system, window) {
        const tenancies = await tenanciesOf(system);
        const counts = await records.transaction(access, (tx) => decisionCounts(tx, tenancies, window));
        const facts = counts.map(({ tenancy, action, permitted, privileged, count }) => ({
          subject: action,
          at: window.until,
          values: { tenancy, permitted, privileged, count },
        }));
        const decisions = counts.reduce((sum, { count }) => sum + count, 0);
        return { facts, population: whole(decisions, 'denials and privileged permits') };
      },
    },
    {
      kind: 'ironbark.agreements',
      source: 'ironbark agreements',
      collect: ({ environment }, { until }) =>
        records.transaction(access, async (tx) => {
          const places = (await tenancyStates(tx, undefined)).filter(
            (tenancy) => !tenancy.internal && tenancy.environment === environment,
          );
          const facts = [];
          for (const { organisation, state: tenancyState } of places) {
            const state: AgreementState = await agreementState(tx, organisation, environment, until);
            facts.push({
              subject: organisation,
              values: { tenancyState, state: state.state, inForce: inForce(state) },
            });
          }
          return { facts, population: whole(places.length, 'customers in this environment') };
        }),
    },
    {
      kind: 'ironbark.ledger',
      source: 'ironbark ledger',
      async collect() {
        const { size, waiting, checkpointAt, witnesses, state } = await runner.status();
        const facts = [
          {
            subject: 'log',
            values: { size, waiting, state, checkpointAt: checkpointAt?.toISOString() ?? null },
          },
          ...witnesses.map((witness) => ({
            subject: `witness ${witness.name}`,
            values: { state: witness.state, at: witness.at?.toISOString() ?? null },
          })),
        ];
        return { facts, population: whole(1, 'the ledger of this system') };
      },
    },
  ];
}

const whole = (count: number, basis: string) => ({ covered: count, of: count, basis });
