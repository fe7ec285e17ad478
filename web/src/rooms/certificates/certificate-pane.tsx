import type { CertificateDetail } from '#contract/governance/certificates';
import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addCondition,
  certificateQuery,
  certificatesKey,
  keepReport,
  meetCondition,
  recordSurveillance,
  reportPath,
  withdrawCertificate,
} from '../../api/certificates.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Value } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';
import { bytes } from '../../parts/words.ts';
import { graver, levelWord, schemeWord, StateMark, WarningMark } from './words.tsx';

type Doing =
  | { what: 'condition' }
  | { what: 'surveillance' }
  | { what: 'withdrawal' }
  | { what: 'met'; condition: string };

export function CertificatePane({ id, close }: { id: string; close: () => void }) {
  const query = useQuery(certificateQuery(useApi(), id));
  const may = useMay('governance.manage');
  const [doing, setDoing] = useState<Doing>();
  const one = query.data;
  return (
    <aside className="pane" aria-label="Certificate">
      {query.isError && (
        <Failure
          what="This certificate could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the certificate" />}
      {one && (
        <>
          <div className="line apart">
            <StateMark state={one.state} />
            <button
              type="button"
              className="btn slim bare"
              onClick={close}
              aria-label="Close the certificate"
            >
              ×
            </button>
          </div>
          <h2 className="pane-title">{one.title}</h2>
          <Warnings of={one} />
          {may && one.state !== 'withdrawn' && (
            <div className="line wrap section">
              <button type="button" className="btn" onClick={() => setDoing({ what: 'surveillance' })}>
                Record a surveillance
              </button>
              <button type="button" className="btn" onClick={() => setDoing({ what: 'condition' })}>
                Add a condition
              </button>
              <Report of={one} />
              <button type="button" className="btn" onClick={() => setDoing({ what: 'withdrawal' })}>
                Withdraw it
              </button>
            </div>
          )}
          <Facts of={one} />
          <Conditions of={one} met={may ? (condition) => setDoing({ what: 'met', condition }) : undefined} />
          <section className="section">
            <h3>History</h3>
            <ul className="warning-list small">
              {one.history.map((change) => (
                <li key={change.at + change.what}>
                  <Exact at={change.at} /> {change.what}, {change.by}
                  {change.note && <div className="muted">{change.note}</div>}
                </li>
              ))}
            </ul>
          </section>
          {doing && <Do doing={doing} id={one.id} close={() => setDoing(undefined)} />}
        </>
      )}
    </aside>
  );
}

function Warnings({ of: { warnings } }: { of: CertificateDetail }) {
  if (warnings.length === 0) return <p className="muted">Nothing is wrong with it, and no date is near.</p>;
  return (
    <ul className="warning-list section" aria-label="Warnings">
      {[...warnings].sort(graver).map((one) => (
        <li key={`${one.code} ${one.subject ?? ''}`}>
          <WarningMark severity={one.severity} />
          <div>{one.text}</div>
          <div className="muted small">{one.remedy}</div>
        </li>
      ))}
    </ul>
  );
}

function Facts({ of: one }: { of: CertificateDetail }) {
  return (
    <dl className="facts section">
      <dt>Scheme</dt>
      <dd>
        {schemeWord[one.scheme]}
        {one.level && `, ${levelWord[one.level]}`}
        {one.classification && `, up to ${one.classification}`}
      </dd>
      {one.number && (
        <>
          <dt>Number</dt>
          <dd>
            <Value text={one.number} />
          </dd>
        </>
      )}
      <dt>Assessor</dt>
      <dd>{[one.assessor.organisation, one.assessor.name].filter(Boolean).join(', ')}</dd>
      <dt>Assessed against</dt>
      <dd>{one.edition ? `${one.edition.framework} ${one.edition.version}` : 'not stated'}</dd>
      <dt>Issued</dt>
      <dd className="mono">{one.issuedAt.slice(0, 10)}</dd>
      <dt>Ends</dt>
      <dd className="mono">{one.endsAt?.slice(0, 10) ?? 'not stated'}</dd>
      <dt>Scope</dt>
      <dd>{one.scope.statement}</dd>
      <dt>Environments</dt>
      <dd>{one.scope.environments.join(', ') || 'none named'}</dd>
      <dt>Services</dt>
      <dd>{one.scope.services.join(', ') || 'none named'}</dd>
      <dt>Sites</dt>
      <dd>{one.scope.sites.join(', ') || 'none named'}</dd>
      <dt>Assets</dt>
      <dd>{one.scope.assets.join(', ') || 'none named'}</dd>
      <dt>Report</dt>
      <dd>
        {one.report === null ? (
          'not here yet'
        ) : (
          <>
            <a href={reportPath(one.id)} download>
              {one.report.name}
            </a>{' '}
            <span className="muted">{bytes(one.report.bytes)}</span>{' '}
            <Value text={one.report.sha256} most={17} />
          </>
        )}
      </dd>
    </dl>
  );
}

function Conditions({
  of: { conditions },
  met,
}: {
  of: CertificateDetail;
  met: ((condition: string) => void) | undefined;
}) {
  if (conditions.length === 0) return null;
  return (
    <section className="section">
      <h3>Conditions</h3>
      <ul className="warning-list small">
        {conditions.map((one) => (
          <li key={one.id}>
            {one.text}
            <div className="line apart">
              <span className="muted">
                {one.doneAt === null
                  ? `due on ${one.dueAt.slice(0, 10)}`
                  : `met on ${one.doneAt.slice(0, 10)}: ${one.doneNote ?? ''}`}
              </span>
              {one.doneAt === null && met && (
                <button type="button" className="btn slim" onClick={() => met(one.id)}>
                  It is met
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Report({ of: one }: { of: CertificateDetail }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const keep = useMutation({
    mutationFn: (file: File) => keepReport(api, one.id, file),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: certificatesKey });
      notices.show({ tone: 'done', text: 'The report is kept as it came.' });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The report was not kept.', detail: error.message }),
  });
  return (
    <label className="btn">
      {one.report === null ? 'Keep the report' : 'Keep a newer report'}
      <input
        type="file"
        className="unseen"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) keep.mutate(file);
        }}
      />
    </label>
  );
}

const asked = {
  condition: { title: 'A condition of the assessor', verb: 'Add it', label: 'What is to be done' },
  surveillance: { title: 'The assessor was here', verb: 'Record it for today', label: 'What they found' },
  withdrawal: { title: 'The certificate is not ours any more', verb: 'It is withdrawn', label: 'Why' },
  met: { title: 'The condition is met', verb: 'It is met', label: 'How, and where that can be seen' },
} as const;

function Do({ doing, id, close }: { doing: Doing; id: string; close: () => void }) {
  const api = useApi();
  const [note, setNote] = useState('');
  const [day, setDay] = useState('');
  const { title, verb, label } = asked[doing.what];
  const send = () => {
    if (doing.what === 'condition') return addCondition(api, id, note.trim(), `${day}T00:00:00.000Z`);
    if (doing.what === 'withdrawal') return withdrawCertificate(api, id, note.trim());
    return doing.what === 'met'
      ? meetCondition(api, id, doing.condition, note.trim())
      : recordSurveillance(api, id, note.trim());
  };
  return (
    <FormDialog
      title={title}
      verb={verb}
      ready={note.trim() !== '' && (doing.what !== 'condition' || /^\d{4}-\d{2}-\d{2}$/.test(day))}
      send={send}
      said={() => 'Recorded.'}
      asks={[certificatesKey]}
      close={close}
    >
      <Textarea
        label={label}
        required
        autosize
        minRows={2}
        maxLength={doing.what === 'withdrawal' ? 500 : 2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
      {doing.what === 'condition' && (
        <TextInput
          label="Due on"
          type="date"
          required
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
