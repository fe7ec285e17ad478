import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { CopyButton, Value } from './value.tsx';

export type Field = { readonly name: string; readonly value: string };

/** An object as rows of `a.b.c` and text, as deep as it goes; hostile depth is cut at 12 and said so. */
export function flatten(value: unknown, prefix = '', depth = 0): Field[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object')
    return [{ name: prefix || 'value', value: typeof value === 'string' ? value : JSON.stringify(value) }];
  if (depth >= 12) return [{ name: prefix, value: '… deeper than 12 levels: see the raw event' }];
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((one, at) => [String(at), one])
    : Object.entries(value);
  return entries.flatMap(([name, one]) => flatten(one, prefix ? `${prefix}.${name}` : name, depth + 1));
}

/** `field:value` of the query bar, quoted when it has to be. */
export function term(name: string, value: string): string {
  const plain = /^[\w.@:/-]+$/.test(value) && !value.includes(':');
  return `${name}:${plain ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`}`;
}

export function FieldsTable({
  fields,
  hits,
  action,
}: {
  fields: readonly Field[];
  hits?: ReadonlySet<string>;
  action?: (field: Field) => React.ReactNode;
}) {
  return (
    <table className="table fields-table">
      <tbody>
        {fields.map((field) => (
          <tr
            key={field.name}
            className={hits?.has(field.name) || hits?.has(field.name.split('.').pop() ?? '') ? 'hit' : ''}
          >
            <td>{field.name}</td>
            <td>
              <Value text={field.value} />
            </td>
            <td>{action?.(field)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where a pivot goes: every event that has this value, around the time of the one in hand. */
export function SearchLink({ q, around, label = 'Search' }: { q: string; around: string; label?: string }) {
  const at = new Date(around).getTime();
  const hour = 3_600_000;
  return (
    <Link
      to="/search"
      search={{ q, from: new Date(at - 12 * hour).toISOString(), to: new Date(at + 12 * hour).toISOString() }}
      className="small"
    >
      {label}
      <span className="unseen"> with {q}</span>
    </Link>
  );
}

/** One event: as a table of fields, or as it came. */
export function EventBody({
  event,
  around,
  hits,
}: {
  event: unknown;
  around: string;
  hits?: ReadonlySet<string>;
}) {
  const [view, setView] = useState<'table' | 'json'>('table');
  const text = typeof event === 'string' ? event : JSON.stringify(event, null, 2);
  const structured = typeof event === 'object' && event !== null;
  return (
    <div>
      <div className="line apart" style={{ marginBottom: 6 }}>
        <div className="line" role="group" aria-label="Show the event as">
          <button
            type="button"
            className="chip"
            aria-pressed={structured && view === 'table'}
            disabled={!structured}
            onClick={() => setView('table')}
          >
            Fields
          </button>
          <button
            type="button"
            className="chip"
            aria-pressed={!structured || view === 'json'}
            onClick={() => setView('json')}
          >
            {structured ? 'JSON' : 'As received'}
          </button>
        </div>
        <CopyButton text={text} what="event" />
      </div>
      {structured && view === 'table' ? (
        <FieldsTable
          fields={flatten(event)}
          {...(hits ? { hits } : {})}
          action={(field) => (
            <SearchLink q={term(field.name.split('.').pop() ?? field.name, field.value)} around={around} />
          )}
        />
      ) : (
        <pre className="box" tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}
