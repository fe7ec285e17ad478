import type { CertificateIssued, SessionDetail } from '#contract/community/support';
import { Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { approveSupport, certify, countersignSupport, doStep, supportQuery } from '../../api/support.ts';
import { useApi, useNow, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { age } from '../../parts/words.ts';
import { Player } from './player.tsx';
import { StateWord, waitingWords } from './words.tsx';
import './support.css';

/** One session: what was asked, who said yes, what is running, what was recorded, what is left to do. */
export function SessionPage() {
  const { id } = useParams({ from: '/inside/support/$id' });
  const query = useQuery(supportQuery(useApi(), id));
  if (query.isError) return <Failure what="The session could not be loaded" error={query.error} />;
  if (query.isPending) return <Progress what="Loading the session" />;
  return <Shown session={query.data} />;
}

function Shown({ session }: { session: SessionDetail }) {
  const tenancies = useTenancies();
  return (
    <div className="page support-page">
      <div className="room-head">
        <h1>{session.reason}</h1>
        <Link to="/support" search={{}}>
          All sessions
        </Link>
      </div>
      <div className="line">
        <StateWord session={session} />
        {session.kind === 'break-glass' && <b className="critical">Break glass</b>}
        <TenancyBadge tenancy={tenancies.get(session.tenancy)} id={session.tenancy} name />
        <span className="muted">{waitingWords(session)}</span>
        <TimeLeft session={session} />
      </div>
      <Actions session={session} />
      <Facts session={session} />
      <Summary session={session} />
      <Recordings session={session} />
    </div>
  );
}

function TimeLeft({ session: { state, endsAt } }: { session: SessionDetail }) {
  const now = useNow(1);
  if (state !== 'live' || endsAt === null) return null;
  return <b className="high">{age(Math.max(0, (Date.parse(endsAt) - now) / 1000))} left</b>;
}

function Actions({ session }: { session: SessionDetail }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [words, setWords] = useState('');
  const { may, id } = session;
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => {
      setWords('');
      void queryClient.invalidateQueries({ queryKey: ['support'] });
    },
  });
  const button = (
    text: string,
    work: () => Promise<unknown>,
    main = false,
    needsWords = false,
  ): ReactNode => (
    <button
      type="button"
      className={main ? 'btn main' : 'btn'}
      disabled={act.isPending || (needsWords && words.trim().length < 3)}
      onClick={() => act.mutate(work)}
    >
      {text}
    </button>
  );
  const wantsWords = may.some((one) => ['refuse', 'end', 'summarise', 'review'].includes(one));
  return (
    <section className="section stack" aria-label="What you can do">
      {session.mayNotApprove && <p className="muted">{session.mayNotApprove}</p>}
      {wantsWords && (
        <Textarea
          label={
            may.includes('summarise')
              ? 'What was changed'
              : may.includes('review')
                ? 'What the review found'
                : 'Reason'
          }
          autosize
          minRows={1}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      <div className="line">
        {may.includes('approve') && button('Approve with your passkey', () => approveSupport(api, id), true)}
        {may.includes('countersign') &&
          button('Countersign with your passkey', () => countersignSupport(api, id), true)}
        {may.includes('summarise') &&
          button('Send the summary', () => doStep(api, id, 'summary', { changed: words }), true, true)}
        {may.includes('review') &&
          button('Close the review', () => doStep(api, id, 'review', { finding: words }), true, true)}
        {may.includes('end') &&
          button('End it now', () => doStep(api, id, 'end', { reason: words }), true, true)}
        {may.includes('refuse') &&
          button('Refuse', () => doStep(api, id, 'refusal', { reason: words }), false, true)}
        {may.includes('cancel') && button('Take it back', () => doStep(api, id, 'cancellation'))}
      </div>
      <FormProblem error={act.error} />
      {may.includes('connect') && <Connect id={id} />}
    </section>
  );
}

function Connect({ id }: { id: string }) {
  const api = useApi();
  const [publicKey, setPublicKey] = useState('');
  const issue = useMutation({ mutationFn: () => certify(api, id, publicKey) });
  return (
    <div className="stack">
      <Textarea
        label="Your public key"
        description="The line of ~/.ssh/id_ed25519.pub. The first certificate starts the session."
        autosize
        minRows={1}
        value={publicKey}
        onChange={(event) => setPublicKey(event.currentTarget.value)}
      />
      <div className="line">
        <button
          type="button"
          className="btn main"
          disabled={publicKey.trim() === '' || issue.isPending}
          onClick={() => issue.mutate()}
        >
          Get a certificate
        </button>
      </div>
      <FormProblem error={issue.error} />
      {issue.data && <Issued issued={issue.data} />}
    </div>
  );
}

function Issued({ issued: { certificate, expiresAt, gateway, logins } }: { issued: CertificateIssued }) {
  return (
    <div className="stack">
      <p>
        Save this as <span className="mono">~/.ssh/id_ed25519-cert.pub</span>; it ends at{' '}
        <Exact at={expiresAt} />.
      </p>
      <pre className="mono small">{certificate}</pre>
      <p>Add this line to ~/.ssh/known_hosts, then connect:</p>
      <pre className="mono small">{gateway.knownHosts}</pre>
      {logins.map(({ system, login }) => (
        <pre key={system} className="mono small">
          ssh -p {gateway.port} {login}@{gateway.host}
        </pre>
      ))}
    </div>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function Approved({ given }: { given: SessionDetail['customerApproval'] }) {
  if (given === null) return <span className="muted">not yet</span>;
  return (
    <>
      {given.by.name}, {given.office}, <Exact at={given.at} />
      {given.standing && <span className="muted"> by a standing approval for emergencies</span>}
      <div className="mono small muted">signed {given.digest}</div>
    </>
  );
}

function Facts({ session }: { session: SessionDetail }) {
  const { waitedSeconds } = session;
  return (
    <section className="section">
      <h2>What was asked and approved</h2>
      <dl className="facts">
        <Row name="Asked by">
          {session.requester.name}, <Exact at={session.requestedAt} />
        </Row>
        <Row name="Engineers">{session.engineers.map(({ name }) => name).join(', ')}</Row>
        <Row name="Systems">
          {session.systems.map((one) => (
            <div key={one.name} className="mono">
              {one.name}: {one.account}@{one.host}:{one.port} <span className="muted">{one.hostKey}</span>
            </div>
          ))}
        </Row>
        <Row name="Minutes">
          {session.minutes}
          {session.ticket && <span className="muted"> ticket {session.ticket}</span>}
        </Row>
        <Row name="Customer">
          <Approved given={session.customerApproval} />
        </Row>
        <Row name="Provider">
          <Approved given={session.providerApproval} />
        </Row>
        {session.startedAt && (
          <Row name="Ran">
            <Exact at={session.startedAt} /> to {session.endedAt ? <Exact at={session.endedAt} /> : 'now'}
          </Row>
        )}
        {session.end && (
          <Row name="Ended">
            by {session.end.by}: {session.end.reason}{' '}
            {session.end.detail && <span className="muted">{session.end.detail}</span>}
          </Row>
        )}
        {session.reviewDueAt && (
          <Row name="Review">
            {session.review ? (
              <>
                {session.review.finding}{' '}
                <span className="muted">
                  {session.review.by.name}, {session.review.office}
                </span>
              </>
            ) : (
              <>
                due <Exact at={session.reviewDueAt} />
                {session.reviewOverdue && <b className="critical"> overdue</b>}
              </>
            )}
          </Row>
        )}
        <Row name="Waited for">
          customer {age(waitedSeconds.customer)}, provider {age(waitedSeconds.provider)}, engineer{' '}
          {age(waitedSeconds.engineer)}
        </Row>
        <Row name="Record">
          <span className="mono small muted">SHA-256 {session.digest}</span>
        </Row>
      </dl>
    </section>
  );
}

function Summary({ session: { summary, countersignature } }: { session: SessionDetail }) {
  if (summary === null) return null;
  return (
    <section className="section">
      <h2>Summary</h2>
      <p>{summary.changed}</p>
      <p className="muted">
        {summary.by.name}, <Exact at={summary.at} />; it ran {age(summary.seconds)}.{' '}
        {countersignature
          ? `Countersigned by ${countersignature.by.name}.`
          : 'The customer has not countersigned it yet.'}
      </p>
      {summary.commands.length > 0 && (
        <ul className="mono small">
          {summary.commands.map((one) => (
            <li key={`${one.at} ${one.command}`}>
              {one.engineer} on {one.system}: {one.command}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Recordings({ session }: { session: SessionDetail }) {
  const [playing, setPlaying] = useState<number>();
  if (session.recordings.length === 0) return null;
  return (
    <section className="section stack">
      <h2>Recordings</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Engineer</th>
            <th>System</th>
            <th>What</th>
            <th>From</th>
            <th>Began</th>
            <th>State</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {session.recordings.map((one) => (
            <tr key={one.number}>
              <td>{one.engineer.name}</td>
              <td>{one.system}</td>
              <td className="mono">{one.command ?? 'terminal'}</td>
              <td className="mono">{one.address}</td>
              <td>
                <Exact at={one.startedAt} />
              </td>
              <td>{one.endedAt ? 'closed' : <b className="high">running</b>}</td>
              <td>
                <button type="button" className="btn slim" onClick={() => setPlaying(one.number)}>
                  Play {one.number}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">Playing a recording is itself recorded, and shown to both sides.</p>
      {playing !== undefined && <Player key={playing} session={session.id} number={playing} />}
    </section>
  );
}
