import type { SessionDetail, SupportSession } from '#contract/community/support';
import { plain } from './table.ts';

const sides = { customer: 'the customer', provider: 'the provider', engineer: 'the engineer' } as const;

/** Who is waited for, in words; '' when nobody is. */
export const waitingFor = ({ waiting, waitedSeconds }: SupportSession): string =>
  waiting === null ? '' : `${sides[waiting.on]}, ${Math.floor(waitedSeconds[waiting.on] / 60)} min`;

/** One session in lines. */
export function sessionLines(session: SessionDetail): string[] {
  const approved = (given: SupportSession['customerApproval']): string =>
    given === null
      ? 'not yet'
      : `${given.by.name}, ${given.office}, ${given.at}${given.standing === null ? '' : ' (standing approval)'}`;
  const { end, summary, review } = session;
  return [
    `${session.kind === 'break-glass' ? 'BREAK GLASS ' : ''}${session.state.toUpperCase()}  ${session.id}`,
    plain(session.reason),
    '',
    `Tenancy    ${session.tenancy}`,
    `Engineers  ${session.engineers.map(({ name }) => name).join(', ')}`,
    ...session.systems.map(
      ({ name, account, host, port }) => `System     ${name}: ${account}@${host}:${port}`,
    ),
    `Minutes    ${session.minutes}${session.endsAt === null ? '' : `, until ${session.endsAt}`}`,
    `Asked      ${session.requester.name}, ${session.requestedAt}`,
    `Customer   ${approved(session.customerApproval)}`,
    `Provider   ${approved(session.providerApproval)}`,
    ...(waitingFor(session) === '' ? [] : [`Waiting    ${waitingFor(session)}`]),
    ...(end === null
      ? []
      : [`Ended      by ${plain(end.by)}: ${plain(end.reason)} ${plain(end.detail ?? '')}`]),
    ...(summary === null ? [] : [`Summary    ${plain(summary.changed)} (${summary.seconds} s)`]),
    ...(session.countersignature === null ? [] : [`Signed     ${approved(session.countersignature)}`]),
    ...(session.reviewDueAt === null
      ? []
      : [
          `Review     ${review === null ? `due ${session.reviewDueAt}${session.reviewOverdue ? ', OVERDUE' : ''}` : plain(review.finding)}`,
        ]),
    ...session.recordings.map(
      (one) =>
        `Recording  ${one.number}: ${one.engineer.name} on ${one.system}, ${plain(one.command ?? 'terminal')}, ${one.startedAt}${one.endedAt === null ? ', running' : ''}`,
    ),
  ];
}
