import { useEffect, useRef, useState } from 'react';
import { queryString } from '../../api/client.ts';
import type { EventRow } from '../../api/search.ts';

const kept = 1000;
const drawEveryMilliseconds = 250;

/** New events as they are stored, newest first; drawn four times a second at most. While paused they are counted, not drawn. */
export function useLiveTail(
  on: boolean,
  query: string,
  tenancies: readonly string[] | undefined,
  paused: boolean,
) {
  const [rows, setRows] = useState<readonly EventRow[]>([]);
  const [skipped, setSkipped] = useState(0);
  const [perSecond, setPerSecond] = useState(0);
  const [behind, setBehind] = useState(0);
  const [state, setState] = useState<'connecting' | 'live'>('connecting');
  const pausedNow = useRef(paused);
  pausedNow.current = paused;
  const scope = tenancies?.join(',');

  useEffect(() => {
    if (!on) return;
    setRows([]);
    setSkipped(0);
    setState('connecting');
    let buffer: EventRow[] = [];
    let seen = 0;
    const stream = new EventSource(`/api/events/tail${queryString({ query, tenancies: scope?.split(',') })}`);
    stream.addEventListener('open', () => setState('live'));
    stream.addEventListener('error', () => setState('connecting'));
    stream.addEventListener('event', (message) => {
      seen += 1;
      // The server checks what it sends against the contract's eventRow.
      buffer.unshift(JSON.parse(message.data) as EventRow);
      if (buffer.length > kept) buffer.length = kept;
    });
    stream.addEventListener('skipped', (message) => {
      const found: unknown = JSON.parse(message.data);
      const number =
        typeof found === 'number'
          ? found
          : found !== null && typeof found === 'object' && 'count' in found
            ? Number(found.count)
            : 0;
      seen += number;
      setSkipped((before) => before + number);
    });
    const draw = setInterval(() => {
      if (pausedNow.current) return setBehind(buffer.length);
      setBehind(0);
      if (buffer.length === 0) return;
      const fresh = buffer;
      buffer = [];
      setRows((before) => [...fresh, ...before].slice(0, kept));
    }, drawEveryMilliseconds);
    const rate = setInterval(() => {
      setPerSecond(seen / 2);
      seen = 0;
    }, 2000);
    return () => {
      stream.close();
      clearInterval(draw);
      clearInterval(rate);
    };
  }, [on, query, scope]);
  return { rows, skipped, perSecond, behind, state };
}
