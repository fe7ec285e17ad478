import type { ControlRow } from '#contract/governance/controls';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { Ago } from '../../parts/when.tsx';
import { StatusMark } from './marks.tsx';

/** A grid of which only the rows in sight are in the document. */
export function ControlTable({
  rows,
  groups,
  at,
  picked,
  pick,
  open,
}: {
  rows: readonly ControlRow[];
  groups: readonly (readonly string[])[];
  at: string | undefined;
  picked: ReadonlySet<string>;
  pick: ((id: string) => void) | undefined;
  open: (id: string) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const position = rows.findIndex(({ id }) => id === at);
  useEffect(() => {
    if (position >= 0) virtual.scrollToIndex(position, { align: 'auto' });
  }, [virtual, position]);
  return (
    <div className="control-grid" role="grid" aria-label="Controls" aria-rowcount={rows.length + 1}>
      <div className="control-row head" role="row" aria-rowindex={1}>
        <span role="columnheader">
          <span className="unseen">Selected</span>
        </span>
        <span role="columnheader">Control</span>
        <span role="columnheader">Status</span>
        <span role="columnheader">What it asks</span>
        <span role="columnheader">Section</span>
        <span role="columnheader">Levels</span>
        <span role="columnheader">Owner</span>
        <span role="columnheader" className="number">
          As of
        </span>
      </div>
      <div ref={scroller} className="scroll" tabIndex={0} role="rowgroup" aria-label="Rows">
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row ? (
              <Row
                key={row.id}
                row={row}
                section={groups[row.group]?.at(-1) ?? ''}
                index={item.index}
                top={item.start}
                here={row.id === at}
                picked={picked.has(row.id)}
                pick={pick}
                open={open}
              />
            ) : null;
          })}
        </div>
      </div>
    </div>
  );
}

const Row = memo(function Row({
  row,
  section,
  index,
  top,
  here,
  picked,
  pick,
  open,
}: {
  row: ControlRow;
  section: string;
  index: number;
  top: number;
  here: boolean;
  picked: boolean;
  pick: ((id: string) => void) | undefined;
  open: (id: string) => void;
}) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={picked}
      aria-current={here ? 'true' : undefined}
      className={`control-row ${here ? 'here' : ''} ${row.tailored === 'excluded' ? 'off' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => open(row.id)}
    >
      <span role="gridcell">
        {pick && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${row.id}`}
            checked={picked}
            onChange={() => pick(row.id)}
            onClick={(event) => event.stopPropagation()}
          />
        )}
      </span>
      <span role="gridcell" className="mono">
        {row.id}
      </span>
      <span role="gridcell" title={row.because}>
        <StatusMark status={row.status} />
      </span>
      <span role="gridcell" className="line">
        <span className="clip" title={row.statement}>
          {row.statement || row.title}
        </span>
        {row.reaffirm && <span className="chip-mini high">re-affirm</span>}
        {row.failing > 0 && <span className="chip-mini critical">{row.failing} failing</span>}
        {row.exception && <span className="chip-mini">{row.exception.kind}</span>}
        {row.tailored && <span className="chip-mini muted">{row.tailored}</span>}
      </span>
      <span role="gridcell" className="clip muted" title={section}>
        {section}
      </span>
      <span role="gridcell" className="muted small">
        {row.e8Levels.join(' ')}
      </span>
      <span role="gridcell" className="clip">
        {row.owner ?? <span className="muted">nobody</span>}
      </span>
      <span role="gridcell" className="number muted">
        {row.asOf ? <Ago at={row.asOf} /> : ''}
      </span>
    </div>
  );
});
