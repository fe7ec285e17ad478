import './policies.css';
import type { DocumentList, DocumentView } from '#contract/governance/policies';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { documentsQuery, myDocumentsQuery } from '../../api/documents.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { AddDocument } from './add-document.tsx';
import { Day, Due, kindWord, OwedMark, ReviewMark } from './words.tsx';

/** Our own documents: what I am to read, what holds and what is due, and what is required. */
export function PoliciesRoom() {
  const search = useSearch({ from: '/inside/policies' });
  const navigate = useNavigate({ from: '/policies' });
  const reads = useMay('governance.read');
  const may = useMay('governance.manage');
  const [adding, setAdding] = useState<{ key: string; environment: string | null } | true>();
  const api = useApi();
  const mine = useQuery(myDocumentsQuery(api));
  const register = useQuery({ ...documentsQuery(api), enabled: reads });
  const owed = mine.data?.documents.filter(({ state }) => state !== 'acknowledged').length ?? 0;
  const views = [
    ...(reads
      ? [
          { view: 'register', name: 'Register', size: register.data?.documents.length },
          {
            view: 'required',
            name: 'Required',
            size: register.data?.required.filter(({ state }) => state !== 'in-force').length,
          },
        ]
      : []),
    { view: 'mine', name: 'For me to read', size: owed },
  ];
  const view = views.find((one) => one.view === search.view)?.view ?? views[0]?.view;
  return (
    <div className="page">
      <div className="room-head">
        <h1>Policies</h1>
        <span className="line" role="group" aria-label="What to show">
          {views.map((one) => (
            <button
              key={one.view}
              type="button"
              className="chip"
              aria-pressed={view === one.view}
              onClick={() => void navigate({ search: (before) => ({ ...before, view: one.view }) })}
            >
              {one.name}
              {one.size !== undefined && <b>{one.size}</b>}
            </button>
          ))}
        </span>
        {may && (
          <button type="button" className="btn main" onClick={() => setAdding(true)}>
            Add a document
          </button>
        )}
      </div>
      {(register.isError || mine.isError) && (
        <Failure
          what="The documents could not be loaded"
          error={register.error ?? mine.error}
          retry={() => void Promise.all([register.refetch(), mine.refetch()])}
        />
      )}
      {(register.isLoading || mine.isLoading) && <Progress what="Loading the documents" />}
      {view === 'register' && register.data && <Register list={register.data} />}
      {view === 'required' && register.data && (
        <RequiredOnes
          list={register.data}
          add={may ? (key, environment) => setAdding({ key, environment }) : undefined}
        />
      )}
      {view === 'mine' && mine.data && <Mine documents={mine.data.documents} />}
      {adding && (
        <AddDocument {...(adding === true ? {} : { required: adding })} close={() => setAdding(undefined)} />
      )}
    </div>
  );
}

function Register({ list }: { list: DocumentList }) {
  if (list.documents.length === 0)
    return (
      <Empty title="No document is registered">
        Policies, standards, plans and procedures are kept here in versions, approved by who holds the office,
        reviewed at least every year, and read by those they concern. Under Required are templates to begin
        from.
      </Empty>
    );
  const overdue = list.documents.filter(({ review }) => review.state === 'overdue').length;
  const unread = list.documents.reduce((sum, { acknowledged }) => sum + acknowledged.overdue, 0);
  return (
    <>
      <p className="muted small">
        {plural(list.documents.length, 'document')}; {plural(overdue, 'review')} overdue;{' '}
        {plural(unread, 'acknowledgement')} overdue
      </p>
      <div className="scroll section" tabIndex={0} role="region" aria-label="Register of documents">
        <table className="table">
          <thead>
            <tr>
              <th>Document</th>
              <th>Kind</th>
              <th>For</th>
              <th className="number">Version</th>
              <th>Review</th>
              <th>Current as at</th>
              <th>Next review</th>
              <th>Acknowledged</th>
              <th>Owner</th>
            </tr>
          </thead>
          <tbody>
            {list.documents.map((one) => (
              <tr key={one.id}>
                <td>
                  <Link to="/policies/$id" params={{ id: one.id }}>
                    <b>{one.title}</b>
                  </Link>
                  {one.next && (
                    <div className="muted small">
                      version {one.next.number}{' '}
                      {one.next.state === 'draft' ? 'waits for approval' : 'is approved for its day'}
                    </div>
                  )}
                </td>
                <td>{kindWord[one.kind]}</td>
                <td>{one.environments.length === 0 ? 'organisation' : one.environments.join(', ')}</td>
                <td className="number">{one.version ?? '–'}</td>
                <td>
                  <ReviewMark state={one.review.state} />
                </td>
                <td>
                  <Day at={one.review.currentAsAt} />
                </td>
                <td>
                  {one.review.dueAt ? <Due at={one.review.dueAt} /> : <span className="muted">none</span>}
                </td>
                <td>
                  <Acknowledged of={one} />
                </td>
                <td>{one.owner.name}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** A bar with its figures: who did, who is late. */
export function Acknowledged({ of: { acknowledged } }: { of: Pick<DocumentView, 'acknowledged'> }) {
  if (acknowledged.of === 0) return <span className="muted">nobody is to</span>;
  const part = (value: number): string => `${(100 * value) / acknowledged.of}%`;
  return (
    <span className="read-bar-line">
      <span className="read-bar" aria-hidden="true">
        <i className="done" style={{ width: part(acknowledged.acknowledged) }} />
        <i className="late" style={{ width: part(acknowledged.overdue) }} />
      </span>
      <span>
        {acknowledged.acknowledged} of {acknowledged.of}
        {acknowledged.overdue > 0 && <span className="critical">, {acknowledged.overdue} late</span>}
      </span>
    </span>
  );
}

const requiredMark = {
  missing: ['failing', 'Missing'],
  draft: ['degraded', 'Not approved yet'],
  overdue: ['degraded', 'Review overdue'],
  'in-force': ['healthy', 'In force'],
} as const;

function RequiredOnes({
  list,
  add,
}: {
  list: DocumentList;
  add: ((key: string, environment: string | null) => void) | undefined;
}) {
  return (
    <div className="scroll section" tabIndex={0} role="region" aria-label="Required documents">
      <table className="table">
        <thead>
          <tr>
            <th>Document</th>
            <th>System</th>
            <th>Asked for by</th>
            <th>State</th>
            <th>
              <span className="unseen">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.required.map((one) => (
            <tr key={`${one.key} ${one.environment ?? ''}`}>
              <td>
                {one.document === null ? (
                  <b>{one.title}</b>
                ) : (
                  <Link to="/policies/$id" params={{ id: one.document }}>
                    <b>{one.title}</b>
                  </Link>
                )}
                <div className="muted small">{one.why}</div>
              </td>
              <td>{one.environment ?? 'organisation'}</td>
              <td className="mono">{one.controls.join(' ').toUpperCase()}</td>
              <td>
                <HealthMark state={requiredMark[one.state][0]} word={requiredMark[one.state][1]} />
              </td>
              <td>
                {one.document === null && add && (
                  <button type="button" className="btn slim" onClick={() => add(one.key, one.environment)}>
                    Begin from the template
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Mine({
  documents,
}: {
  documents: readonly {
    id: string;
    title: string;
    kind: DocumentView['kind'];
    version: number;
    currentAsAt: string;
    state: 'acknowledged' | 'due' | 'overdue';
    dueAt: string;
    at: string | null;
  }[];
}) {
  if (documents.length === 0)
    return (
      <Empty title="Nothing is for you to read">
        Documents that concern you come here when they are approved. Your account has to belong to a person of
        the provider.
      </Empty>
    );
  return (
    <table className="table section">
      <thead>
        <tr>
          <th>Document</th>
          <th>Kind</th>
          <th className="number">Version</th>
          <th>Current as at</th>
          <th>State</th>
          <th>Due</th>
        </tr>
      </thead>
      <tbody>
        {documents.map((one) => (
          <tr key={one.id}>
            <td>
              <Link to="/policies/$id" params={{ id: one.id }}>
                <b>{one.title}</b>
              </Link>
            </td>
            <td>{kindWord[one.kind]}</td>
            <td className="number">{one.version}</td>
            <td>
              <Day at={one.currentAsAt} />
            </td>
            <td>
              <OwedMark state={one.state} />
            </td>
            <td>{one.at === null ? <Due at={one.dueAt} /> : <span className="muted">done</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
