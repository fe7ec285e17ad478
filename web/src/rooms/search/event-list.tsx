import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { EventRow } from '../../api/search.ts';
import { usePreferences, useTenancies } from '../../app/context.tsx';
import { EnvironmentBadge, TenancyMark } from '../../parts/marks.tsx';
import { exact } from '../../parts/words.ts';

type Props = {
  rows: readonly EventRow[];
  at: string | undefined;
  open: (uid: string) => void;
  more: () => void;
  follow?: boolean;
};

export function EventList({ rows, at, open, more, follow = false }: Props) {
  const { density, clock } = usePreferences();
  const tenancies = useTenancies();
  const scroller = useRef<HTMLDivElement>(null);
  const height = density === 'compact' ? 24 : 28;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 15,
    getItemKey: (index) => rows[index]?.uid ?? index,
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  const position = rows.findIndex((row) => row.uid === at);
  useEffect(() => {
    if (position >= 0 && !follow) virtual.scrollToIndex(position, { align: 'auto' });
  }, [virtual, position, follow]);
  const items = virtual.getVirtualItems();
  const nearEnd = rows.length > 0 && (items.at(-1)?.index ?? 0) > rows.length - 40;
  useEffect(() => {
    if (nearEnd) more();
  }, [nearEnd, rows.length, more]);
  return (
    <div className="event-grid" role="grid" aria-label="Events" aria-rowcount={rows.length + 1}>
      <div role="row" aria-rowindex={1} className="event-row head">
        <span role="columnheader">Time ({clock === 'utc' ? 'UTC' : 'local'})</span>
        <span role="columnheader">Tenancy</span>
        <span role="columnheader">Source</span>
        <span role="columnheader">What happened</span>
      </div>
      <div ref={scroller} className="scroll" role="rowgroup" tabIndex={0} aria-label="Rows">
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const tenancy = tenancies.get(row.tenancy);
            const time = exact(new Date(row.time), clock, 'millisecond');
            return (
              <div
                key={row.uid}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={row.uid === at}
                className={row.uid === at ? 'event-row here' : 'event-row'}
                style={{ transform: `translateY(${item.start}px)`, height }}
                onClick={() => open(row.uid)}
              >
                <span role="gridcell" className="mono" title={`Received ${row.ingestTime}`}>
                  <span className="muted">{time.slice(5, 10)}</span> {time.slice(11, 23)}
                </span>
                <span role="gridcell" className="line">
                  <TenancyMark tenancy={tenancy} id={row.tenancy} />
                  {tenancy && <EnvironmentBadge marking={tenancy.marking} />}
                </span>
                <span role="gridcell" className="clip muted" title={row.source}>
                  {row.source}
                </span>
                <span role="gridcell" className="clip" title={row.summary}>
                  {row.summary}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
