import type { AgreementOverview, PaperView } from '#contract/community/agreements';
import { FileInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agreementsKey, papersQuery } from '../../api/agreements.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Exact } from '../../parts/when.tsx';

type Standing = AgreementOverview['standings'][number];

/** SHA-256 of a file, worked out here: the file itself stays where it is. */
async function digestOf(file: File): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function ScannedFile({
  label,
  file,
  change,
}: {
  label: string;
  file: File | null;
  change: (to: File | null) => void;
}) {
  return (
    <FileInput
      label={label}
      description="Its SHA-256 is worked out in this page. The file does not leave your machine."
      placeholder="Choose the file"
      required
      value={file}
      onChange={change}
    />
  );
}

/** What was signed on paper, as the first of two people. */
export function RecordPaper({ one, newest, close }: { one: Standing; newest: number; close: () => void }) {
  const api = useApi();
  const [signerName, setSignerName] = useState('');
  const [office, setOffice] = useState<string | null>('CISO');
  const [signedOn, setSignedOn] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const { organisation, environment, name } = one;
  return (
    <FormDialog
      title={`${name} signed version ${newest} on paper`}
      verb="Record it"
      ready={signerName.trim() !== '' && office !== null && signedOn !== '' && file !== null}
      send={async () =>
        api.send('POST', '/agreements/papers', {
          organisation,
          environment,
          version: newest,
          signerName: signerName.trim(),
          office,
          signedOn,
          evidenceName: file?.name,
          evidenceSha256: file && (await digestOf(file)),
        })
      }
      said={() => 'Recorded. It counts once a second person, who holds the same file, has confirmed it.'}
      asks={[agreementsKey]}
      close={close}
    >
      <TextInput
        label="Who signed"
        required
        maxLength={120}
        value={signerName}
        onChange={(event) => setSignerName(event.currentTarget.value)}
        data-autofocus
      />
      <Select label="As" allowDeselect={false} data={['CIO', 'CISO']} value={office} onChange={setOffice} />
      <TextInput
        label="Signed on"
        type="date"
        required
        value={signedOn}
        onChange={(event) => setSignedOn(event.currentTarget.value)}
      />
      <ScannedFile label="The scanned paper" file={file} change={setFile} />
    </FormDialog>
  );
}

/** Papers that wait for their second person; the provider's alone. */
export function Papers() {
  const may = useMay('agreement.manage');
  const { data } = useQuery({ ...papersQuery(useApi()), enabled: may });
  const [settling, setSettling] = useState<{ paper: PaperView; how: 'confirm' | 'refuse' }>();
  if (!data || data.papers.length === 0) return null;
  const close = () => setSettling(undefined);
  return (
    <section className="section">
      <h2>Signed on paper, waiting for a second person</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Organisation</th>
            <th>Environment</th>
            <th>Version</th>
            <th>Signed by</th>
            <th>Signed on</th>
            <th>File</th>
            <th>Recorded</th>
            <th>
              <span className="unseen">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.papers.map((paper) => (
            <tr key={paper.id}>
              <td>{paper.organisation}</td>
              <td>{paper.environment}</td>
              <td>{paper.version}</td>
              <td>
                {paper.signerName}, {paper.office}
              </td>
              <td className="mono">{paper.signedOn}</td>
              <td title={`SHA-256 ${paper.evidenceSha256}`}>{paper.evidenceName}</td>
              <td>
                {paper.recordedBy}
                <div className="muted small">
                  <Exact at={paper.recordedAt} />
                </div>
              </td>
              <td>
                <span className="line">
                  <button
                    type="button"
                    className="btn slim"
                    onClick={() => setSettling({ paper, how: 'confirm' })}
                  >
                    Confirm
                  </button>
                  <button
                    type="button"
                    className="btn slim"
                    onClick={() => setSettling({ paper, how: 'refuse' })}
                  >
                    Refuse
                  </button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {settling?.how === 'confirm' && <ConfirmPaper paper={settling.paper} close={close} />}
      {settling?.how === 'refuse' && <RefusePaper paper={settling.paper} close={close} />}
    </section>
  );
}

function ConfirmPaper({ paper, close }: { paper: PaperView; close: () => void }) {
  const api = useApi();
  const [file, setFile] = useState<File | null>(null);
  return (
    <FormDialog
      title={`Confirm what ${paper.signerName} signed`}
      verb="It is the same paper"
      ready={file !== null}
      send={async () =>
        api.send('POST', `/agreements/papers/${encodeURIComponent(paper.id)}`, {
          do: 'confirm',
          sha256: file && (await digestOf(file)),
        })
      }
      said={() => `Version ${paper.version} is agreed to for ${paper.environment}.`}
      asks={[agreementsKey]}
      close={close}
    >
      <p className="small">
        You hold the same paper as {paper.recordedBy}, and have seen that {paper.signerName} signed it as{' '}
        {paper.office} on {paper.signedOn}.
      </p>
      <ScannedFile label="Your copy" file={file} change={setFile} />
    </FormDialog>
  );
}

function RefusePaper({ paper, close }: { paper: PaperView; close: () => void }) {
  const api = useApi();
  const [why, setWhy] = useState('');
  return (
    <FormDialog
      title={`Refuse the paper of ${paper.organisation}`}
      verb="Refuse it"
      ready={why.trim() !== ''}
      send={() =>
        api.send('POST', `/agreements/papers/${encodeURIComponent(paper.id)}`, { do: 'refuse', why })
      }
      said={() => 'The paper is refused. Nothing is agreed to by it.'}
      asks={[agreementsKey]}
      close={close}
    >
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
