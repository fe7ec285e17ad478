import type { RiskPage, RiskResultView } from '#contract/governance/risk';
import { lossOf, percent } from './words.ts';

export const outcomeId = (one: { asset: string; dimension: string }): string =>
  `${one.asset} ${one.dimension}`;
const most = 30;

/** Each outcome as a bar from 5 to 95 %, with its probability marked: how much is known is how short the bar is. */
export function Outcomes({
  result,
  picked,
  open,
}: {
  page: RiskPage;
  result: RiskResultView;
  picked: string | undefined;
  open: (at: string | undefined) => void;
}) {
  const shown = result.outcomes.filter(({ high }) => high > 0).slice(0, most);
  const scale = Math.max(0.05, ...shown.map(({ high }) => high));
  const at = (p: number): string => `${(p / scale) * 100}%`;
  return (
    <section className="risk-panel risk-box" aria-label="What may happen">
      <h2>
        What may happen{' '}
        <span className="muted plain">probability, 5 to 95 %; the bar ends at {percent(scale)}</span>
      </h2>
      {shown.length === 0 && <p className="muted">Nothing is lost in any draw.</p>}
      <ul className="risk-bars">
        {shown.map((one) => (
          <li key={outcomeId(one)}>
            <button
              type="button"
              className="risk-bar"
              aria-pressed={picked === outcomeId(one)}
              onClick={() => open(picked === outcomeId(one) ? undefined : outcomeId(one))}
            >
              <span className="risk-name">
                {one.name} <span className="muted">{lossOf[one.dimension]}</span>
              </span>
              <span className="risk-line" aria-hidden="true">
                <i style={{ left: at(one.low), width: at(one.high - one.low) }} />
                <b style={{ left: at(one.probability) }} />
              </span>
              <span className="num">
                {percent(one.probability)}{' '}
                <span className="muted">
                  {percent(one.low)} to {percent(one.high)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {result.outcomes.length > most && (
        <p className="muted small">{result.outcomes.length - most} less probable ones are not shown.</p>
      )}
    </section>
  );
}
