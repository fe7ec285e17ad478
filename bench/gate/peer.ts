/** Cedar beside `decide`: the rules of support.connect, the same facts, the same answers. */
import { decide } from '../../src/community/gate/decide.ts';
import type { Facts, FactValues } from '../../src/community/gate/facts.ts';
import { daysAgo, factsFor, later, policy } from '../../src/community/gate/testing.ts';
import { cedarPolicies, cedarRequest } from './cedar.ts';
import { percentile, show, timed } from './figures.ts';

const good = factsFor('support.connect').facts;
function changed<Name extends keyof FactValues>(name: Name, change: object): Partial<FactValues> {
  const fact = good[name];
  if (fact?.known !== true) throw new Error(`${name} is among the facts of this bench`);
  return { [name]: { ...Object(fact.value), ...change } };
}

/** One in order, and one for each rule that closes. */
const questions: readonly Facts[] = [
  {},
  changed('feed', { heardUntil: later(-16) }),
  changed('subject', { state: 'suspended' }),
  changed('account', { lastUsedAt: daysAgo(45) }),
  changed('account', { roles: ['member'] }),
  changed('organisation', { eligible: false }),
  changed('tenancy', { state: 'suspended' }),
  changed('agreement', { state: 'lapsed' }),
  changed('clearance', { level: 'baseline' }),
  changed('clearance', { sponsorActive: false }),
  changed('citizenship', { countries: ['NZ'] }),
  changed('place', { country: 'NZ' }),
  changed('customerApproval', { until: later(-1) }),
  changed('providerApproval', { offices: ['cio'] }),
  changed('duties', { requester: 'engineer' }),
  changed('device', { managed: false }),
  changed('session', { phishingResistant: false }),
  changed('support', { state: 'ended' }),
].map((change) => factsFor('support.connect', change));
const question = (n: number): Facts => questions[n % questions.length] ?? factsFor('support.connect');

export async function besideCedar(): Promise<void> {
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  });
  if (cedar === undefined) return console.log('Cedar is not installed (npm ci brings it): not measured');
  cedar.preparsePolicySet('gate', { staticPolicies: cedarPolicies });
  const theirs = (n: number): boolean => {
    const answer = cedar.statefulIsAuthorized(cedarRequest(question(n)));
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer.errors));
    return answer.response.decision === 'allow';
  };
  const ours = (n: number): boolean => decide(question(n), policy).decision;
  for (let n = 0; n < questions.length; n++) {
    if (theirs(n) !== ours(n)) throw new Error(`Cedar and decide differ on question ${n}`);
    if (ours(n) !== (n === 0)) throw new Error(`question ${n} is not what it is meant to be`);
  }
  timed(2000, theirs);
  timed(2000, ours);
  const [cedarTimes, ownTimes] = [timed(5000, theirs), timed(5000, ours)];
  show('support.connect: decide, all reasons, facts hashed', ownTimes, '');
  show('support.connect: Cedar (wasm, preparsed), yes or no', cedarTimes, 'beside it');
  const ratio = percentile(cedarTimes, 0.5) / percentile(ownTimes, 0.5);
  console.log(
    `    ${questions.length} questions, the same answers; Cedar takes ${ratio.toFixed(1)} times as long (medians)`,
  );
}
