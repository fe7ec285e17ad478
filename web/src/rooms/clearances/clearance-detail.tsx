import type { ClearanceView } from '#contract/community/clearances';
import { Modal, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { clearanceHistoryQuery, organisationsKey } from '../../api/organisations.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { SetClearance } from './set-clearance.tsx';
import { levelWord, statusWord } from './words.ts';

const changeWord = { set: 'Recorded', confirmed: 'Confirmed', imported: 'Imported' } as const;

/** One person's clearance: what stands, every state before, and what can be done. */
export function ClearanceDetail({ clearance, close }: { clearance: ClearanceView; close: () => void }) {
  const query = useQuery(clearanceHistoryQuery(useApi(), clearance.person.id));
  const may = useMay('clearance.manage');
  const [doing, setDoing] = useState<'confirm' | 'set'>();
  if (doing === 'confirm') return <Confirm clearance={clearance} close={() => setDoing(undefined)} />;
  if (doing === 'set') return <SetClearance from={clearance} close={() => setDoing(undefined)} />;
  return (
    <Modal
      opened
      onClose={close}
      title={`${clearance.person.name}: ${levelWord[clearance.level]}`}
      size={720}
    >
      <ul className="small">
        {clearance.why.map(({ code, text }) => (
          <li key={code}>{text}</li>
        ))}
      </ul>
      <h3 className="section">Every state it was in</h3>
      {query.isError && (
        <Failure
          what="The history could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the history" />}
      {query.data && (
        <div className="scroll" tabIndex={0} role="region" aria-label="History">
          <table className="table">
            <thead>
              <tr>
                <th>When</th>
                <th>What</th>
                <th>By</th>
                <th>Level</th>
                <th>Status</th>
                <th>Sponsor</th>
              </tr>
            </thead>
            <tbody>
              {query.data.changes.map((change) => (
                <tr key={change.version}>
                  <td>
                    <Exact at={change.at} />
                  </td>
                  <td>{changeWord[change.change]}</td>
                  <td>{change.by}</td>
                  <td>{levelWord[change.level]}</td>
                  <td>{statusWord[change.status]}</td>
                  <td>
                    {change.sponsor}
                    {!change.sponsorActive && ' (ended)'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="dialog-foot">
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
        {may && (
          <>
            <button type="button" className="btn" onClick={() => setDoing('set')}>
              Change it
            </button>
            <button type="button" className="btn main" onClick={() => setDoing('confirm')}>
              Confirm it
            </button>
          </>
        )}
      </div>
    </Modal>
  );
}

function Confirm({ clearance, close }: { clearance: ClearanceView; close: () => void }) {
  const api = useApi();
  const [evidence, setEvidence] = useState('');
  return (
    <FormDialog
      title={`Confirm the clearance of ${clearance.person.name}`}
      verb="It stands as recorded"
      ready={evidence.trim() !== ''}
      send={() =>
        api.send<ClearanceView>(
          'POST',
          `/clearances/${encodeURIComponent(clearance.person.id)}/confirmation`,
          {
            evidence: evidence.trim(),
          },
        )
      }
      said={(one) => (one.usable ? 'It counts for a year from now.' : `Confirmed. ${one.why[0]?.text ?? ''}`)}
      asks={[organisationsKey]}
      close={close}
    >
      <p className="small">
        You asked {clearance.sponsor}, and {levelWord[clearance.level]} stands. There is no interface to the
        vetting agency: your name and the evidence are the record.
      </p>
      <Textarea
        label="Evidence"
        description="Where the sponsor’s answer lies."
        required
        autosize
        minRows={2}
        maxLength={300}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
