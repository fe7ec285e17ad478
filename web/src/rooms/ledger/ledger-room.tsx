import './ledger.css';
import type { LedgerLog } from '#contract/ledger';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { Entries } from './entries.tsx';

const said: Readonly<Record<LedgerLog['state'], string>> = {
  healthy: 'Goes on as it should',
  degraded: 'Needs a look',
  failing: 'Does not add up',
  unknown: 'Not known',
};

/** What was done, and what proves it: the log as a whole above, its entries below. */
export function LedgerRoom() {
  const api = useApi();
  const query = useQuery({
    queryKey: ['ledger', 'log'],
    queryFn: ({ signal }) => api.get<LedgerLog>('/ledger/log', undefined, signal),
    refetchInterval: 5_000,
  });
  const log = query.data;
  return (
    <div className="page">
      <div className="room-head">
        <h1>Ledger</h1>
        {log && <HealthMark state={log.state} word={said[log.state]} />}
      </div>
      {query.isError && (
        <Failure
          what="The state of the ledger could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the log" />}
      {log && (
        <>
          <p className="muted small">{log.detail}</p>
          <Figures log={log} />
          <Witnesses witnesses={log.witnesses} />
        </>
      )}
      <Entries />
      {log && <Keys log={log} />}
    </div>
  );
}

function Figures({ log }: { log: LedgerLog }) {
  return (
    <section className="section" aria-label="The log">
      <dl className="ledger-figures">
        <div>
          <dt>Entries with a place</dt>
          <dd>{count(log.size)}</dd>
        </div>
        <div>
          <dt>Waiting for a place</dt>
          <dd>
            {count(log.waiting)}
            {log.waiting > 0 && <span> for {log.lagSeconds.toFixed(1)} s</span>}
          </dd>
        </div>
        <div>
          <dt>Newest signed checkpoint</dt>
          <dd>
            {log.checkpoint === null ? (
              <span className="unknown">none yet</span>
            ) : (
              <>
                {count(log.checkpoint.size)}{' '}
                <span>
                  entries, <Ago at={log.checkpoint.at} suffix />
                </span>
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

const word: Readonly<Record<LedgerLog['witnesses'][number]['state'], string>> = {
  'never-asked': 'Not asked yet',
  cosigns: 'Cosigns',
  silent: 'Does not answer',
  refuses: 'Refuses',
};
const mark = {
  'never-asked': 'unknown',
  cosigns: 'healthy',
  silent: 'degraded',
  refuses: 'failing',
} as const;

function Witnesses({ witnesses }: { witnesses: LedgerLog['witnesses'] }) {
  return (
    <section className="section" aria-label="Witnesses">
      <h2>Witnesses</h2>
      {witnesses.length === 0 ? (
        <p className="muted">
          No second party watches this ledger. It proves integrity only against those without its key. A
          customer or an auditor can run <code>ironbark witness</code>; name it in the policy file
          (IRONBARK_LEDGER_POLICY).
        </p>
      ) : (
        <table className="table ledger-table">
          <thead>
            <tr>
              <th>Witness</th>
              <th>State</th>
              <th>What is known</th>
              <th className="number">Last cosigned</th>
            </tr>
          </thead>
          <tbody>
            {witnesses.map((one) => (
              <tr key={one.name}>
                <td>{one.name}</td>
                <td>
                  <HealthMark state={mark[one.state]} word={word[one.state]} />
                </td>
                <td className="muted">{one.detail}</td>
                <td className="number muted">{one.at === null ? 'never' : <Ago at={one.at} suffix />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Keys({ log }: { log: LedgerLog }) {
  return (
    <section className="section" aria-label="Keys">
      <h2>Checking it yourself</h2>
      <p className="muted">
        With these keys and <code>ironbark verify</code> or any tool for transparency logs. Have the keys
        confirmed in another way than through this page.
      </p>
      <ul className="ledger-keys">
        {log.keys.map(({ vkey, sinceSize }) => (
          <li key={vkey}>
            <code>{vkey}</code> <span className="muted">from entry {count(sinceSize)} on</span>
          </li>
        ))}
      </ul>
      {log.checkpoint && <pre className="ledger-note">{log.checkpoint.note}</pre>}
    </section>
  );
}
