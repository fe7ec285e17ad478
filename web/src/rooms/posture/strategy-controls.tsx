import type { MaturityDetail } from '#contract/essential-eight';
import { Fragment, useEffect, useRef, useState } from 'react';
import { Ago } from '../../parts/when.tsx';
import { GapDetail } from './gaps.tsx';
import { type Control, shortTitle, VerdictMark } from './words.tsx';

const confidenceWord: Readonly<Record<string, string>> = {
  direct: 'seen directly',
  proxy: 'by what goes with it',
  partial: 'in part',
  attested: 'somebody says so',
};

/** The controls of one strategy, or of all: which level asks for each, how it stands and why. */
export function StrategyControls({
  detail,
  strategy,
  at,
  open,
}: {
  detail: MaturityDetail;
  strategy: string | undefined;
  at: string | undefined;
  open: (control: string | undefined) => void;
}) {
  const [only, setOnly] = useState<'lacking' | 'all'>('all');
  const opened = useRef<HTMLTableRowElement>(null);
  // Opened from the list above, its row may be far down.
  useEffect(() => opened.current?.scrollIntoView({ block: 'nearest' }), [at]);
  const of = detail.strategies.find((one) => one.strategy === strategy);
  const inStrategy = detail.controls.filter(
    (one) => of === undefined || one.strategies.includes(of.strategy),
  );
  const lacking = inStrategy.filter(({ verdict }) => verdict === 'not-met' || verdict === 'unknown');
  const shown = only === 'lacking' ? lacking : inStrategy;
  return (
    <section className="section" aria-label="Controls">
      <div className="line wrap posture-controls-head">
        <h2>{of ? shortTitle[of.strategy] : 'All controls of the eight'}</h2>
        {(['all', 'lacking'] as const).map((which) => (
          <button
            key={which}
            type="button"
            className="chip"
            aria-pressed={only === which}
            onClick={() => setOnly(which)}
          >
            {which === 'all' ? `All (${inStrategy.length})` : `Not met or unknown (${lacking.length})`}
          </button>
        ))}
      </div>
      <table className="table">
        <thead>
          <tr>
            <th>Control</th>
            <th>What it asks</th>
            <th>Levels</th>
            <th>Stands</th>
            <th>Owner</th>
            <th className="number">As of</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <Fragment key={one.control}>
              <tr className={one.control === at ? 'picked' : ''}>
                <td>
                  <button
                    type="button"
                    className="textual mono"
                    aria-expanded={one.control === at}
                    onClick={() => open(one.control === at ? undefined : one.control)}
                  >
                    {one.control}
                  </button>
                </td>
                <td>{one.asks}</td>
                <td className="mono">{one.levels.map((level) => `ML${level}`).join(' ')}</td>
                <td>
                  <VerdictMark verdict={one.verdict} />
                  {one.confidence !== null && (
                    <div className="muted small">{confidenceWord[one.confidence] ?? one.confidence}</div>
                  )}
                </td>
                <td>{one.owner ?? <span className="muted">nobody</span>}</td>
                <td className="number muted">{one.asOf === null ? '' : <Ago at={one.asOf} />}</td>
              </tr>
              {one.control === at && (
                <tr className="picked" ref={opened}>
                  <td />
                  <td colSpan={5}>
                    <Why one={one} detail={detail} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Why({ one, detail }: { one: Control; detail: MaturityDetail }) {
  const gap = detail.gaps.find(({ control }) => control === one.control);
  return gap ? <GapDetail gap={gap} /> : <p>{one.because}</p>;
}
