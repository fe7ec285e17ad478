import type { SourceBalance } from '#contract/soc/sources';
import { count } from '../../parts/words.ts';

/**
 * Received as the length, and what became of it as its parts. Where the parts don't make up the whole the rest is drawn
 * as unknown: a bar that does not close is the one thing to see here.
 */
export function Balance({ balance, tall = 10 }: { balance: SourceBalance; tall?: number }) {
  const { received, stored, rejected, pending } = balance;
  const rest = received - stored - rejected - pending;
  const whole = Math.max(received, stored + rejected + pending);
  const words = `${count(received)} received: ${count(stored)} stored, ${count(rejected)} rejected, ${count(pending)} pending${rest === 0 ? '' : `; ${count(rest)} not accounted for`}`;
  if (whole === 0) return <span className="muted small">nothing received yet</span>;
  const parts = [
    { name: 'stored', value: stored },
    { name: 'rejected', value: rejected },
    { name: 'pending', value: pending },
    { name: 'open', value: Math.max(0, rest) },
  ].filter((part) => part.value > 0);
  // A part too small to see still gets two pixels of the hundred: one lost line matters as much as a thousand.
  const widths = parts.map((part) => Math.max(2, (part.value / whole) * 100));
  const sum = widths.reduce((a, b) => a + b, 0);
  let left = 0;
  return (
    <span className="line balance">
      <svg
        viewBox={`0 0 100 ${tall}`}
        preserveAspectRatio="none"
        style={{ height: tall }}
        role="img"
        aria-label={words}
      >
        <title>{words}</title>
        {parts.map((part, at) => {
          const wide = ((widths[at] ?? 0) / sum) * 100;
          const x = left;
          left += wide;
          return (
            <rect key={part.name} className={`part-${part.name}`} x={x} y={0} width={wide} height={tall} />
          );
        })}
      </svg>
      <span className={rest === 0 ? 'ok small' : 'unknown small'} aria-hidden="true">
        {rest === 0 ? '✓' : '?'}
      </span>
    </span>
  );
}

export const BalanceLegend = () => (
  <p className="small muted balance-legend">
    {['stored', 'rejected', 'pending', 'open'].map((name) => (
      <span key={name} className="line">
        <svg width="10" height="10" aria-hidden="true">
          <rect className={`part-${name}`} width="10" height="10" />
        </svg>
        {name === 'open' ? 'not accounted for' : name}
      </span>
    ))}
  </p>
);
