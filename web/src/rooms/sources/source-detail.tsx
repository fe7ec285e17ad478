import type { RejectedItem, SourceWithBalance } from '#contract/soc/sources';
import { Checkbox } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changeSource, newSecret, rejectedQuery, replayRejected } from '../../api/sources.ts';
import { useApi, useMay, useNotices, useTenancies } from '../../app/context.tsx';
import { term } from '../../parts/fields-table.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { bytes, count, duration, plural } from '../../parts/words.ts';
import { Balance } from './balance.tsx';
import { Instructions } from './instructions.tsx';
import { SourceState } from './source-state.tsx';

export function SourceDetail({ source }: { source: SourceWithBalance }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('source.manage');
  const tenancy = useTenancies().get(source.tenancy);
  const { balance } = source;
  const [secret, setSecret] = useState<string>();
  const change = useMutation({
    mutationFn: (body: unknown) => changeSource(api, source.id, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['sources'] }),
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The source was not changed.', detail: error.message }),
  });
  const renew = useMutation({
    mutationFn: () => newSecret(api, source.id),
    onSuccess: (answer) => setSecret(answer.secret ?? undefined),
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'No new secret was made.', detail: error.message }),
  });
  const pause = () => {
    const to = source.state === 'active' ? 'paused' : 'active';
    change.mutate(
      { state: to },
      {
        onSuccess: () =>
          notices.show({
            tone: 'done',
            text:
              to === 'paused'
                ? `${source.name} is paused: its senders are told to come back later.`
                : `${source.name} takes events again.`,
            undo: () => change.mutate({ state: source.state }),
          }),
      },
    );
  };
  const hasSecret = source.authentication.kind === 'token' || source.authentication.kind === 'basic';
  return (
    <aside className="pane" aria-label="Source">
      <div className="line apart">
        <SourceState source={source} />
        <span className="muted small">{balance.eventsPerSecond.toFixed(1)} events/s</span>
      </div>
      <h2 className="alert-like-title">{source.name}</h2>
      <dl className="facts">
        <dt>Tenancy</dt>
        <dd>
          <TenancyBadge tenancy={tenancy} id={source.tenancy} name />
        </dd>
        <dt>Id</dt>
        <dd className="mono">{source.id}</dd>
        <dt>Proves itself</dt>
        <dd>{howItProves(source)}</dd>
        <dt>Format</dt>
        <dd>{source.format ?? 'recognised line by line'}</dd>
        <dt>Silent after</dt>
        <dd>{source.silentAfterSeconds ? duration(source.silentAfterSeconds) : 'never raises an alert'}</dd>
        <dt>Old recordings</dt>
        <dd>
          <Checkbox
            size="xs"
            label="Its events keep their own time, however old."
            checked={source.recorded}
            disabled={!may || change.isPending}
            onChange={(event) => change.mutate({ recorded: event.currentTarget.checked })}
          />
        </dd>
        <dt>Last event</dt>
        <dd>{balance.lastEventAt ? <Exact at={balance.lastEventAt} /> : 'none yet'}</dd>
        <dt>Added</dt>
        <dd>
          <Exact at={source.createdAt} />
        </dd>
      </dl>
      <section className="section">
        <h3>Balance</h3>
        <Balance balance={balance} tall={16} />
        <table className="table" style={{ marginTop: 6 }}>
          <tbody>
            <Line name="Received" value={balance.received} strong />
            <Line
              name="= stored"
              value={balance.stored}
              note={
                balance.unmapped > 0
                  ? `${count(balance.unmapped)} of them in a format no map knows`
                  : undefined
              }
            />
            <Line
              name="+ rejected"
              value={balance.rejected}
              note={balance.rejected > 0 ? 'kept below with the reason' : undefined}
            />
            <Line name="+ pending" value={balance.pending} />
            <Line name="Not taken: already there" value={balance.duplicates} />
            <Line
              name="Not taken: over capacity"
              value={balance.refused}
              note={balance.refused > 0 ? 'the sender was told to come back' : undefined}
            />
          </tbody>
        </table>
      </section>
      <div className="line wrap section">
        <Link to="/search" search={{ q: term('source_id', source.id) }} className="btn">
          Its events
        </Link>
        <Link to="/search" search={{ q: term('source_id', source.id), live: '1' }} className="btn">
          Watch live
        </Link>
        {may && (
          <button type="button" className="btn" onClick={pause} disabled={change.isPending}>
            {source.state === 'active' ? 'Pause' : 'Take events again'}
          </button>
        )}
        {may && hasSecret && (
          <button type="button" className="btn" onClick={() => renew.mutate()} disabled={renew.isPending}>
            Make a new secret
          </button>
        )}
      </div>
      {secret && <Instructions source={source} secret={secret} />}
      {balance.rejected > 0 && <Rejected source={source} />}
      {!secret && (
        <details className="section">
          <summary>How to send to it</summary>
          <Instructions source={source} secret={undefined} />
        </details>
      )}
    </aside>
  );
}

const Line = ({
  name,
  value,
  note,
  strong = false,
}: {
  name: string;
  value: number;
  note?: string | undefined;
  strong?: boolean;
}) => (
  <tr>
    <td>{strong ? <b>{name}</b> : name}</td>
    <td className="muted small">{note}</td>
    <td className="number">{strong ? <b>{count(value)}</b> : count(value)}</td>
  </tr>
);

function howItProves({ authentication }: SourceWithBalance): string {
  switch (authentication.kind) {
    case 'token':
      return 'with a token';
    case 'basic':
      return `as ${authentication.username}, with a password`;
    case 'client-certificate':
      return `with the certificate ${authentication.sha256Fingerprint.slice(0, 12)}…`;
    case 'listener':
      return `by sending to ${authentication.listener} from ${authentication.from}`;
  }
}

function Rejected({ source }: { source: SourceWithBalance }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('source.manage');
  const query = useInfiniteQuery(rejectedQuery(api, source.id));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const replay = useMutation({
    mutationFn: (ids: readonly string[]) => replayRejected(api, source.id, ids),
    onSuccess: ({ replayed, rejectedAgain }) => {
      notices.show({
        tone: 'done',
        text: `${plural(replayed, 'line')} sent through the door again${rejectedAgain ? `; ${count(rejectedAgain)} rejected again` : ''}.`,
      });
      void queryClient.invalidateQueries({ queryKey: ['rejected', source.id] });
      void queryClient.invalidateQueries({ queryKey: ['sources'] });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'Nothing was replayed.', detail: error.message }),
  });
  return (
    <section className="section">
      <div className="line apart">
        <h3>Rejected lines</h3>
        {may && items.some((item) => !item.replayedAt) && (
          <button
            type="button"
            className="btn slim"
            disabled={replay.isPending}
            onClick={() => replay.mutate([])}
          >
            Replay all
          </button>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The rejected lines could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && <Progress what="Loading rejected lines" />}
      <ul className="rejected">
        {items.map((item) => (
          <RejectedLine key={item.id} item={item} replay={may ? () => replay.mutate([item.id]) : undefined} />
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="btn slim"
          onClick={() => void query.fetchNextPage()}
          disabled={query.isFetchingNextPage}
        >
          Show more
        </button>
      )}
    </section>
  );
}

const RejectedLine = ({ item, replay }: { item: RejectedItem; replay: (() => void) | undefined }) => (
  <li>
    <div className="line apart small">
      <span>
        <span className="tag">{item.code}</span> {item.reason}
      </span>
      <span className="muted">
        <Ago at={item.receivedAt} />
      </span>
    </div>
    <pre className="box" tabIndex={0}>
      {item.preview.slice(0, 600)}
      {item.preview.length > 600 && '…'}
    </pre>
    <div className="line apart small muted">
      <span>{bytes(item.sizeBytes)}</span>
      {item.replayedAt ? (
        <span>
          replayed <Ago at={item.replayedAt} suffix />
        </span>
      ) : (
        replay && (
          <button type="button" className="textual" onClick={replay}>
            Replay
          </button>
        )
      )}
    </div>
  </li>
);
