import type { Severity } from '#contract/soc/triage';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { countsQuery } from '../../api/alerts.ts';
import { useApi } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { SeverityShape } from '../../parts/marks.tsx';
import { count, severities, severityWord } from '../../parts/words.ts';
import { type AlertSearch, severitiesOf, type Show, showOf } from './filter.ts';

type Props = {
  search: AlertSearch;
  total: number;
  bySeverity: Partial<Record<Severity, number>> | undefined;
  waiting: number;
  showWaiting: () => void;
  live: 'live' | 'reconnecting';
};

export function Filters({ search, total, bySeverity, waiting, showWaiting, live }: Props) {
  const navigate = useNavigate({ from: '/alerts' });
  const { tenancies } = useScope();
  const { data: counts } = useQuery(countsQuery(useApi(), tenancies));
  const change = (next: Partial<AlertSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...next, at: undefined }) });
  const show = showOf(search);
  const shows: readonly { show: Show; name: string; size: number | undefined }[] = [
    { show: 'open', name: 'Open', size: counts?.open },
    { show: 'mine', name: 'Mine', size: counts?.mine },
    { show: 'closed', name: 'Closed', size: show === 'closed' ? total : undefined },
    { show: 'all', name: 'All', size: show === 'all' ? total : undefined },
  ];
  const chosen = new Set(severitiesOf(search));
  const toggle = (severity: Severity) => {
    const next = severities.filter((one) => chosen.has(one) !== (one === severity));
    change({ severity: next.length > 0 && next.length < severities.length ? next.join(',') : undefined });
  };
  const narrowed: readonly { name: keyof AlertSearch; words: string }[] = [
    ...(search.rule ? [{ name: 'rule' as const, words: `rule ${search.rule.slice(0, 8)}…` }] : []),
    ...(search.entity ? [{ name: 'entity' as const, words: search.entity }] : []),
    ...(search.assignee
      ? [
          {
            name: 'assignee' as const,
            words: search.assignee === 'none' ? 'nobody assigned' : 'one assignee',
          },
        ]
      : []),
  ];
  return (
    <>
      <div className="room-head">
        <h1>Alerts</h1>
        {live === 'reconnecting' && <span className="chip unknown">Not live: connecting again</span>}
        {waiting > 0 && (
          <button type="button" className="chip on" onClick={showWaiting}>
            {count(waiting)} new, show
          </button>
        )}
        <div className="line" role="group" aria-label="Which alerts">
          {shows.map((one) => (
            <button
              key={one.show}
              type="button"
              className="chip"
              aria-pressed={show === one.show}
              onClick={() => change({ show: one.show === 'open' ? undefined : one.show })}
            >
              {one.name}
              {one.size !== undefined && <b>{count(one.size)}</b>}
            </button>
          ))}
        </div>
      </div>
      <div className="alert-filters">
        <div className="line" role="group" aria-label="Severity">
          {severities.map((severity) => (
            <button
              key={severity}
              type="button"
              className="chip"
              aria-pressed={chosen.has(severity)}
              onClick={() => toggle(severity)}
            >
              <span className={severity}>
                <SeverityShape severity={severity} />
              </span>
              {severityWord[severity]}
              {bySeverity && <span className="muted">{count(bySeverity[severity] ?? 0)}</span>}
            </button>
          ))}
        </div>
        <TextFilter value={search.text} change={(text) => change({ text })} />
        {narrowed.map((one) => (
          <button
            key={one.name}
            type="button"
            className="chip on"
            onClick={() => change({ [one.name]: undefined })}
            aria-label={`Drop the filter ${one.words}`}
          >
            <span className="clip">{one.words}</span> ×
          </button>
        ))}
        {(search.from || search.to) && (
          <button
            type="button"
            className="chip on"
            onClick={() => change({ from: undefined, to: undefined })}
            aria-label="Drop the time range"
          >
            {search.from?.slice(5, 16).replace('T', ' ')} to{' '}
            {search.to?.slice(5, 16).replace('T', ' ') ?? 'now'} UTC ×
          </button>
        )}
      </div>
    </>
  );
}

function TextFilter({
  value,
  change,
}: {
  value: string | undefined;
  change: (text: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  return (
    <form
      className="find"
      style={{ flex: '1 1 130px', maxWidth: 260, height: 24 }}
      onSubmit={(event) => {
        event.preventDefault();
        change(text.trim() || undefined);
      }}
    >
      <input
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => text.trim() !== (value ?? '') && change(text.trim() || undefined)}
        placeholder="Title, host, person"
        aria-label="Filter by title, host or person"
        style={{ height: 22, fontSize: 12 }}
      />
    </form>
  );
}
