import { useState } from 'react';
import type { EventRow } from '../../api/search.ts';
import { useTenancies } from '../../app/context.tsx';
import { type Field, FieldsTable, flatten } from '../../parts/fields-table.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { CopyButton, Value } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';

type View = 'columns' | 'fields' | 'raw';

export function EventDetail({
  event,
  add,
  close,
}: {
  event: EventRow;
  add: (field: string, value: string, not: boolean) => void;
  close: () => void;
}) {
  const [view, setView] = useState<View>('columns');
  const tenancy = useTenancies().get(event.tenancy);
  const columns = flatten(event.columns);
  const fields: Field[] = Object.entries(event.fields).map(([name, value]) => ({ name, value }));
  const filters = (field: Field) => (
    <span className="line">
      <button type="button" className="textual" onClick={() => add(field.name, field.value, false)}>
        only
        <span className="unseen">
          {' '}
          {field.name} {field.value}
        </span>
      </button>
      <button type="button" className="textual" onClick={() => add(field.name, field.value, true)}>
        not
        <span className="unseen">
          {' '}
          {field.name} {field.value}
        </span>
      </button>
    </span>
  );
  const views: readonly { view: View; name: string; size: number | undefined }[] = [
    { view: 'columns', name: 'Columns', size: columns.length },
    { view: 'fields', name: 'Native fields', size: fields.length },
    { view: 'raw', name: 'Raw', size: undefined },
  ];
  return (
    <aside className="pane" aria-label="Event">
      <div className="line apart">
        <Exact at={event.time} milliseconds />
        <button type="button" className="btn slim bare" onClick={close} aria-label="Close the event">
          ×
        </button>
      </div>
      <h2 style={{ margin: '6px 0 10px', overflowWrap: 'anywhere' }}>{event.summary}</h2>
      <dl className="facts">
        <dt>Tenancy</dt>
        <dd>
          <TenancyBadge tenancy={tenancy} id={event.tenancy} name />
        </dd>
        <dt>Source</dt>
        <dd>{event.source}</dd>
        <dt>Received</dt>
        <dd>
          <Exact at={event.ingestTime} milliseconds />
        </dd>
        <dt>Event</dt>
        <dd>
          <Value text={event.uid} />
        </dd>
      </dl>
      <div className="line section" role="group" aria-label="Show">
        {views.map((one) => (
          <button
            key={one.view}
            type="button"
            className="chip"
            aria-pressed={view === one.view}
            onClick={() => setView(one.view)}
          >
            {one.name} {one.size !== undefined && <span className="muted">{one.size}</span>}
          </button>
        ))}
        <span className="grow" />
        <CopyButton text={event.raw || JSON.stringify(event.fields, null, 2)} what="event" />
      </div>
      <div style={{ marginTop: 8 }}>
        {view === 'columns' && <FieldsTable fields={columns} action={filters} />}
        {view === 'fields' &&
          (fields.length > 0 ? (
            <FieldsTable fields={fields} action={filters} />
          ) : (
            <p className="muted small">Every field of this event has a column of its own.</p>
          ))}
        {view === 'raw' &&
          (event.raw ? (
            <pre className="box" tabIndex={0}>
              {pretty(event.raw)}
            </pre>
          ) : (
            <p className="muted small">
              The line is not kept apart: columns and native fields together hold all of it.
            </p>
          ))}
      </div>
    </aside>
  );
}

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
