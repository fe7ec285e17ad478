import './evidence.css';
import type { System } from '#contract/governance';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { findingsQuery, systemsQuery, unknownQuery } from '../../api/evidence.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { EnvironmentBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Findings } from './findings.tsx';
import { Inbox } from './inbox.tsx';
import { SendFiles } from './send-files.tsx';
import { UnknownControls } from './unknown.tsx';

const views = ['inbox', 'unknown', 'findings'] as const;
type View = (typeof views)[number];

/** What is known of a system and from where; what nobody knows; and what was found wanting. */
export function EvidenceRoom() {
  const search = useSearch({ from: '/inside/evidence' });
  const navigate = useNavigate({ from: '/evidence' });
  const query = useQuery(systemsQuery(useApi()));
  const systems = query.data?.systems ?? [];
  const system = systems.find(({ environment }) => environment === search.system) ?? systems[0];
  const [files, setFiles] = useState<readonly File[]>();
  const maySend = useMay('evidence.send') && system !== undefined;
  const view: View = views.find((one) => one === search.view) ?? 'inbox';
  const go = (change: { view?: string; system?: string; at?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, at: undefined, ...change }) });
  return (
    <div
      className="page"
      onDragOver={(event) => {
        if (maySend) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!maySend || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        setFiles([...event.dataTransfer.files]);
      }}
    >
      <div className="room-head">
        <h1>Evidence</h1>
        {system && <EnvironmentBadge marking={system.marking} />}
        {systems.length > 1 && <Systems systems={systems} at={system} pick={(id) => go({ system: id })} />}
        {system && <Views environment={system.environment} view={view} pick={(one) => go({ view: one })} />}
        {maySend && (
          <button type="button" className="btn main" onClick={() => setFiles([])}>
            Send files
          </button>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The systems could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading" />}
      {query.data && systems.length === 0 && (
        <Empty title="There is no system to see">
          Evidence is kept for the provider’s environments. It is seen by who covers the provider’s own
          tenancy there.
        </Empty>
      )}
      {system && view === 'inbox' && (
        <Inbox environment={system.environment} at={search.at} open={(at) => go({ at })} />
      )}
      {system && view === 'unknown' && <UnknownControls environment={system.environment} />}
      {system && view === 'findings' && (
        <Findings environment={system.environment} at={search.at} open={(at) => go({ at })} />
      )}
      {system && files && (
        <SendFiles
          key={system.environment}
          environment={system.environment}
          dropped={files}
          close={() => setFiles(undefined)}
        />
      )}
    </div>
  );
}

function Systems({
  systems,
  at,
  pick,
}: {
  systems: readonly System[];
  at: System | undefined;
  pick: (environment: string) => void;
}) {
  return (
    <span className="line" role="group" aria-label="Which system">
      {systems.map(({ environment, name }) => (
        <button
          key={environment}
          type="button"
          className="chip"
          aria-pressed={environment === at?.environment}
          onClick={() => pick(environment)}
        >
          {name}
        </button>
      ))}
    </span>
  );
}

function Views({ environment, view, pick }: { environment: string; view: View; pick: (view: View) => void }) {
  const api = useApi();
  const unknown = useQuery(unknownQuery(api, environment)).data?.unknown.length;
  const findings = useQuery(findingsQuery(api, environment, 'open')).data?.findings.length;
  const named = (name: string, count: number | undefined): string =>
    count === undefined ? name : `${name} (${count})`;
  const words: Readonly<Record<View, string>> = {
    inbox: 'Inbox',
    unknown: named('Unknown', unknown),
    findings: named('Findings', findings),
  };
  return (
    <span className="line" role="group" aria-label="What to look at">
      {views.map((one) => (
        <button
          key={one}
          type="button"
          className="chip"
          aria-pressed={one === view}
          onClick={() => pick(one)}
        >
          {words[one]}
        </button>
      ))}
    </span>
  );
}
