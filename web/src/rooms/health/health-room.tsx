import './health.css';
import type { Health } from '#contract/app';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { bytes, count } from '../../parts/words.ts';

const said: Readonly<Record<Health['overall'], string>> = {
  healthy: 'Everything works',
  degraded: 'Something needs a look',
  failing: 'Something does not work',
  unknown: 'Not measured yet',
};

export function HealthRoom() {
  const api = useApi();
  const query = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => api.get<Health>('/health', undefined, signal),
    refetchInterval: 5_000,
  });
  const health = query.data;
  return (
    <div className="page">
      <div className="room-head">
        <h1>Health</h1>
        {health && <HealthMark state={health.overall} word={said[health.overall]} />}
      </div>
      {query.isError && (
        <Failure
          what="The health of the system could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Measuring" />}
      {health && (
        <>
          <p className="muted small">
            Ironbark {health.version}, up since <Exact at={health.startedAt} />, measured{' '}
            <Ago at={new Date(query.dataUpdatedAt).toISOString()} suffix />
          </p>
          <Pipeline health={health} />
          <Storage storage={health.storage} />
          <section className="section" aria-label="Parts">
            <h2>Parts</h2>
            <table className="table health-parts">
              <thead>
                <tr>
                  <th>Part</th>
                  <th>State</th>
                  <th>What is known</th>
                  <th className="number">Measured</th>
                </tr>
              </thead>
              <tbody>
                {health.parts.map((part) => (
                  <tr key={part.name}>
                    <td>{part.name}</td>
                    <td>
                      <HealthMark state={part.state} />
                    </td>
                    <td className="muted">{part.detail}</td>
                    <td className="number muted">
                      <Ago at={part.measuredAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </div>
  );
}

const unknownWord = <span className="unknown">not measured yet</span>;

function Pipeline({ health: { pipeline } }: { health: Health }) {
  const { p50, p99 } = pipeline.ingestToAlertMilliseconds;
  return (
    <section className="section" aria-label="Pipeline">
      <h2>Pipeline</h2>
      <dl className="figures">
        <div>
          <dt>Events stored and matched</dt>
          <dd>
            {count(pipeline.eventsPerSecond)} <span>a second</span>
          </dd>
        </div>
        <div>
          <dt>Taken, not yet stored</dt>
          <dd>
            {count(pipeline.pendingEvents)} <span>events</span>
          </dd>
        </div>
        <div>
          <dt>From the door to the alert, half of them within</dt>
          <dd>
            {p50 === null ? (
              unknownWord
            ) : (
              <>
                {count(p50)} <span>ms</span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>99 of 100 within</dt>
          <dd>
            {p99 === null ? (
              unknownWord
            ) : (
              <>
                {count(p99)} <span>ms</span>
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Storage({ storage }: { storage: Health['storage'] }) {
  const share = storage.spoolCapBytes > 0 ? storage.spoolBytes / storage.spoolCapBytes : 0;
  return (
    <section className="section" aria-label="Storage">
      <h2>Storage</h2>
      <dl className="figures">
        <div>
          <dt>Events kept</dt>
          <dd>{storage.events === null ? unknownWord : count(storage.events)}</dd>
        </div>
        <div>
          <dt>On disk, an event</dt>
          <dd>{storage.bytesPerEvent === null ? unknownWord : bytes(storage.bytesPerEvent)}</dd>
        </div>
        <div>
          <dt>Free on disk</dt>
          <dd>{bytes(storage.diskFreeBytes)}</dd>
        </div>
        <div>
          <dt>
            Spool, {bytes(storage.spoolBytes)} of {bytes(storage.spoolCapBytes)}
          </dt>
          <dd>
            <meter
              className="meter"
              min={0}
              max={1}
              high={0.7}
              optimum={0}
              value={share}
              aria-label={`Spool ${Math.round(share * 100)} % full`}
            />
          </dd>
        </div>
      </dl>
    </section>
  );
}
