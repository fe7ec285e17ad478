import type { Doors, Source } from '#contract/soc/sources';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { doorsQuery } from '../../api/sources.ts';
import { useApi } from '../../app/context.tsx';
import { CopyButton } from '../../parts/value.tsx';
import { Failure } from '../../parts/states.tsx';
import { type Shipper, shippersFor } from './shippers.ts';

/** What to put into the shipper that is already there; the secret is shown this once. */
export function Instructions({
  source,
  secret,
}: {
  source: Pick<Source, 'id' | 'authentication'>;
  secret: string | undefined;
}) {
  const { data, isError, error } = useQuery(doorsQuery(useApi()));
  const [chosen, setChosen] = useState<Shipper['id']>();
  if (isError) return <Failure what="The addresses of the doors could not be loaded" error={error} />;
  if (!data) return null;
  const shippers = shippersFor(source, secret ?? 'THE-SECRET', reachable(data));
  const shipper = shippers.find((one) => one.id === chosen) ?? shippers[0];
  return (
    <div className="section">
      {secret && (
        <div className="secret-line">
          <span className="grow">
            <b>Copy it now: it is shown this once.</b>
            <br />
            <span className="mono">{secret}</span>
          </span>
          <CopyButton text={secret} what="secret" />
        </div>
      )}
      {!secret &&
        source.authentication.kind !== 'listener' &&
        source.authentication.kind !== 'client-certificate' && (
          <p className="muted small">Put the secret in place of THE-SECRET. If it is lost, make a new one.</p>
        )}
      {shippers.length === 0 && (
        <p className="muted small">
          This system has no open door for that way of sending. An administrator can open one in the
          configuration.
        </p>
      )}
      <div className="shippers" role="group" aria-label="Shipper">
        {shippers.map((one) => (
          <button
            key={one.id}
            type="button"
            className="chip"
            aria-pressed={one.id === shipper?.id}
            onClick={() => setChosen(one.id)}
          >
            {one.name}
          </button>
        ))}
      </div>
      {shipper && (
        <>
          <div className="line apart" style={{ margin: '0 0 4px' }}>
            <span className="small muted">{shipper.file}</span>
            <CopyButton text={shipper.text} what="settings" />
          </div>
          <pre className="box nowrap" tabIndex={0}>
            {shipper.text}
          </pre>
        </>
      )}
    </div>
  );
}

/** A door that listens on every address is reached by the name this page was reached by. */
const reachable = (doors: Doors): Doors => ({
  doors: doors.doors.map((door) =>
    ['0.0.0.0', '::', ''].includes(door.host) ? { ...door, host: location.hostname } : door,
  ),
});
