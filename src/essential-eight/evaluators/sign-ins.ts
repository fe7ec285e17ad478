import type { Confidence } from '#contract/governance/evidence';
import { type Collection, type Evaluator, type Fact, type Judgement, summing } from '#governance/evidence';
import { ceilingOf, type Found, judge, some, unknown } from './judge.ts';
import { beginSignIns, merge, type PersonSum, type SignInSum } from './sign-in-sum.ts';
import { flag, text, texts } from './values.ts';

type RegistrationSum = { people: Record<string, { admin: boolean | null; guest: boolean }> };
type Policy = {
  name: string;
  state: string;
  everybody: boolean;
  everything: boolean;
  excludes: boolean;
  second: boolean;
  resistant: boolean;
};
type PolicySum = { policies: Policy[] };
type AccountSum = { privileged: string[] };
type Sum =
  | { of: 'sign-ins'; sum: SignInSum }
  | { of: 'registrations'; sum: RegistrationSum }
  | { of: 'policies'; sum: PolicySum }
  | { of: 'accounts'; sum: AccountSum };

type Rule = {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly who: 'everybody' | 'privileged' | 'unprivileged';
  readonly ceiling: Confidence;
  readonly does: string;
  /** What a person's sign-ins say. */
  readonly check: (person: PersonSum) => Found['is'] | { readonly bad: string } | { readonly open: string };
  /** What a policy has to ask for, so that it stands for people who didn't sign in. */
  readonly policy: (policy: Policy) => boolean;
};

const kinds = [
  'identity.sign-ins',
  'identity.registrations',
  'identity.access-policies',
  'directory.accounts',
];
const bring = [
  'sign-in logs of at least two weeks (identity.sign-ins)',
  'the conditional access policies (identity.access-policies)',
];
const bringPeople = 'who has registered which factors, of everybody (identity.registrations)';

const evaluator = (rule: Rule): Evaluator =>
  summing<Sum>({
    id: rule.id,
    version: 1,
    title: rule.title,
    controls: rule.controls,
    kinds,
    ceiling: rule.ceiling,
    begin,
    judge: (input) =>
      judgeRule(
        rule,
        kinds.flatMap((kind) => input.sums(kind)),
      ),
  });

function judgeRule(rule: Rule, all: readonly { collection: Collection; sum: Sum }[]): Judgement {
  const pick = <K extends Sum['of']>(of: K) =>
    all.flatMap(({ sum }) => (sum.of === of ? [sum.sum as Extract<Sum, { of: K }>['sum']] : []));
  const seen = merge(pick('sign-ins'));
  const registered = new Map(pick('registrations').flatMap(({ people }) => Object.entries(people)));
  const policies = pick('policies').flatMap(({ policies: some }) => some);
  const admins = new Set([
    ...pick('accounts').flatMap(({ privileged }) => privileged),
    ...[...registered].flatMap(([who, { admin }]) => (admin === true ? [who] : [])),
  ]);
  const adminsKnown =
    pick('accounts').length > 0 || [...registered.values()].some(({ admin }) => admin !== null);
  if (rule.who !== 'everybody' && !adminsKnown)
    return unknown('Nobody says who has privileges.', [
      bringPeople,
      'the directory’s accounts (directory.accounts)',
    ]);
  const wanted = (who: string): boolean =>
    rule.who === 'everybody' || admins.has(who) === (rule.who === 'privileged');

  const enforcing = policies.find(
    (one) => one.state === 'enabled' && one.everybody && one.everything && !one.excludes && rule.policy(one),
  );
  const onPaper = policies.filter((one) => one.state === 'report-only' && rule.policy(one));
  const found = [...seen].filter(([who]) => wanted(who)).map(([who, person]) => ofPerson(rule, who, person));
  const told = new Set(found.map(({ subject }) => subject));
  if (enforcing)
    for (const who of registered.keys())
      if (wanted(who) && !told.has(who)) found.push({ subject: who, is: 'good' });
  const active = policies.some((one) => one.state === 'enabled' && rule.policy(one));
  if (found.length === 0 && onPaper.length > 0 && !active)
    return {
      status: 'not-satisfied',
      confidence: 'proxy',
      because: `${some(onPaper.map(({ name }) => name))} only reports: nobody is asked for it.`,
      tested: onPaper.length,
      failed: onPaper.length,
      failing: onPaper.map(({ name }) => ({ subject: name, why: 'report-only, which is not implemented' })),
    };
  const byPolicy = found.length > told.size;
  return judge({
    what: rule.who === 'privileged' ? 'people with privileges' : 'people',
    does: rule.does,
    of: registered.size > 0 ? new Set([...registered.keys()].filter(wanted)) : undefined,
    found,
    confidence: ceilingOf(
      byPolicy ? 'proxy' : rule.ceiling,
      all.map(({ collection }) => collection),
    ),
    bring,
    bringAll: bringPeople,
  });
}

function ofPerson(rule: Rule, subject: string, person: PersonSum): Found {
  const said = rule.check(person);
  if (said === 'good') return { subject, is: 'good' };
  if (typeof said === 'object' && 'bad' in said) return { subject, is: 'bad', why: said.bad };
  return { subject, is: 'open', why: typeof said === 'object' ? said.open : 'the log doesn’t say' };
}

const single = ({ lastSingle }: PersonSum) =>
  lastSingle && { bad: `signed in to ${lastSingle.app} with one factor on ${lastSingle.at.slice(0, 10)}` };
const notSaid = { open: 'the log doesn’t say whether a second factor was asked' };
const second = (person: PersonSum) => single(person) ?? (person.second > 0 ? 'good' : notSaid);
const resistant = (person: PersonSum) => {
  const { lastPhishable } = person;
  if (lastPhishable)
    return {
      bad: `signed in by ${lastPhishable.method} on ${lastPhishable.at.slice(0, 10)}, which can be phished`,
    };
  return single(person) ?? (person.resistant > 0 ? 'good' : { open: 'the log doesn’t say by which method' });
};
const factors = (person: PersonSum) => {
  const { lastNoFactor } = person;
  if (lastNoFactor)
    return { bad: `used ${lastNoFactor.method} on ${lastNoFactor.at.slice(0, 10)}, which is no factor` };
  return person.resistant + person.phishable > 0 ? 'good' : { open: 'the log doesn’t say by which method' };
};

export const signInEvaluators: readonly Evaluator[] = [
  evaluator({
    id: 'e8.mfa.online-services',
    title: 'A second factor for online services',
    controls: ['ism-1504'],
    who: 'everybody',
    ceiling: 'direct',
    does: 'sign in with a second factor',
    check: second,
    policy: (one) => one.second,
  }),
  // A directory in the cloud sees the sign-ins it serves, and not those to a workstation: a proxy for systems.
  evaluator({
    id: 'e8.mfa.unprivileged',
    title: 'A second factor for people without privileges',
    controls: ['ism-0974'],
    who: 'unprivileged',
    ceiling: 'proxy',
    does: 'sign in with a second factor',
    check: second,
    policy: (one) => one.second,
  }),
  evaluator({
    id: 'e8.mfa.privileged',
    title: 'A second factor for people with privileges',
    controls: ['ism-1173'],
    who: 'privileged',
    ceiling: 'proxy',
    does: 'sign in with a second factor',
    check: second,
    policy: (one) => one.second,
  }),
  evaluator({
    id: 'e8.mfa.kinds',
    title: 'Factors of the right kinds',
    controls: ['ism-1401'],
    who: 'everybody',
    ceiling: 'direct',
    does: 'use factors of the right kinds',
    check: factors,
    policy: (one) => one.resistant,
  }),
  evaluator({
    id: 'e8.mfa.resistant-systems',
    title: 'Factors for systems that can’t be phished',
    controls: ['ism-1682'],
    who: 'everybody',
    ceiling: 'proxy',
    does: 'sign in by what can’t be phished',
    check: resistant,
    policy: (one) => one.resistant,
  }),
  evaluator({
    id: 'e8.mfa.resistant-services',
    title: 'Factors for online services that can’t be phished',
    controls: ['ism-1872'],
    who: 'everybody',
    ceiling: 'direct',
    does: 'sign in by what can’t be phished',
    check: resistant,
    policy: (one) => one.resistant,
  }),
  summing<Sum>({
    id: 'e8.mfa.logged',
    version: 1,
    title: 'Second-factor successes and failures are logged centrally',
    controls: ['ism-1683'],
    kinds: ['identity.sign-ins'],
    ceiling: 'proxy',
    begin,
    judge: (input) => logged(input.sums('identity.sign-ins')),
  }),
];

function logged(all: readonly { collection: Collection; sum: Sum }[]): Judgement {
  const bySource = Map.groupBy(all, ({ collection }) => collection.source);
  const found = [...bySource].map(([subject, some]): Found => {
    const sums = some.flatMap(({ sum }) => (sum.of === 'sign-ins' ? [sum.sum] : []));
    const good = sums.some(({ secondSucceeded }) => secondSucceeded > 0);
    const bad = sums.some(({ secondFailed }) => secondFailed > 0);
    if (good && bad) return { subject, is: 'good' };
    return {
      subject,
      is: 'open',
      why: good ? 'no failure is in the log, so failures may be left out' : 'no second factor is in the log',
    };
  });
  return judge({
    what: 'identity providers',
    does: 'log second-factor successes and failures',
    // The providers that send are all that is known.
    of: new Set(bySource.keys()),
    found,
    confidence: ceilingOf(
      'proxy',
      all.map(({ collection }) => collection),
    ),
    bring,
    bringAll: bringPeople,
  });
}

function begin(collection: Collection): { add(fact: Fact): void; sum(): Sum } {
  switch (collection.kind) {
    case 'identity.registrations':
      return beginRegistrations(collection);
    case 'identity.access-policies':
      return beginPolicies(collection);
    case 'directory.accounts':
      return beginAccounts(collection);
    default: {
      const signIns = beginSignIns(collection);
      return { add: (fact) => signIns.add(fact), sum: () => ({ of: 'sign-ins', sum: signIns.sum() }) };
    }
  }
}

function beginRegistrations(collection: Collection): { add(fact: Fact): void; sum(): Sum } {
  const people: RegistrationSum['people'] = Object.create(null);
  return {
    add(fact) {
      const seen = { collection, fact };
      if (flag(seen, 'enabled') === false) return;
      people[fact.subject.toLowerCase()] = {
        admin: flag(seen, 'admin') ?? null,
        guest: flag(seen, 'guest') ?? false,
      };
    },
    sum: () => ({ of: 'registrations', sum: { people: { ...people } } }),
  };
}

function beginPolicies(collection: Collection): { add(fact: Fact): void; sum(): Sum } {
  const policies: Policy[] = [];
  return {
    add(fact) {
      const seen = { collection, fact };
      const requires = texts(seen, 'requires');
      policies.push({
        name: fact.subject,
        state: text(seen, 'state') ?? 'disabled',
        everybody: flag(seen, 'everybody') ?? false,
        everything: flag(seen, 'everything') ?? false,
        excludes: flag(seen, 'excludes') ?? true,
        second: requires.includes('mfa') || requires.includes('phishing-resistant'),
        resistant: requires.includes('phishing-resistant'),
      });
    },
    sum: () => ({ of: 'policies', sum: { policies } }),
  };
}

function beginAccounts(collection: Collection): { add(fact: Fact): void; sum(): Sum } {
  const privileged: string[] = [];
  return {
    add(fact) {
      const seen = { collection, fact };
      if (flag(seen, 'privileged') !== true) return;
      const sign = text(seen, 'signInName');
      privileged.push(fact.subject.toLowerCase(), ...(sign === undefined ? [] : [sign.toLowerCase()]));
    },
    sum: () => ({ of: 'accounts', sum: { privileged } }),
  };
}
