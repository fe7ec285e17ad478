import type { ConditionView, OrganisationDetail, TenancyLife } from '#contract/community/organisations';
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { organisationsKey } from '../../api/organisations.ts';
import { useApi, useMay, useTenancies } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark, TenancyBadge } from '../../parts/marks.tsx';
import { Exact } from '../../parts/when.tsx';
import { AgreementMark, LifeMark, lifeWord } from './marks.tsx';
import { ChooseServices } from './services.tsx';

type Tenancy = OrganisationDetail['tenancies'][number];

/** What may come next, as the server's life cycle has it; it refuses anything else. */
const next: Readonly<Record<TenancyLife, readonly TenancyLife[]>> = {
  invited: ['commencing'],
  commencing: ['active', 'leaving'],
  active: ['suspended', 'leaving'],
  suspended: ['active', 'leaving'],
  leaving: ['active', 'left'],
  left: ['invited'],
};
const verb: Readonly<Record<TenancyLife, string>> = {
  invited: 'Invite again',
  commencing: 'Begin commencement',
  active: 'Put into service',
  suspended: 'Suspend',
  leaving: 'Begin leaving',
  left: 'Mark as left',
};

export function Tenancies({ organisation }: { organisation: OrganisationDetail }) {
  const known = useTenancies();
  const may = useMay('community.manage');
  const [moving, setMoving] = useState<{ tenancy: Tenancy; to: TenancyLife }>();
  const [serving, setServing] = useState<Tenancy>();
  return (
    <section className="section">
      <h2>Tenancies</h2>
      {organisation.tenancies.length === 0 ? (
        <p className="muted small">It is in no environment yet. Add a tenancy in the community.</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Tenancy</th>
              <th>State</th>
              <th>Agreement</th>
              <th>Services</th>
              {may && (
                <th>
                  <span className="unseen">Action</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {organisation.tenancies.map((tenancy) => (
              <tr key={tenancy.id}>
                <td>
                  <TenancyBadge tenancy={known.get(tenancy.id)} id={tenancy.id} />
                  <div className="mono muted">{tenancy.id}</div>
                </td>
                <td>
                  <LifeMark state={tenancy.state} />
                  <div className="muted small">
                    since <Exact at={tenancy.since} />
                  </div>
                  {tenancy.retainedUntil && (
                    <div className="small">
                      data kept until <Exact at={tenancy.retainedUntil} />
                    </div>
                  )}
                </td>
                <td>
                  {tenancy.internal ? (
                    <span className="muted">its own</span>
                  ) : (
                    <AgreementMark agreement={tenancy.agreement} />
                  )}
                </td>
                <td>{tenancy.services.join(', ') || <span className="muted">none</span>}</td>
                {may && (
                  <td>
                    <span className="line wrap">
                      {!tenancy.internal &&
                        next[tenancy.state].map((to) => (
                          <button
                            key={to}
                            type="button"
                            className="btn slim"
                            onClick={() => setMoving({ tenancy, to })}
                          >
                            {verb[to]}
                          </button>
                        ))}
                      {!tenancy.internal && tenancy.state !== 'left' && (
                        <button type="button" className="btn slim" onClick={() => setServing(tenancy)}>
                          Services
                        </button>
                      )}
                    </span>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {organisation.conditions.map(({ tenancy, conditions }) => (
        <Conditions key={tenancy} tenancy={tenancy} conditions={conditions} />
      ))}
      {moving && <Move {...moving} close={() => setMoving(undefined)} />}
      {serving && <ChooseServices tenancy={serving} close={() => setServing(undefined)} />}
    </section>
  );
}

function Move({ tenancy, to, close }: { tenancy: Tenancy; to: TenancyLife; close: () => void }) {
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`${verb[to]}: ${tenancy.id}`}
      verb={verb[to]}
      ready={reason.trim() !== ''}
      send={() => api.send('POST', `/tenancies/${encodeURIComponent(tenancy.id)}/state`, { to, reason })}
      said={() => `${tenancy.id} is ${lifeWord[to].toLowerCase()} now.`}
      asks={[organisationsKey]}
      close={close}
    >
      {to === 'leaving' && (
        <p className="small">Its data is kept for 30 days from now. Running workloads are not touched.</p>
      )}
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

const markOf = { met: 'healthy', unmet: 'degraded', unknown: 'unknown' } as const;
const wordOf = { met: 'Met', unmet: 'To do', unknown: 'Unknown' } as const;

function Conditions({ tenancy, conditions }: { tenancy: string; conditions: readonly ConditionView[] }) {
  const may = useMay('community.manage');
  const [recording, setRecording] = useState<ConditionView>();
  const met = conditions.filter(({ standing }) => standing === 'met').length;
  return (
    <section className="section">
      <h3>
        Commencement of {tenancy}: {met} of {conditions.length} met
      </h3>
      <table className="table">
        <thead>
          <tr>
            <th>Condition</th>
            <th>State</th>
            <th>By what</th>
            {may && (
              <th>
                <span className="unseen">Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {conditions.map((condition) => (
            <tr key={condition.id}>
              <td title={condition.about}>{condition.name}</td>
              <td>
                <HealthMark state={markOf[condition.standing]} word={wordOf[condition.standing]} />
              </td>
              <td>
                {condition.detail}
                {condition.by && condition.at && (
                  <div className="muted small">
                    {condition.by}, <Exact at={condition.at} />
                  </div>
                )}
              </td>
              {may && (
                <td className="number">
                  {condition.metBy === 'evidence' && (
                    <button type="button" className="btn slim" onClick={() => setRecording(condition)}>
                      Record evidence
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {recording && (
        <RecordEvidence tenancy={tenancy} condition={recording} close={() => setRecording(undefined)} />
      )}
    </section>
  );
}

function RecordEvidence({
  tenancy,
  condition,
  close,
}: {
  tenancy: string;
  condition: ConditionView;
  close: () => void;
}) {
  const api = useApi();
  const [evidence, setEvidence] = useState('');
  return (
    <FormDialog
      title={condition.name}
      verb="Record it"
      ready={evidence.trim() !== ''}
      send={() =>
        api.send('PUT', `/tenancies/${encodeURIComponent(tenancy)}/conditions/${condition.id}`, { evidence })
      }
      said={() => `${condition.name}: recorded for ${tenancy}.`}
      asks={[organisationsKey]}
      close={close}
    >
      <p className="small">{condition.about}.</p>
      <Textarea
        label="Evidence"
        description="Where it lies: a file's number, a receipt."
        required
        autosize
        minRows={2}
        maxLength={500}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
