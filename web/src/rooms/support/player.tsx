import { useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { recordingQuery } from '../../api/support.ts';
import { useApi } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { type Cast, readCast } from './cast.ts';
import { createTerminal, type Terminal } from './terminal.ts';

/** Plays one recording. Loading it is a playback: the ledger has it, and both sides see it. */
export function Player({ session, number }: { session: string; number: number }) {
  const { data, isPending, error } = useQuery(recordingQuery(useApi(), session, number));
  const cast = useMemo(() => (data ? readCast(data.recording) : undefined), [data]);
  if (error) return <Failure what="The recording could not be played" error={error} />;
  if (isPending || !cast) return <Progress what="Opening the recording" />;
  return <Screen cast={cast} />;
}

const speeds = [1, 2, 4, 8] as const;
/** Longer pauses are cut to this: nobody watches a prompt. */
const longestPauseSeconds = 2;
const frameMilliseconds = 50;

function Screen({ cast }: { cast: Cast }) {
  const [at, setAt] = useState(cast.seconds);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const lines = useScreenAt(cast, at);

  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      setAt((now) => {
        const next = cast.events.find((event) => event.at > now)?.at;
        if (next === undefined) {
          setPlaying(false);
          return cast.seconds;
        }
        const step = (frameMilliseconds / 1000) * speed;
        return next - now > longestPauseSeconds
          ? next - longestPauseSeconds + step
          : Math.min(now + step, cast.seconds);
      });
    }, frameMilliseconds);
    return () => clearInterval(timer);
  }, [playing, speed, cast]);

  const toggle = () => {
    if (!playing && at >= cast.seconds) setAt(0);
    setPlaying(!playing);
  };
  return (
    <div className="player">
      {/* Text that changes many times a second: read through as a transcript, not announced. */}
      <pre className="terminal" aria-label="Terminal" tabIndex={0}>
        {lines.map((line, row) => (
          // Rows have no identity but their place.
          <div key={row}>
            {line.map((run, index) => (
              <span key={index} className={run.style}>
                {run.text}
              </span>
            ))}
          </div>
        ))}
      </pre>
      <div className="line player-bar">
        <button type="button" className="btn slim" onClick={toggle}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <input
          type="range"
          aria-label="Position in seconds"
          min={0}
          max={Math.max(cast.seconds, 0.1)}
          step={0.1}
          value={at}
          onChange={(event) => {
            setPlaying(false);
            setAt(Number(event.currentTarget.value));
          }}
        />
        <span className="mono small">
          {clock(at)} / {clock(cast.seconds)}
        </span>
        <label className="small">
          Speed{' '}
          <select
            value={speed}
            onChange={(event) =>
              setSpeed(speeds.find((one) => one === Number(event.currentTarget.value)) ?? 1)
            }
          >
            {speeds.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** The screen at a moment: goes on from the last one, begins anew when it goes back. */
function useScreenAt(cast: Cast, at: number): ReturnType<Terminal['lines']> {
  const kept = useRef<{ cast: Cast; terminal: Terminal; next: number; at: number }>(undefined);
  return useMemo(() => {
    let from = kept.current;
    if (from === undefined || from.cast !== cast || from.at > at)
      from = { cast, terminal: createTerminal(cast.columns, cast.rows), next: 0, at: 0 };
    for (
      let event = cast.events[from.next];
      event !== undefined && event.at <= at;
      event = cast.events[from.next]
    ) {
      if (event.code === 'o') from.terminal.write(event.data);
      if (event.code === 'r') {
        const [columns = 80, rows = 24] = event.data.split('x').map(Number);
        if (columns > 0 && rows > 0) from.terminal.resize(columns, rows);
      }
      from.next++;
    }
    from.at = at;
    kept.current = from;
    return from.terminal.lines();
  }, [cast, at]);
}
