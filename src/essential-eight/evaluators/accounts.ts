import type { Confidence } from '#contract/governance/evidence';
import type { Evaluator, Judgement } from '#governance/evidence';
import type { Kind } from '../kinds.ts';
import { ceilingOf, type Found, judge, unknown } from './judge.ts';
import {
  date,
  day,
  dayMilliseconds,
  daysAfter,
  type Evidence,
  flag,
  number,
  type Seen,
  text,
} from './values.ts';

/** SOURCE: ISM-1648, ISM-1647. */
const idleDays = 45;
const validatedDays = 365;

type Rule = {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly kinds: readonly Kind[];
  readonly ceiling: Confidence;
  readonly does: string;
  readonly bring: string;
  readonly check: (account: Seen, about: About) => Found;
};
type About = {
  readonly now: Date;
  readonly accounts: readonly Seen[];
  /** The newest validation by account, of one sort of access. */
  readonly approved: (
    account: string,
    access: string,
  ) => { readonly validated: Date | undefined } | undefined;
  readonly registerThere: boolean;
  /** When what was found turns by itself. */
  readonly turnsAt: (at: Date) => void;
};

const accountsKind = 'the directory’s accounts, all of them (directory.accounts)';
const register = 'the register of approved access (access.approvals)';

const evaluator = (rule: Rule): Evaluator => ({
  id: rule.id,
  version: 1,
  title: rule.title,
  controls: rule.controls,
  kinds: rule.kinds,
  ceiling: rule.ceiling,
  evaluate: (evidence) => judgeAccounts(rule, evidence),
});

function judgeAccounts(rule: Rule, evidence: Evidence): Judgement {
  const newest = new Map<string, Seen>();
  for (const seen of evidence.facts('directory.accounts')) newest.set(seen.fact.subject.toLowerCase(), seen);
  const accounts = [...newest.values()];
  const privileged = accounts.filter(
    (seen) => flag(seen, 'privileged') === true && flag(seen, 'enabled') !== false,
  );
  if (accounts.length > 0 && privileged.length === 0)
    return unknown('No account in the export has privileges, so the export is likely not whole.', [
      accountsKind,
    ]);
  const ends: Date[] = [];
  const about: About = {
    now: evidence.now,
    accounts,
    approved: approvals(evidence),
    registerThere: evidence.collections('access.approvals').length > 0,
    turnsAt: (at) => at > evidence.now && ends.push(at),
  };
  const found = privileged.map((seen) => rule.check(seen, about));
  const used = rule.kinds.flatMap((kind) => evidence.collections(kind));
  return judge({
    what: 'privileged accounts',
    does: rule.does,
    of: accounts.length > 0 ? new Set(privileged.map(({ fact }) => fact.subject)) : undefined,
    found,
    confidence: ceilingOf(rule.ceiling, used),
    bring: [rule.bring],
    bringAll: accountsKind,
    until: ends.sort((a, b) => a.getTime() - b.getTime())[0],
  });
}

function approvals(evidence: Evidence): About['approved'] {
  const all = new Map<string, { validated: Date | undefined }>();
  for (const seen of evidence.facts('access.approvals')) {
    const key = `${seen.fact.subject.toLowerCase()} ${text(seen, 'access') ?? 'privileged'}`;
    const validated = date(seen, 'validated');
    const before = all.get(key)?.validated;
    if (before === undefined || (validated !== undefined && validated > before)) all.set(key, { validated });
  }
  return (account, access) => all.get(`${account.toLowerCase()} ${access}`);
}

const subjectOf = ({ fact }: Seen): string => fact.subject;
const good = (subject: string): Found => ({ subject, is: 'good' });
const bad = (subject: string, why: string, due?: Date): Found => ({
  subject,
  is: 'bad',
  why,
  ...(due && { due }),
});
const open = (subject: string, why: string): Found => ({ subject, is: 'open', why });

function idle(account: Seen, { now, turnsAt }: About): Found {
  const subject = subjectOf(account);
  const last = date(account, 'lastActive');
  // lastLogonTimestamp is written only when it is 9 to 14 days old: an account may have been used that much later.
  const lag = number(account, 'lastActiveLagDays') ?? 0;
  const since = last ?? date(account, 'created');
  if (since === undefined) return open(subject, 'nobody says when it was last used or made');
  const days = (now.getTime() - since.getTime()) / dayMilliseconds;
  const due = daysAfter(since, idleDays);
  if (days <= idleDays) {
    turnsAt(due);
    return good(subject);
  }
  if (last !== undefined && days <= idleDays + lag)
    return open(subject, `last use is given as ${day(last)}, which may be ${lag} days off`);
  return bad(subject, last ? `last used on ${day(last)}` : `never used since ${day(since)}`, due);
}

function validated(account: Seen, about: About): Found {
  const subject = subjectOf(account);
  if (!about.registerThere) return open(subject, 'there is no register of approved access');
  const approval = about.approved(subject, 'privileged');
  if (approval === undefined) return bad(subject, 'not in the register of approved access');
  if (approval.validated === undefined) return bad(subject, 'nobody has confirmed that it is needed');
  const due = daysAfter(approval.validated, validatedDays);
  if (due <= about.now) return bad(subject, `last confirmed on ${day(approval.validated)}`, due);
  about.turnsAt(due);
  return good(subject);
}

function requested(account: Seen, about: About): Found {
  const subject = subjectOf(account);
  if (!about.registerThere) return open(subject, 'there is no register of approved access');
  return about.approved(subject, 'privileged')?.validated === undefined
    ? bad(subject, 'the register has no validated request')
    : good(subject);
}

function dedicated(account: Seen, { accounts }: About): Found {
  const subject = subjectOf(account);
  const kind = text(account, 'kind');
  if (kind !== undefined && kind !== 'person') return good(subject);
  if (text(account, 'mail') !== undefined) return bad(subject, 'it has a mailbox, so it does everyday work');
  const person = text(account, 'person');
  if (person === undefined) return open(subject, 'nobody says whose it is');
  const everyday = accounts.some(
    (other) =>
      text(other, 'person') === person &&
      flag(other, 'privileged') !== true &&
      flag(other, 'enabled') !== false,
  );
  return everyday ? good(subject) : bad(subject, 'its owner has no other account for everyday work');
}

function offline(account: Seen, about: About): Found {
  const subject = subjectOf(account);
  if (about.approved(subject, 'internet')?.validated !== undefined) return good(subject);
  return text(account, 'mail') === undefined
    ? open(subject, 'it has no mailbox, and whether the web is closed to it isn’t seen')
    : bad(subject, 'it has a mailbox and no approval to be online');
}

function justInTime(account: Seen): Found {
  const subject = subjectOf(account);
  const standing = flag(account, 'standing');
  if (standing === undefined)
    return open(subject, 'nobody says whether its privileges stand or are given for a while');
  return standing ? bad(subject, 'its privileges stand all the time') : good(subject);
}

export const accountEvaluators: readonly Evaluator[] = [
  evaluator({
    id: 'e8.privilege.idle',
    title: 'No privileged account is idle',
    controls: ['ism-1648'],
    kinds: ['directory.accounts'],
    ceiling: 'direct',
    does: 'show use within 45 days',
    bring: accountsKind,
    check: idle,
  }),
  evaluator({
    id: 'e8.privilege.validated',
    title: 'Privileges are confirmed every year',
    controls: ['ism-1647'],
    kinds: ['directory.accounts', 'access.approvals'],
    ceiling: 'direct',
    does: 'show a confirmation within 12 months',
    bring: register,
    check: validated,
  }),
  evaluator({
    id: 'e8.privilege.requested',
    title: 'Privileges were validated when asked for',
    controls: ['ism-1507'],
    kinds: ['directory.accounts', 'access.approvals'],
    ceiling: 'attested',
    does: 'have a validated request',
    bring: register,
    check: requested,
  }),
  evaluator({
    id: 'e8.privilege.dedicated',
    title: 'Privileged accounts are for nothing else',
    controls: ['ism-0445'],
    kinds: ['directory.accounts'],
    ceiling: 'partial',
    does: 'have no everyday use',
    bring: 'accounts with mail and person (directory.accounts)',
    check: dedicated,
  }),
  evaluator({
    id: 'e8.privilege.offline',
    title: 'Privileged accounts are not online',
    controls: ['ism-1175'],
    kinds: ['directory.accounts', 'access.approvals'],
    ceiling: 'partial',
    does: 'stay offline',
    bring: 'the gateway’s rules for privileged accounts, with a statement by their owner',
    check: offline,
  }),
  evaluator({
    id: 'e8.privilege.just-in-time',
    title: 'Privileges are given for a while',
    controls: ['ism-1649'],
    kinds: ['directory.accounts'],
    ceiling: 'direct',
    does: 'get privileges only for a while',
    bring: 'role assignments with their end (directory.accounts)',
    check: justInTime,
  }),
];
