import type { AssetSummary } from '#contract/assets';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { usePreferences, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { AssetStateMark } from './marks.tsx';
import { exposureWord, kindWord } from './words.ts';

const heads = [
  'Asset',
  'Kind',
  'Tenancy',
  'State',
  'Owner',
  'Classification',
  'Exposure',
  'System',
  'Packages',
  'Edges',
  'Last seen',
];

/** A grid of which only the rows in sight are in the document. */
export function AssetTable({ rows }: { rows: readonly AssetSummary[] }) {
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
  return (
    <div className="asset-grid" role="table" aria-label="Assets" aria-rowcount={rows.length + 1}>
      <div role="row" aria-rowindex={1} className="asset-row head">
        {heads.map((head, at) => (
          <span key={head} role="columnheader" className={at >= 8 ? 'number' : ''}>
            {head}
          </span>
        ))}
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
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row ? <Row key={row.id} row={row} index={item.index} top={item.start} /> : null;
          })}
        </div>
      </div>
      {rows.length === 0 && <p className="muted section">None is like that. Take a filter away.</p>}
    </div>
  );
}

const Row = memo(function Row({ row, index, top }: { row: AssetSummary; index: number; top: number }) {
  const tenancy = useTenancies().get(row.tenancy);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`asset-row ${row.state}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className="clip">
        <Link to="/assets/$id" params={{ id: row.id }} title={row.name}>
          {row.name}
        </Link>
      </span>
      <span role="cell">{kindWord[row.kind]}</span>
      <span role="cell">
        <TenancyBadge tenancy={tenancy} id={row.tenancy} />
      </span>
      <span role="cell">
        <AssetStateMark state={row.state} />
      </span>
      <span role="cell" className="clip">
        {row.owner ?? <span className="unknown">nobody</span>}
      </span>
      <span role="cell" className="clip">
        {row.classification ?? <span className="muted">not said</span>}
      </span>
      <span role="cell" className="clip">
        {row.exposure === null ? <span className="muted">not said</span> : exposureWord[row.exposure]}
      </span>
      <span role="cell" className="clip" title={row.os ?? undefined}>
        {row.os ?? ''}
      </span>
      <span role="cell" className="number">
        {row.packages > 0 ? count(row.packages) : ''}
      </span>
      <span role="cell" className="number">
        {row.dependsOn + row.dependedBy > 0 ? count(row.dependsOn + row.dependedBy) : ''}
      </span>
      <span role="cell" className="number muted">
        {row.seenAt === null ? 'by hand' : <Ago at={row.seenAt} />}
      </span>
    </div>
  );
});
