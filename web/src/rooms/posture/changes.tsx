import type { MaturityDetail } from '#contract/essential-eight';
import { Ago } from '../../parts/when.tsx';
import { shortTitle, VerdictMark } from './words.tsx';

/** What is otherwise than it was a day ago. */
export function Changes({ detail, open }: { detail: MaturityDetail; open: (control: string) => void }) {
  const { since, level, strategies, controls } = detail.changes;
  const asks = new Map(detail.controls.map((one) => [one.control, one.asks]));
  const none = level === null && strategies.length === 0 && controls.length === 0;
  return (
    <section className="posture-box" aria-label="Changed since yesterday">
      <h2>Changed since yesterday</h2>
      {since === null && (
        <p className="muted">Nothing was kept a day ago: what changes shows here from tomorrow on.</p>
      )}
      {since !== null && (
        <p className="muted small">
          against what stood since <Ago at={since} suffix />
        </p>
      )}
      {since !== null && none && <p>Nothing changed.</p>}
      {level && (
        <p>
          <b>
            ML{level.before} to ML{level.after}
          </b>{' '}
          in all
        </p>
      )}
      <ul className="stack tight">
        {strategies.map((one) => (
          <li key={one.strategy}>
            {shortTitle[one.strategy]}: ML{one.before} to <b>ML{one.after}</b>
          </li>
        ))}
        {controls.slice(0, 12).map((one) => (
          <li key={one.control} className="line">
            <button type="button" className="textual clip grow" onClick={() => open(one.control)}>
              <span className="mono muted">{one.control}</span> {asks.get(one.control)}
            </button>
            <span className="muted small">now</span> <VerdictMark verdict={one.after} />
          </li>
        ))}
      </ul>
      {controls.length > 12 && <p className="muted small">and {controls.length - 12} more controls</p>}
    </section>
  );
}
