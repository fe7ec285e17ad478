import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import type { Histogram } from '../../api/search.ts';
import { usePreferences } from '../../app/context.tsx';
import { count, exact, offset } from '../../parts/words.ts';

const tall = 118;

/** Events over time. Drag to narrow the range; the table behind the toggle says the same. */
export function EventHistogram({
  data,
  narrow,
}: {
  data: Histogram;
  narrow: (from: Date, to: Date) => void;
}) {
  const { clock, theme } = usePreferences();
  const [table, setTable] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(narrow);
  latest.current = narrow;
  const peak = Math.max(0, ...data.count);

  useEffect(() => {
    const element = host.current;
    if (!element || table) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      font: '11px Inter',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const bars = UPlot.paths.bars?.({ size: [0.82, 60], align: 1 });
    const plot = new UPlot(
      {
        width: element.clientWidth || 600,
        height: tall,
        tzDate: (seconds) =>
          clock === 'utc' ? UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000),
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.08)] } },
        axes: [
          {
            ...axis,
            size: 24,
            grid: { show: false },
            space: 80,
            values: (_, ticks, __, ___, step) => ticks.map((tick) => tickLabel(tick, step, clock)),
          },
          {
            ...axis,
            size: 52,
            space: 28,
            values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? count(tick) : '')),
          },
        ],
        series: [
          {},
          {
            fill: colour('--low'),
            stroke: colour('--low'),
            width: 0,
            points: { show: false },
            ...(bars ? { paths: bars } : {}),
          },
        ],
        hooks: {
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width < 3) return;
              const from = self.posToVal(left, 'x');
              const to = self.posToVal(left + width, 'x');
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              latest.current(new Date(from * 1000), new Date(to * 1000));
            },
          ],
        },
      },
      [data.at, data.count],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: tall }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [data, clock, theme, table]);

  const first = data.at[0];
  const words =
    first === undefined
      ? 'No events.'
      : `${count(data.total)} events from ${exact(new Date(first * 1000), clock)}, at most ${count(peak)} in ${step(data.stepSeconds)}.`;
  return (
    <figure className="histogram">
      {table ? (
        <div
          className="scroll"
          style={{ height: tall }}
          tabIndex={0}
          role="region"
          aria-label="Events over time"
        >
          <table className="table">
            <thead>
              <tr>
                <th>From</th>
                <th className="number">Events</th>
              </tr>
            </thead>
            <tbody>
              {data.at.map((at, index) =>
                data.count[index] ? (
                  <tr key={at}>
                    <td className="mono">{exact(new Date(at * 1000), clock)}</td>
                    <td className="number">{count(data.count[index] ?? 0)}</td>
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </div>
      ) : (
        <div ref={host} role="img" aria-label={words} style={{ height: tall }} />
      )}
      <figcaption className="small muted line apart">
        <span>
          One bar is {step(data.stepSeconds)}; drag to narrow · {clock === 'utc' ? 'UTC' : offset(new Date())}
        </span>
        <button type="button" className="textual" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? 'picture' : 'table'}
        </button>
      </figcaption>
    </figure>
  );
}

function tickLabel(seconds: number, stepSeconds: number, clock: 'utc' | 'local'): string {
  const text = exact(new Date(seconds * 1000), clock);
  const midnight = text.slice(11, 16) === '00:00';
  return stepSeconds >= 86_400 || midnight ? text.slice(5, 10) : text.slice(11, stepSeconds < 60 ? 19 : 16);
}

function step(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round((seconds / 60) * 10) / 10} min`;
  if (seconds < 86_400) return `${Math.round((seconds / 3600) * 10) / 10} h`;
  return `${Math.round((seconds / 86_400) * 10) / 10} days`;
}
