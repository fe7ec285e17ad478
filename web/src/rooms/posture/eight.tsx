import type { MaturitySummary } from '#contract/essential-eight';
import { useId, useState } from 'react';
import { levelWords, shortTitle, type Strategy } from './words.tsx';

const wide = 800;
const tall = 186;
const floor = 176;
const step = 56;
const column = 64;
const pitch = wide / 8;
const top = (level: number): number => floor - level * step;

/**
 * The eight as columns by level with the target's line. What is reached is filled; what unknowns could still add is
 * hatched and dashed, so that it is neither taken for reached nor for missing. The table says the same.
 */
export function Eight({
  summary,
  picked,
  pick,
}: {
  summary: MaturitySummary;
  picked: string | undefined;
  pick: (strategy: string) => void;
}) {
  const [table, setTable] = useState(false);
  const hatch = useId();
  const said = summary.strategies.map((one) => `${shortTitle[one.strategy]} ${levelWords(one)}`).join('; ');
  return (
    <section className="posture-box" aria-label="Essential Eight">
      <div className="line apart wrap">
        <h2>
          Essential Eight: {levelWords(summary)}{' '}
          <span className="muted plain">against a target of ML{summary.target}</span>
        </h2>
        <button type="button" className="btn slim" aria-pressed={table} onClick={() => setTable(!table)}>
          Table
        </button>
      </div>
      {table ? (
        <EightTable strategies={summary.strategies} pick={pick} />
      ) : (
        <div className="eight">
          <svg viewBox={`0 0 ${wide} ${tall}`} role="img" aria-label={`By strategy: ${said}.`}>
            <defs>
              <pattern
                id={hatch}
                width="7"
                height="7"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <path d="M0 0V7" className="eight-hatch" />
              </pattern>
            </defs>
            {[1, 2, 3].map((level) => (
              <path key={level} className="eight-grid" d={`M0 ${top(level)}H${wide}`} />
            ))}
            {summary.strategies.map((one, at) => (
              <Column key={one.strategy} one={one} x={at * pitch + (pitch - column) / 2} hatch={hatch} />
            ))}
            <path className="eight-target" d={`M0 ${top(summary.target)}H${wide}`} />
          </svg>
          <ul>
            {summary.strategies.map((one) => (
              <li key={one.strategy}>
                <button
                  type="button"
                  className="textual"
                  aria-pressed={picked === one.strategy}
                  onClick={() => pick(one.strategy)}
                >
                  {shortTitle[one.strategy]}
                  <span className="unseen">, {levelWords(one)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Legend hatch={hatch} target={summary.target} />
    </section>
  );
}

function Column({ one, x, hatch }: { one: Strategy; x: number; hatch: string }) {
  const { level, possible, target, applies } = one;
  if (!applies)
    return (
      <text className="eight-word muted" x={x + column / 2} y={top(1)}>
        n/a
      </text>
    );
  const middle = x + column / 2;
  return (
    <g>
      {possible > level && (
        <>
          <rect
            className="eight-possible"
            fill={`url(#${hatch})`}
            x={x + 1}
            y={top(possible) + 1}
            width={column - 2}
            height={(possible - level) * step - 2}
          />
          <text className="eight-word unknown" x={middle} y={top(possible) + 20}>
            ML{possible}?
          </text>
        </>
      )}
      {level > 0 && (
        <>
          <rect
            className={level >= target ? 'eight-met' : 'eight-short'}
            x={x}
            y={top(level)}
            width={column}
            height={level * step}
          />
          <text className="eight-word on" x={middle} y={top(level) + 20}>
            ML{level}
          </text>
        </>
      )}
      <path className="eight-foot" d={`M${x} ${floor}h${column}`} />
      {level === 0 && (
        <text className="eight-word" x={middle} y={floor - 6}>
          ML0
        </text>
      )}
    </g>
  );
}

function Legend({ hatch, target }: { hatch: string; target: number }) {
  return (
    <p className="small muted eight-legend">
      <span className="line">
        <svg width="12" height="12" aria-hidden="true">
          <rect className="eight-met" width="12" height="12" />
        </svg>
        reached, ML{target} or above
      </span>
      <span className="line">
        <svg width="12" height="12" aria-hidden="true">
          <rect className="eight-short" width="12" height="12" />
        </svg>
        reached, below the target
      </span>
      <span className="line">
        <svg width="12" height="12" aria-hidden="true">
          <rect className="eight-possible" fill={`url(#${hatch})`} x="1" y="1" width="10" height="10" />
        </svg>
        unknown: could be reached
      </span>
      <span className="line">
        <svg width="16" height="12" aria-hidden="true">
          <path className="eight-target" d="M0 6H16" />
        </svg>
        target
      </span>
    </p>
  );
}

function EightTable({
  strategies,
  pick,
}: {
  strategies: readonly Strategy[];
  pick: (strategy: string) => void;
}) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Strategy</th>
          <th>Reached</th>
          <th>Possible</th>
          {[1, 2, 3].map((level) => (
            <th key={level} className="number">
              ML{level}: met of asked
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {strategies.map((one) => (
          <tr key={one.strategy}>
            <td>
              <button type="button" className="textual" onClick={() => pick(one.strategy)}>
                {shortTitle[one.strategy]}
              </button>
            </td>
            <td>{one.applies ? `ML${one.level}` : 'does not apply'}</td>
            <td>{one.applies ? `ML${one.possible}` : ''}</td>
            {one.tallies.map((tally) => (
              <td key={tally.level} className="number">
                {tally.met} of {tally.asked - tally.notApplicable}
                {tally.unknown > 0 && <span className="unknown">, {tally.unknown} unknown</span>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
