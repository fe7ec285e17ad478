import type { Gap, MaturityDetail } from '#contract/essential-eight';
import { useNow } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { age, plural } from '../../parts/words.ts';

/** The controls between here and the target: the soonest due first. */
export function Gaps({
  detail,
  open,
  picked,
}: {
  detail: MaturityDetail;
  open: (control: string) => void;
  picked: string | undefined;
}) {
  const { gaps, target } = detail;
  const bad = gaps.filter(({ verdict }) => verdict === 'not-met').length;
  return (
    <section className="posture-box" aria-label={`What stands between here and ML${target}`}>
      <h2>What stands between here and ML{target}</h2>
      {gaps.length === 0 ? (
        <p>
          <HealthMark state="healthy" word={`Nothing: every control of ML${target} is met`} />
        </p>
      ) : (
        <>
          <p className="muted small">
            {plural(bad, 'control')} not met, {gaps.length - bad} unknown
          </p>
          <ul className="gaps">
            {gaps.map((gap) => (
              <li key={gap.control} className={gap.control === picked ? 'picked' : ''}>
                <button type="button" className="textual" onClick={() => open(gap.control)}>
                  <GapMark gap={gap} />
                  <span className="grow">
                    <span className="mono muted">{gap.control}</span> {gap.asks}
                  </span>
                </button>
                <span className="small gap-due">
                  <Due gap={gap} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const GapMark = ({ gap }: { gap: Gap }) =>
  gap.verdict === 'not-met' ? <HealthMark state="failing" word="" /> : <HealthMark state="unknown" word="" />;

/** How long is left, or how late; who is to be asked where no time is set. */
export function Due({ gap }: { gap: Pick<Gap, 'due' | 'verdict' | 'owner'> }) {
  const now = useNow(60);
  if (gap.due !== null) {
    const seconds = new Date(gap.due).getTime() / 1000 - now / 1000;
    return seconds < 0 ? (
      <span className="critical" title={gap.due}>
        {age(-seconds)} late
      </span>
    ) : (
      <span title={gap.due}>due in {age(seconds)}</span>
    );
  }
  if (gap.owner !== null) return <span className="muted">ask {gap.owner}</span>;
  return <span className="muted">nobody owns it</span>;
}

/** One gap whole: in words, with hosts and people, and which evidence to bring. */
export function GapDetail({ gap }: { gap: Gap }) {
  return (
    <div className="stack">
      <p>{gap.text}</p>
      {gap.failing.length > 0 && (
        <table className="table" aria-label="Who or what fails">
          <thead>
            <tr>
              <th>Host, person or data set</th>
              <th>Why</th>
              <th className="number">Due</th>
            </tr>
          </thead>
          <tbody>
            {gap.failing.map((one) => (
              <tr key={one.subject}>
                <td className="mono">{one.subject}</td>
                <td>{one.why}</td>
                <td className="number">
                  {one.due === null ? (
                    <span className="muted">none set</span>
                  ) : (
                    <Due gap={{ due: one.due, verdict: gap.verdict, owner: null }} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {gap.verdict === 'unknown' && gap.bring.length > 0 && (
        <div>
          <h3>What would settle it</h3>
          <ul className="dots">
            {gap.bring.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
