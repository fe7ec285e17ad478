import { useNow, usePreferences } from '../app/context.tsx';
import { age, exact } from './words.ts';

/** How long ago, with the exact time on hover. */
export function Ago({ at, suffix = false }: { at: string; suffix?: boolean }) {
  const now = useNow(10);
  const { clock } = usePreferences();
  const date = new Date(at);
  const seconds = (now - date.getTime()) / 1000;
  return (
    <time dateTime={at} title={exact(date, clock)}>
      {seconds < 10 ? 'now' : `${age(seconds)}${suffix ? ' ago' : ''}`}
    </time>
  );
}

export function Exact({ at, milliseconds = false }: { at: string; milliseconds?: boolean }) {
  const { clock } = usePreferences();
  return (
    <time className="mono" dateTime={at} title={at}>
      {exact(new Date(at), clock, milliseconds ? 'millisecond' : 'second')}
    </time>
  );
}

/** From and to; the day is not said twice. */
export function Span({ from, to }: { from: string; to: string }) {
  const { clock } = usePreferences();
  const first = exact(new Date(from), clock);
  const last = exact(new Date(to), clock);
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return (
    <span className="mono" title={`${from} to ${to}`}>
      {first === last ? first : `${first.slice(0, 19)} to ${sameDay ? last.slice(11) : last}`}
    </span>
  );
}
