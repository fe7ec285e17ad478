import type { Json } from '#ledger';
import type { Evaluator, EvidenceInForce, Fact, Failing, Judgement } from '../evaluator.ts';
import { failingCap } from '../evaluator.ts';
import { ownKinds } from './kinds.ts';

/** What the system's own facts say of controls, as far as they reach: they are about this system and nothing beside it. */
export const ownEvaluators: readonly Evaluator[] = [
  {
    id: 'own.logging-facility',
    version: 1,
    title: 'Event logs come to a central facility',
    controls: ['ism-1405'],
    kinds: ['ironbark.log-sources'],
    // That there is one is seen; that everything is sent to it is not.
    ceiling: 'partial',
    evaluate: (input) =>
      each(input, 'ironbark.log-sources', ({ values }) => {
        if (values['state'] !== 'active') return undefined;
        return values['silent'] === true ? 'It has fallen silent.' : null;
      }),
  },
  {
    id: 'own.logs-in-time',
    version: 1,
    title: 'Event logs arrive soon after they are made, and are taken whole',
    controls: ['ism-1983'],
    kinds: ['ironbark.log-sources'],
    ceiling: 'proxy',
    evaluate: (input) =>
      each(input, 'ironbark.log-sources', ({ values }) => {
        const stored = Number(values['stored'] ?? 0);
        if (values['state'] !== 'active' || stored === 0) return undefined;
        const rejected = Number(values['rejected'] ?? 0);
        if (rejected * 100 > stored + rejected) return `${rejected} of its events could not be taken.`;
        return Number(values['pending'] ?? 0) > Math.max(10_000, stored / 10)
          ? 'Much of it is still waiting.'
          : null;
      }),
  },
  {
    id: 'own.logs-structured',
    version: 1,
    title: 'Event logs are stored in one structure',
    controls: ['ism-1959'],
    kinds: ['ironbark.log-sources'],
    ceiling: 'proxy',
    evaluate: (input) =>
      each(input, 'ironbark.log-sources', ({ values }) => {
        const stored = Number(values['stored'] ?? 0);
        if (stored === 0) return undefined;
        const unmapped = Number(values['unmapped'] ?? 0);
        return unmapped * 20 > stored
          ? `No map knows the format of ${unmapped} of its ${stored} events.`
          : null;
      }),
  },
  {
    id: 'own.detection-runs',
    version: 1,
    title: 'Events are looked at by detection rules',
    controls: ['ism-0120'],
    kinds: ['ironbark.detection', 'ironbark.log-sources'],
    ceiling: 'partial',
    evaluate(input) {
      if (input.collections('ironbark.log-sources').length === 0)
        return missing('Log sources of this system');
      let enabled = 0;
      for (const { fact } of input.facts('ironbark.detection'))
        if (fact.subject === 'rules') enabled += Number(fact.values['enabled'] ?? 0);
      let speaking = 0;
      for (const { fact } of input.facts('ironbark.log-sources'))
        if (fact.values['state'] === 'active' && fact.values['silent'] !== true) speaking++;
      if (enabled > 0 && speaking > 0)
        return {
          status: 'satisfied',
          confidence: 'partial',
          because: `${enabled} rules look at the events of ${speaking} sources.`,
          tested: enabled,
        };
      const subject = enabled === 0 ? 'detection rules' : 'log sources';
      const why = enabled === 0 ? 'No detection rule is on.' : 'No log source speaks.';
      return failed(1, 1, [{ subject, why }], `${why} Nothing would be found.`);
    },
  },
  idleAccounts('own.idle-privileged', ['ism-1648'], true),
  idleAccounts('own.idle-accounts', ['ism-1404'], false),
  {
    id: 'own.access-review',
    version: 1,
    title: 'Privileged accounts of this system are revalidated every 12 months',
    controls: ['ism-1647'],
    kinds: ['ironbark.accounts'],
    ceiling: 'partial',
    parameters: { days: 365 },
    evaluate: (input) =>
      each(input, 'ironbark.accounts', ({ values }) => {
        if (values['usable'] !== true || values['privileged'] !== true) return undefined;
        const since = newest(values['reviewedAt'], values['createdAt']);
        return ageDays(since, input.now) > 365 ? 'Nobody revalidated it for 12 months.' : null;
      }),
  },
  factors('own.mfa-privileged', ['ism-1173'], true),
  factors('own.mfa-unprivileged', ['ism-0974'], false),
  {
    id: 'own.privileged-decisions-logged',
    version: 1,
    title: 'Privileged access through the gate is recorded',
    controls: ['ism-1509'],
    kinds: ['ironbark.gate'],
    ceiling: 'partial',
    evaluate(input) {
      let tested = 0;
      for (const { fact } of input.facts('ironbark.gate'))
        if (fact.values['privileged'] === true) tested += Number(fact.values['count'] ?? 0);
      if (tested > 0)
        return {
          status: 'satisfied',
          confidence: 'partial',
          because: `${tested} privileged decisions are in the decision log and the ledger.`,
          tested,
        };
      return {
        status: 'unknown',
        because:
          'The gate was asked for nothing privileged within a day, so nothing could be seen to be recorded.',
        wouldSettle: [
          'Decisions of the gate on privileged access',
          'Events of privileged access from directories and hosts',
        ],
      };
    },
  },
  {
    id: 'own.agreements',
    version: 1,
    title: 'Customers agreed to the community policy before they are served',
    controls: ['ism-1865'],
    kinds: ['ironbark.agreements'],
    ceiling: 'partial',
    evaluate: (input) =>
      each(input, 'ironbark.agreements', ({ values }) => {
        if (values['tenancyState'] !== 'active') return undefined;
        return values['inForce'] === true
          ? null
          : `Its agreement is ${word(values['state'])}, and it is served.`;
      }),
  },
  {
    id: 'own.ledger-witnessed',
    version: 1,
    title: 'The ledger cannot be changed without a witness seeing it',
    controls: ['ism-1815'],
    kinds: ['ironbark.ledger'],
    // The ledger is one of the logs that the control is about.
    ceiling: 'partial',
    evaluate(input) {
      const witnesses = [...input.facts('ironbark.ledger')].filter(({ fact }) =>
        fact.subject.startsWith('witness '),
      );
      if (witnesses.length === 0)
        return {
          status: 'unknown',
          because: 'No witness looks at the ledger: whoever holds its key could rewrite it unseen.',
          wouldSettle: ['A witness of the ledger (ironbark witness)'],
        };
      return each(input, 'ironbark.ledger', ({ subject, values }) => {
        if (!subject.startsWith('witness ')) return undefined;
        return values['state'] === 'cosigns' ? null : `It ${word(values['state'])}.`;
      });
    },
  },
];

/** @param look null: good; a text: why not; undefined: this fact says nothing about it */
function each(
  input: EvidenceInForce,
  kind: string,
  look: (fact: Fact) => string | null | undefined,
): Judgement {
  let tested = 0;
  const failing: Failing[] = [];
  for (const { fact } of input.facts(kind)) {
    const why = look(fact);
    if (why === undefined) continue;
    tested++;
    if (why !== null) failing.push({ subject: fact.subject, why });
  }
  if (tested === 0)
    return {
      status: 'unknown',
      because: 'There is nothing in this system to see it from yet.',
      wouldSettle: ownKinds.filter((one) => one.kind === kind).map(({ title }) => title),
    };
  if (failing.length === 0)
    return {
      status: 'satisfied',
      confidence: 'direct',
      because: `All ${tested} are as they should be.`,
      tested,
    };
  return failed(tested, failing.length, failing, `${failing.length} of ${tested} are not as they should be.`);
}

function failed(tested: number, count: number, failing: readonly Failing[], because: string): Judgement {
  const inOrder = [...failing].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  return {
    status: 'not-satisfied',
    confidence: 'direct',
    because,
    tested,
    failed: count,
    failing: inOrder.slice(0, failingCap),
  };
}

const missing = (evidence: string): Judgement => ({
  status: 'unknown',
  because: `There is no evidence in force: ${evidence}.`,
  wouldSettle: [evidence],
});

function idleAccounts(id: string, controls: readonly string[], privileged: boolean): Evaluator {
  const days = 45;
  return {
    id,
    version: 1,
    title: `${privileged ? 'Privileged' : 'Unprivileged'} accounts of this system are disabled after ${days} days of inactivity`,
    controls,
    kinds: ['ironbark.accounts'],
    ceiling: 'partial',
    parameters: { days },
    evaluate: (input) =>
      each(input, 'ironbark.accounts', ({ values }) => {
        if (values['usable'] !== true || (values['privileged'] === true) !== privileged) return undefined;
        const idle = ageDays(newest(values['lastUsedAt'], values['createdAt']), input.now);
        return idle > days ? `It was not used for ${Math.floor(idle)} days, and can be.` : null;
      }),
  };
}

function factors(id: string, controls: readonly string[], privileged: boolean): Evaluator {
  return {
    id,
    version: 1,
    title: `${privileged ? 'Privileged' : 'Unprivileged'} people sign in to this system with two factors`,
    controls,
    kinds: ['ironbark.accounts'],
    ceiling: 'partial',
    evaluate: (input) =>
      each(input, 'ironbark.accounts', ({ values }) => {
        if (values['usable'] !== true || (values['privileged'] === true) !== privileged) return undefined;
        const has = ['passkey', 'code', 'issuer'].some((factor) => values[factor] === true);
        return has ? null : 'It has no second factor.';
      }),
  };
}

/** A word of the collector's. */
const word = (value: Json | undefined): string => (typeof value === 'string' ? value : 'not known');

const newest = (...times: readonly unknown[]): number =>
  Math.max(...times.map((time) => (typeof time === 'string' ? Date.parse(time) : Number.NEGATIVE_INFINITY)));
const ageDays = (since: number, now: Date): number => (now.getTime() - since) / 86_400_000;
