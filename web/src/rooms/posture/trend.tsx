import type { MaturityHistory } from '#contract/essential-eight';
import { useState } from 'react';
import { useNow } from '../../app/context.tsx';
import { Exact } from '../../parts/when.tsx';
import { levelWords, shortTitle, type Strategy } from './words.tsx';

const wide = 400;
const tall = 96;
const days = 90;

/** Which level was reached since when, as steps, with what unknowns could have added as a band over it. */
export function Trend({
  history,
  strategies,
}: {
  history: MaturityHistory;
  strategies: readonly Strategy[];
}) {
  const now = useNow(60);
  const [table, setTable] = useState(false);
  const { points } = history;
  const last = points.at(-1);
  const from = now - days * 86_400_000;
  const x = (at: string) =>
    Math.max(0, Math.min(wide, ((new Date(at).getTime() - from) / (now - from)) * wide));
  const y = (level: number) => 88 - level * 26;
  const steps = (pick: (point: (typeof points)[number]) => number) =>
    points.map((point, at) => {
      const until = points[at + 1];
      return { from: x(point.at), to: until === undefined ? wide : x(until.at), y: y(pick(point)) };
    });
  const reached = steps(({ level }) => level);
  const possible = steps((point) => point.possible);
  return (
    <section className="posture-box" aria-label="Trend">
      <div className="line apart">
        <h2>
          The last {days} days <span className="muted plain">the least of the eight</span>
        </h2>
        <button type="button" className="btn slim" aria-pressed={table} onClick={() => setTable(!table)}>
          Table
        </button>
      </div>
      {points.length === 0 && (
        <p className="muted">Nothing is kept yet: it begins with the first assessment.</p>
      )}
      {points.length > 0 && !table && (
        <svg
          className="trend"
          viewBox={`0 0 ${wide} ${tall}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${points.length} changes in ${days} days; now ${last ? levelWords(last) : 'unknown'}.`}
        >
          {[1, 2, 3].map((level) => (
            <path key={level} className="eight-grid" d={`M0 ${y(level)}H${wide}`} />
          ))}
          {possible.map((one, at) => (
            <rect
              key={one.from}
              className="trend-possible"
              x={one.from}
              y={one.y}
              width={Math.max(0, one.to - one.from)}
              height={Math.max(0, (reached[at]?.y ?? one.y) - one.y)}
            />
          ))}
          <path
            className="trend-line"
            d={reached.map((one, at) => `${at === 0 ? 'M' : 'L'}${one.from} ${one.y}H${one.to}`).join('')}
          />
          {last && <path className="eight-target" d={`M0 ${y(last.target)}H${wide}`} />}
        </svg>
      )}
      {points.length > 0 && !table && (
        <p className="small muted line apart">
          <span>{days} days ago</span>
          <span>now: {last ? levelWords(last) : ''}</span>
        </p>
      )}
      {points.length > 0 && table && (
        <table className="table">
          <thead>
            <tr>
              <th>Since</th>
              <th>All</th>
              <th>Strategies below the target</th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map((point) => (
              <tr key={point.at}>
                <td>
                  <Exact at={point.at} />
                </td>
                <td>{levelWords(point)}</td>
                <td className="muted">
                  {strategies
                    .filter(({ strategy }) => (point.strategies[strategy]?.level ?? 0) < point.target)
                    .map(({ strategy }) => shortTitle[strategy])
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
