import type { FindingView } from '#contract/governance/risk';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { riskFindingsQuery } from '../../api/risk.ts';
import { useApi } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { percent } from './words.ts';

const most = 15;

/** Open vulnerabilities by when they are due: what to act on, what to attend to, what to track, each with its reasons. */
export function DueFirst({ environment }: { environment: string }) {
  const query = useQuery(riskFindingsQuery(useApi(), environment));
  const [whole, setWhole] = useState(false);
  const found = query.data?.findings ?? [];
  const shown = whole ? found : found.slice(0, most);
  return (
    <section className="risk-panel whole" aria-label="Due first">
      <h2>
        Due first{' '}
        {query.data && <span className="muted plain">{count(query.data.total)} open vulnerabilities</span>}
      </h2>
      {query.isError && (
        <Failure
          what="The vulnerabilities could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the vulnerabilities" />}
      {query.data && found.length === 0 && (
        <p className="muted">
          No vulnerability is open. A scanner's file is taken over with “ironbark risk import”.
        </p>
      )}
      {shown.length > 0 && (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Due</th>
                <th scope="col">Decision</th>
                <th scope="col">Vulnerability</th>
                <th scope="col">On</th>
                <th scope="col">Exploited?</th>
                <th scope="col">EPSS</th>
                <th scope="col">Exposure</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Line key={one.id} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > most && (
        <button type="button" className="btn slim" onClick={() => setWhole(!whole)}>
          {whole ? 'Fewer' : `All ${count(found.length)}`}
        </button>
      )}
      {query.data && query.data.total > found.length && (
        <p className="muted small">{count(query.data.total - found.length)} later ones are not shown.</p>
      )}
    </section>
  );
}

function Line({ one }: { one: FindingView }) {
  const { word, tone } = decided[one.decision];
  return (
    <tr>
      <td>
        <Exact at={one.dueAt} />{' '}
        {one.overdue ? <span className="critical">late</span> : <span className="muted">{one.dueBy}</span>}
      </td>
      <td>
        <span className={tone}>{word}</span> <span className="muted">{one.decision}</span>
      </td>
      <td title={one.title}>
        <span className="mono">{one.vulnerability}</span> <span className="muted">{one.package}</span>
      </td>
      <td>{one.assetName}</td>
      <td>{exploited(one)}</td>
      <td className="num">{one.epss === null ? 'not known' : percent(one.epss)}</td>
      <td>{one.points.exposure}</td>
      <td>{one.points.impact}</td>
    </tr>
  );
}

const decided: Readonly<Record<FindingView['decision'], { word: string; tone: string }>> = {
  immediate: { word: 'Act', tone: 'critical' },
  'out-of-cycle': { word: 'Attend', tone: 'high' },
  scheduled: { word: 'Track', tone: 'medium' },
  defer: { word: 'Track', tone: 'low' },
};

const exploited = ({ seen, kev, points }: FindingView): string =>
  seen
    ? 'here, seen by us'
    : kev
      ? 'yes, known'
      : points.exploitation === 'public poc'
        ? 'likely'
        : 'not known';
