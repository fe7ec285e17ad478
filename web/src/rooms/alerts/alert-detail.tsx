import type { AlertDetail, Entity, ReasonLine } from '#contract/soc/triage';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { assigneesQuery } from '../../api/alerts.ts';
import { useApi, useMay, useTenancies } from '../../app/context.tsx';
import { EventBody, SearchLink, term } from '../../parts/fields-table.tsx';
import { Kbd, SeverityMark, TenancyBadge } from '../../parts/marks.tsx';
import { Value } from '../../parts/value.tsx';
import { Ago, Exact, Span } from '../../parts/when.tsx';
import { count, outcomeWord, plural, stateWord } from '../../parts/words.ts';
import type { Asked } from './dialogs.tsx';
import type { Do } from './use-alert-actions.tsx';

export type DetailActions = { act: (action: Do) => void; ask: (kind: Asked['kind']) => void; busy: boolean };

export function AlertHead({ alert, heading }: { alert: AlertDetail; heading: 'h1' | 'h2' }) {
  const Heading = heading;
  return (
    <>
      <div className="line apart">
        <span className="line wide">
          <SeverityMark severity={alert.severity} />
          <span className="muted small">
            {stateWord[alert.state]}
            {alert.outcome && ` as ${outcomeWord[alert.outcome].toLowerCase()}`}
            {alert.assignee && `, ${alert.assignee.name}`}
          </span>
          {alert.escalated && <span className="chip-mini high">Escalated</span>}
          {alert.demo && <span className="chip-mini muted">Demonstration</span>}
        </span>
        <span className="muted small">
          <Ago at={alert.createdAt} suffix />
        </span>
      </div>
      <Heading className="alert-title">{alert.title}</Heading>
      <p className="muted small">
        {plural(alert.detections, 'event')}, <Span from={alert.firstEventAt} to={alert.lastEventAt} />
      </p>
    </>
  );
}

export function AlertActions({ alert, act, ask, busy }: DetailActions & { alert: AlertDetail }) {
  const may = useMay('alert.work');
  if (!may) return <p className="muted small">Your role reads alerts and does not change them.</p>;
  const closed = alert.state === 'closed';
  return (
    <div className="alert-actions">
      {closed ? (
        <button type="button" className="btn" disabled={busy} onClick={() => ask('reopen')}>
          Reopen
        </button>
      ) : (
        <>
          <button
            type="button"
            className={alert.state === 'new' ? 'btn main' : 'btn'}
            disabled={busy}
            onClick={() => act({ action: 'acknowledge' })}
          >
            {alert.state === 'new' ? 'Acknowledge' : 'Take over'} <Kbd>a</Kbd>
          </button>
          <button
            type="button"
            className={alert.state === 'new' ? 'btn' : 'btn main'}
            disabled={busy}
            onClick={() => ask('close')}
          >
            Close <Kbd>c</Kbd>
          </button>
          <button type="button" className="btn" disabled={busy} onClick={() => ask('false-positive')}>
            <span>
              False<span className="unseen"> positive</span>
            </span>{' '}
            <Kbd>f</Kbd>
          </button>
          <button type="button" className="btn" disabled={busy} onClick={() => ask('escalate')}>
            Escalate <Kbd>e</Kbd>
          </button>
        </>
      )}
      <button type="button" className="btn" disabled={busy} onClick={() => ask('note')}>
        Note <Kbd>n</Kbd>
      </button>
    </div>
  );
}

export function AlertFacts({ alert, act }: { alert: AlertDetail; act: DetailActions['act'] }) {
  const tenancy = useTenancies().get(alert.tenancy);
  return (
    <dl className="facts">
      <dt>Tenancy</dt>
      <dd>
        <TenancyBadge tenancy={tenancy} id={alert.tenancy} name />
      </dd>
      <dt>Assigned to</dt>
      <dd>
        <Assignee alert={alert} act={act} />
      </dd>
      {alert.attack.length > 0 && (
        <>
          <dt>ATT&amp;CK</dt>
          <dd className="line wrap">
            {alert.attack.map((tag) => (
              <span key={tag} className="tag">
                {tag
                  .replace(/^attack\./i, '')
                  .replace(/^t(\d)/i, 'T$1')
                  .replaceAll('_', ' ')
                  .replaceAll('-', ' ')}
              </span>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

function Assignee({ alert, act }: { alert: AlertDetail; act: DetailActions['act'] }) {
  const may = useMay('alert.work');
  const { data } = useQuery({ ...assigneesQuery(useApi()), enabled: may });
  if (!may || alert.state === 'closed' || !data) return <>{alert.assignee?.name ?? 'Nobody yet'}</>;
  const users = data.users.map((user) => ({ value: user.id, label: user.name }));
  return (
    <Select
      aria-label="Assigned to"
      placeholder="Nobody yet"
      searchable
      data={users}
      value={alert.assignee?.id ?? null}
      onChange={(to) => to && to !== alert.assignee?.id && act({ action: 'assign', to })}
      nothingFoundMessage="Nobody of that name"
    />
  );
}

export function Entities({ alert }: { alert: AlertDetail }) {
  return (
    <section className="section">
      <h3>Who and what</h3>
      <div>
        {alert.entities.map((entity) => (
          <div key={`${entity.kind} ${entity.value}`} className="entity">
            <span className="muted">{kindWord[entity.kind]}</span>
            <Value text={entity.value} most={72} />
            <span className="line">
              <SearchLink q={quoted(entity.value)} around={alert.lastEventAt} label="Events" />
              <Link to="/alerts" search={{ show: 'all', entity: entity.value }} className="small">
                Alerts
              </Link>
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}
const kindWord: Readonly<Record<Entity['kind'], string>> = {
  host: 'Host',
  user: 'Person',
  process: 'Process',
  file: 'File',
  address: 'Address',
  domain: 'Domain',
  resource: 'Resource',
  source: 'Source',
};
const quoted = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Which selection of the rule matched which value. */
export function Why({ alert }: { alert: AlertDetail }) {
  const reasons = alert.sample[0]?.reasons ?? [];
  const groups = [...Map.groupBy(reasons, (line) => line.selection)];
  return (
    <section className="section">
      <h3>Why it fired</h3>
      {groups.length === 0 ? (
        <p className="muted small">
          {alert.origin === 'ironbark'
            ? alert.ruleDescription || 'Raised by Ironbark itself.'
            : 'No matched fields were kept with this detection.'}
        </p>
      ) : (
        <div className="box why">
          {groups.map(([selection, lines]) => (
            <div key={selection}>
              <div className="selection">{selection}</div>
              {lines.map((line) => (
                <Reason key={`${line.field} ${line.test} ${line.value}`} line={line} />
              ))}
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

const Reason = ({ line }: { line: ReasonLine }) => (
  <div>
    <span className="muted">
      {line.field ?? 'any field'} {line.test}
    </span>{' '}
    <span className="muted" aria-hidden="true">
      ←
    </span>{' '}
    <span className="unseen">matched</span>
    <Value text={line.value} most={160} />
  </div>
);

export function Before({ alert }: { alert: AlertDetail }) {
  return (
    <section className="section">
      <h3>Decided before: this rule, this entity</h3>
      {alert.before.length === 0 ? (
        <p className="small unknown">Not seen before.</p>
      ) : (
        <ul className="history">
          {alert.before.map((one) => (
            <li key={one.alertId}>
              <Link to="/alerts/$id" params={{ id: one.alertId }}>
                {outcomeWord[one.outcome]}
              </Link>
              <span className="muted small">
                {one.by}, <Ago at={one.closedAt} suffix />
              </span>
              <p>{one.reason}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** DRL asks that the author and the licence are shown wherever a match is. */
export function Rule({ alert }: { alert: AlertDetail }) {
  return (
    <section className="section">
      <h3>Rule</h3>
      <dl className="facts">
        <dt>Id</dt>
        <dd>
          {alert.origin === 'sigma' ? (
            <Link to="/detections" search={{ at: alert.ruleId }} className="mono">
              {alert.ruleId}
            </Link>
          ) : (
            <span className="mono">{alert.ruleId}</span>
          )}
        </dd>
        <dt>Author</dt>
        <dd>{alert.ruleAuthor || <span className="unknown">not stated</span>}</dd>
        <dt>Licence</dt>
        <dd>{alert.ruleLicence || <span className="unknown">not stated</span>}</dd>
        {alert.ruleDescription && (
          <>
            <dt>What it means</dt>
            <dd>{alert.ruleDescription}</dd>
          </>
        )}
        {alert.ruleFalsePositives.length > 0 && (
          <>
            <dt>Known harmless</dt>
            <dd>{alert.ruleFalsePositives.join('; ')}</dd>
          </>
        )}
        {alert.ruleReferences.length > 0 && (
          <>
            <dt>References</dt>
            <dd className="mono">
              {alert.ruleReferences.map((reference) => (
                <div key={reference}>
                  <Value text={reference} />
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

export function Events({ alert }: { alert: AlertDetail }) {
  const [at, setAt] = useState(0);
  const detection = alert.sample[Math.min(at, alert.sample.length - 1)];
  const uid = detection?.eventUids[0];
  const fields = new Set(detection?.reasons.flatMap((line) => (line.field ? [line.field] : [])));
  return (
    <section className="section">
      <div className="line apart">
        <h3>
          {plural(alert.sample.length, 'event')} kept
          {alert.detections > alert.sample.length && ` of ${count(alert.detections)}`}
          {alert.stormSuppressed > 0 && `; ${count(alert.stormSuppressed)} more counted by the storm valve`}
        </h3>
        {alert.sample.length > 1 && (
          <div className="line">
            <button
              type="button"
              className="btn slim"
              disabled={at === 0}
              onClick={() => setAt(at - 1)}
              aria-label="Event before"
            >
              ‹
            </button>
            <span className="small">
              {at + 1} of {alert.sample.length}
            </span>
            <button
              type="button"
              className="btn slim"
              disabled={at >= alert.sample.length - 1}
              onClick={() => setAt(at + 1)}
              aria-label="Next event"
            >
              ›
            </button>
          </div>
        )}
      </div>
      {detection ? (
        <>
          <p className="small line apart" style={{ margin: '4px 0 6px' }}>
            <Exact at={detection.eventAt} milliseconds />
            {uid && (
              <SearchLink q={term('event_uid', uid)} around={detection.eventAt} label="Open in search" />
            )}
          </p>
          <EventBody key={detection.id} event={detection.event} around={detection.eventAt} hits={fields} />
        </>
      ) : (
        <p className="muted small">
          No event belongs to this alert: it is about something that did not happen.
        </p>
      )}
    </section>
  );
}

const actionWord: Readonly<Record<AlertDetail['history'][number]['action'], string>> = {
  created: 'raised it',
  acknowledged: 'acknowledged it',
  assigned: 'assigned it',
  closed: 'closed it',
  reopened: 'reopened it',
  escalated: 'escalated it',
  noted: 'wrote',
  undone: 'undid the change before',
};

export function History({ alert }: { alert: AlertDetail }) {
  return (
    <section className="section">
      <h3>History</h3>
      <ul className="history">
        {alert.history.toReversed().map((change, index) => (
          <li key={`${change.at} ${index}`}>
            <span>
              {change.actor.name} {actionWord[change.action]}
              {change.outcome && ` as ${outcomeWord[change.outcome].toLowerCase()}`}
            </span>
            <span className="muted small">
              <Ago at={change.at} suffix />
            </span>
            {change.note && <p>{change.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
