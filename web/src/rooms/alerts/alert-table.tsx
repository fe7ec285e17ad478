import type { AlertSummary } from '#contract/soc/triage';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { usePreferences, useTenancies } from '../../app/context.tsx';
import { SeverityMark, TenancyBadge } from '../../parts/marks.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, initials, middle, outcomeWord } from '../../parts/words.ts';

type Props = {
  rows: readonly AlertSummary[];
  total: number;
  at: string | undefined;
  picked: ReadonlySet<string>;
  open: (id: string) => void;
  pick: (id: string, range: boolean) => void;
  pickAll: () => void;
  more: () => void;
};

/** A grid of which only the rows in sight are in the document, however many there are. */
export function AlertTable({ rows, total, at, picked, open, pick, pickAll, more }: Props) {
  const { density } = usePreferences();
  const scroller = useRef<HTMLDivElement>(null);
  const height = density === 'compact' ? 24 : 32;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  useEffect(() => virtual.measure(), [virtual, height]);

  const position = rows.findIndex((row) => row.id === at);
  useEffect(() => {
    if (position >= 0) virtual.scrollToIndex(position, { align: 'auto' });
  }, [virtual, position]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const nearEnd = rows.length < total && last > rows.length - 40;
  useEffect(() => {
    if (nearEnd) more();
    // Asked once for each page that came.
  }, [nearEnd, rows.length, more]);

  const allPicked = rows.length > 0 && picked.size >= rows.length;
  return (
    <div
      className={picked.size > 0 ? 'alert-grid choosing' : 'alert-grid'}
      role="grid"
      aria-label="Alerts"
      aria-rowcount={total + 1}
      aria-colcount={7}
      aria-multiselectable="true"
    >
      <div role="row" aria-rowindex={1} className="alert-row head">
        <span role="columnheader">
          <input
            type="checkbox"
            aria-label="Select all that are loaded"
            checked={allPicked}
            onChange={pickAll}
          />
        </span>
        <span role="columnheader">Severity</span>
        <span role="columnheader">What happened</span>
        <span role="columnheader">Tenancy</span>
        <span role="columnheader">Where</span>
        <span role="columnheader" className="number">
          Events
        </span>
        <span role="columnheader" className="number">
          Age
        </span>
      </div>
      <div
        ref={scroller}
        className="scroll"
        role="rowgroup"
        // biome-ignore lint: a scrolling region must be reachable by the keyboard
        tabIndex={0}
        aria-label="Rows"
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            return row ? (
              <Row
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                here={row.id === at}
                picked={picked.has(row.id)}
                open={open}
                pick={pick}
              />
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}

type RowProps = Pick<Props, 'open' | 'pick'> & {
  row: AlertSummary;
  index: number;
  top: number;
  here: boolean;
  picked: boolean;
};

const Row = memo(function Row({ row, index, top, here, picked, open, pick }: RowProps) {
  const tenancy = useTenancies().get(row.tenancy);
  const where = row.entities[0];
  return (
    <div
      id={`alert-${row.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={picked}
      aria-current={here ? 'true' : undefined}
      className={`alert-row ${here ? 'here' : ''} ${picked ? 'picked' : ''} ${row.state}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) =>
        event.shiftKey
          ? pick(row.id, true)
          : event.ctrlKey || event.metaKey
            ? pick(row.id, false)
            : open(row.id)
      }
    >
      <span role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${row.title}`}
          checked={picked}
          onChange={() => {}}
          onClick={(event) => {
            event.stopPropagation();
            pick(row.id, event.shiftKey);
          }}
        />
      </span>
      <span role="gridcell">
        <SeverityMark severity={row.severity} />
      </span>
      <span role="gridcell" className="line">
        <span className="clip title" title={row.title}>
          {row.title}
        </span>
        <span className="marks">
          {row.escalated && (
            <span className="mini-mark high" title="Escalated">
              <svg
                width="8"
                height="8"
                viewBox="0 0 8 8"
                aria-hidden="true"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.6"
              >
                <path d="M1 5l3-3 3 3" />
              </svg>
              <span className="unseen">Escalated</span>
            </span>
          )}
          {row.state === 'closed' && (
            <span className="chip-mini muted">{row.outcome ? outcomeWord[row.outcome] : 'Closed'}</span>
          )}
          {row.assignee && row.state !== 'closed' && (
            <span className="mini-mark" title={`Assigned to ${row.assignee.name}`}>
              <span aria-hidden="true">{initials(row.assignee.name)}</span>
              <span className="unseen">Assigned to {row.assignee.name}</span>
            </span>
          )}
        </span>
      </span>
      <span role="gridcell">
        <TenancyBadge tenancy={tenancy} id={row.tenancy} />
      </span>
      <span role="gridcell" className="mono clip" title={where?.value}>
        {where ? middle(where.value, 34) : ''}
      </span>
      <span role="gridcell" className="number">
        {count(row.detections)}
      </span>
      <span role="gridcell" className="number muted">
        <Ago at={row.createdAt} />
      </span>
    </div>
  );
});
