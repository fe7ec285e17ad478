import type { RiskResultView } from '#contract/governance/risk';
import { plural } from '../../parts/words.ts';
import { outcomeId } from './outcomes.tsx';
import { aud, lossOf, percent } from './words.ts';

/** What is worth an hour of work, the best first; each was tried on the same draws. */
export function Treatments({ result }: { environment: string; result: RiskResultView }) {
  const shown = result.treatments.filter(({ drop }) => drop > 0).slice(0, 12);
  const names = new Map(result.outcomes.map((one) => [one.asset, one.name]));
  return (
    <section className="risk-panel whole" aria-label="What helps most">
      <h2>
        What helps most <span className="muted plain">for an hour of work</span>
      </h2>
      {shown.length === 0 && <p className="muted">Nothing that was tried makes a difference.</p>}
      {shown.length > 0 && (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Work</th>
                <th scope="col">Hours</th>
                <th scope="col">Expected loss saved</th>
                <th scope="col">An hour</th>
                <th scope="col">Most on</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => {
                const [first] = one.differences;
                return (
                  <tr key={one.id}>
                    <td>
                      {one.title}{' '}
                      {one.kind === 'fix' && (
                        <span className="muted">{plural(one.closes.length, 'place')}</span>
                      )}
                    </td>
                    <td className="num">{one.hours}</td>
                    <td className="num">{aud(one.lossDrop)}</td>
                    <td className="num">{aud(one.lossDropPerHour)}</td>
                    <td>
                      {first && (
                        <span key={outcomeId(first)}>
                          {names.get(first.asset) ?? first.asset} {lossOf[first.dimension]}:{' '}
                          <span className="num">
                            {percent(first.before)} to {percent(first.after)}
                          </span>
                        </span>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
