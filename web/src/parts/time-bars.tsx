import type { Severity } from '#contract/soc/triage';
import { type PointerEvent, useRef, useState } from 'react';
import { usePreferences } from '../app/context.tsx';
import { count, exact, severities, severityWord, timeOfDay } from './words.ts';

export type Series = {
  readonly stepSeconds: number;
  readonly at: readonly number[];
  readonly bySeverity: Partial<Readonly<Record<Severity, readonly number[]>>>;
};

const width = 1000;
const height = 60;

/** Alerts over time by severity. Drag to narrow; the table behind the toggle says the same. */
export function TimeBars({
  series,
  from,
  to,
  narrow,
}: {
  series: Series;
  from: number;
  to: number;
  narrow: (from: Date, to: Date) => void;
}) {
  const { clock } = usePreferences();
  const svg = useRef<SVGSVGElement>(null);
  const [brush, setBrush] = useState<[number, number]>();
  const [table, setTable] = useState(false);
  const totals = series.at.map((_, index) =>
    severities.reduce((sum, one) => sum + (series.bySeverity[one]?.[index] ?? 0), 0),
  );
  const peak = Math.max(1, ...totals);
  const sum = totals.reduce((a, b) => a + b, 0);
  const step = width / Math.max(1, series.at.length);

  const share = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const done = () => {
    if (brush && Math.abs(brush[1] - brush[0]) > 0.005) {
      const [a, b] = brush[0] < brush[1] ? brush : [brush[1], brush[0]];
      narrow(new Date(from + a * (to - from)), new Date(from + b * (to - from)));
    }
    setBrush(undefined);
  };
  const label = (milliseconds: number) => {
    const at = new Date(milliseconds);
    return to - from > 72_000_000 ? exact(at, clock).slice(5, 16) : timeOfDay(at, clock).slice(0, 5);
  };
  return (
    <figure className="strip">
      {table ? (
        <div
          className="scroll"
          style={{ maxHeight: 160 }}
          tabIndex={0}
          role="region"
          aria-label="Alerts over time"
        >
          <table className="table">
            <thead>
              <tr>
                <th>From</th>
                {severities.map((one) => (
                  <th key={one} className="number">
                    {severityWord[one]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {series.at.map((at, index) =>
                totals[index] ? (
                  <tr key={at}>
                    <td className="mono">{exact(new Date(at * 1000), clock)}</td>
                    {severities.map((one) => (
                      <td key={one} className="number">
                        {count(series.bySeverity[one]?.[index] ?? 0)}
                      </td>
                    ))}
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </div>
      ) : (
        <svg
          ref={svg}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${count(sum)} alerts from ${label(from)} to ${label(to)}, at most ${count(peak)} in one bar.`}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            setBrush([share(event), share(event)]);
          }}
          onPointerMove={(event) => brush && setBrush([brush[0], share(event)])}
          onPointerUp={done}
        >
          <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
          {series.at.map((at, index) => {
            let top = height;
            // The grave ones at the foot, where bars can be compared.
            return severities.map((one) => {
              const value = series.bySeverity[one]?.[index] ?? 0;
              if (!value) return null;
              const tall = Math.max(1.5, (value / peak) * (height - 4));
              top -= tall;
              return (
                <rect
                  key={`${at} ${one}`}
                  x={index * step + step * 0.12}
                  y={top}
                  width={step * 0.76}
                  height={tall}
                  fill={`var(--${one})`}
                />
              );
            });
          })}
          {brush && (
            <rect
              x={Math.min(...brush) * width}
              y={0}
              width={Math.abs(brush[1] - brush[0]) * width}
              height={height}
              fill="var(--accent)"
              opacity={0.25}
            />
          )}
        </svg>
      )}
      <figcaption className="legend">
        <span>{label(from)}</span>
        <span>
          {count(sum)} alerts; drag to narrow ·{' '}
          <button type="button" className="textual" aria-pressed={table} onClick={() => setTable(!table)}>
            {table ? 'picture' : 'table'}
          </button>
        </span>
        <span>{label(to)}</span>
      </figcaption>
    </figure>
  );
}
