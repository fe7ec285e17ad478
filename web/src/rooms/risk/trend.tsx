import type { RunSummary } from '#contract/governance/risk';
import { Exact } from '../../parts/when.tsx';
import { aud, percent } from './words.ts';

const wide = 400;
const tall = 96;

/** The expected loss of each run: as steps, since it holds until the next. */
export function Trend({ runs }: { runs: readonly RunSummary[] }) {
  const top = Math.max(1, ...runs.map(({ lossMean }) => lossMean));
  const first = Date.parse(runs[0]?.at ?? '');
  const last = Date.parse(runs.at(-1)?.at ?? '');
  const x = (at: string) => (last === first ? 0 : ((Date.parse(at) - first) / (last - first)) * (wide - 12));
  const y = (loss: number) => tall - 6 - (loss / top) * (tall - 12);
  const path = runs.map(
    (run, i) =>
      `${i === 0 ? 'M' : 'H'}${x(run.at)}${i === 0 ? ` ${y(run.lossMean)}` : `V${y(run.lossMean)}`}`,
  );
  const shown = runs.slice(-5).reverse();
  return (
    <section className="risk-panel" aria-label="Trend">
      <h2>
        Trend <span className="muted plain">expected loss, each run</span>
      </h2>
      <svg
        className="risk-trend"
        viewBox={`0 0 ${wide} ${tall}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${runs.length} runs; now ${aud(runs.at(-1)?.lossMean ?? 0)}.`}
      >
        <path d={`${path.join('')}H${wide}`} />
      </svg>
      <table className="table">
        <tbody>
          {shown.map((run) => (
            <tr key={run.id}>
              <td>
                <Exact at={run.at} />
              </td>
              <td className="num">{aud(run.lossMean)}</td>
              <td className="num">{percent(run.top)} at most</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
