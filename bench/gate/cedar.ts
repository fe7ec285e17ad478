/** The gates of support.connect as Cedar policies, with the facts in the context, for the same answers. */
import type { StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { Facts } from '../../src/community/gate/facts.ts';

const forbid = (condition: string): string => `forbid (principal, action, resource) unless { ${condition} };`;

export const cedarPolicies = [
  'permit (principal, action, resource);',
  forbid('context.now - context.heardUntil <= 15000'),
  forbid('context.environment != ""'),
  forbid('context.state == "active"'),
  forbid('context.now < context.lastUsed + 3888000000'),
  forbid('context.now < context.reviewed + 31536000000'),
  forbid('context.roles.containsAny(["administrator", "support-engineer"])'),
  forbid('context.ofProvider'),
  forbid('context.eligible && ["active", "commencing"].contains(context.organisationState)'),
  forbid('context.tenancyState == "active"'),
  forbid('["accepted", "superseded-in-grace"].contains(context.agreement)'),
  forbid('["nv1", "nv2", "pv"].contains(context.level) && context.clearance == "active" && context.sponsor'),
  forbid('context.now < context.confirmed + 31536000000'),
  forbid('context.level != "none"'),
  forbid('context.countries.contains("AU")'),
  forbid('context.country == "AU"'),
  forbid('context.now < context.customerUntil'),
  forbid('context.now < context.providerUntil && context.providerOffices.containsAny(["ciso", "coo"])'),
  forbid('context.operator == context.subject && context.requester != context.operator'),
  forbid('!context.approvers.contains(context.requester) && !context.approvers.contains(context.operator)'),
  forbid('context.managed'),
  forbid('!context.remote'),
  forbid('context.now < context.began + 43200000 && context.now < context.lastActive + 900000'),
  forbid('context.strong'),
  forbid('context.support == "live" && context.engineers.contains(context.subject)'),
  forbid('context.now < context.started + context.minutes * 60000'),
].join('\n');

export function cedarRequest({ at, ask, facts }: Facts): StatefulAuthorizationCall {
  const value = <Name extends keyof Facts['facts']>(name: Name) => {
    const fact = facts[name];
    if (fact?.known !== true) throw new Error(`${name} is among the facts of this bench`);
    return fact.value as NonNullable<Extract<NonNullable<Facts['facts'][Name]>, { known: true }>['value']>; // it is known
  };
  const ms = (date: Date | null): number => date?.getTime() ?? 0;
  const account = value('account');
  const clearance = value('clearance');
  const session = value('session');
  const support = value('support');
  const duties = value('duties');
  return {
    principal: { type: 'Person', id: ask.subject.id },
    action: { type: 'Action', id: ask.action },
    resource: { type: 'Session', id: ask.resource.id },
    preparsedPolicySetId: 'gate',
    entities: [],
    context: {
      now: at.getTime(),
      subject: ask.subject.id,
      heardUntil: ms(value('feed').heardUntil),
      environment: value('environment').id,
      state: value('subject').state,
      ofProvider: value('subject').ofProvider,
      lastUsed: ms(account.lastUsedAt),
      reviewed: ms(account.reviewedAt),
      roles: [...account.roles],
      eligible: value('organisation').eligible,
      organisationState: value('organisation').state,
      tenancyState: value('tenancy').state,
      agreement: value('agreement').state,
      level: clearance.level,
      clearance: clearance.status,
      sponsor: clearance.sponsorActive,
      confirmed: ms(clearance.confirmedAt),
      countries: [...value('citizenship').countries],
      country: value('place').country ?? '',
      customerUntil: ms(value('customerApproval').until),
      providerUntil: ms(value('providerApproval').until),
      providerOffices: [...value('providerApproval').offices],
      operator: duties.operator,
      requester: duties.requester,
      approvers: [...duties.approvers],
      managed: value('device').managed,
      remote: value('remoteWork').remote,
      began: ms(session.beganAt),
      lastActive: ms(session.lastActiveAt),
      strong: session.phishingResistant,
      support: support.state,
      engineers: [...support.engineers],
      started: ms(support.startedAt),
      minutes: support.minutes,
    },
  };
}
