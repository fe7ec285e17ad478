import type { RulePack } from '#contract/soc/detect';
import { Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPack, setPackActive } from '../../api/content.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, FormProblem } from '../../parts/states.tsx';
import { Value } from '../../parts/value.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, plural } from '../../parts/words.ts';

export function Packs({ packs }: { packs: readonly RulePack[] }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('rule.manage');
  const [importing, setImporting] = useState(false);
  const activate = useMutation({
    mutationFn: ({ id, active }: { id: string; active: boolean }) => setPackActive(api, id, active),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['rules'] }),
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The pack was not changed.', detail: error.message }),
  });
  const toggle = (pack: RulePack) =>
    activate.mutate(
      { id: pack.id, active: !pack.active },
      {
        onSuccess: () =>
          notices.show({
            tone: 'done',
            text: pack.active
              ? `${pack.name} ${pack.version} is at rest.`
              : `${pack.name} ${pack.version} is active.`,
            undo: () => activate.mutate({ id: pack.id, active: pack.active }),
          }),
      },
    );
  const add = may && (
    <button type="button" className="btn" onClick={() => setImporting(true)}>
      Import a pack
    </button>
  );
  return (
    <>
      {packs.length === 0 ? (
        <Empty title="No packs" action={add}>
          A pack is a zip or tar.gz of Sigma rules. Versions stay side by side: rolling back is activating the
          one before.
        </Empty>
      ) : (
        <>
          <div className="line section">{add}</div>
          <div className="scroll bleed-rules" tabIndex={0} role="region" aria-label="Packs">
            <table className="table">
              <thead>
                <tr>
                  <th>Pack</th>
                  <th>State</th>
                  <th className="number">Rules</th>
                  <th className="number">Rejected</th>
                  <th>From</th>
                  <th>SHA-256</th>
                  <th className="number">Imported</th>
                  {may && (
                    <th>
                      <span className="unseen">Action</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {packs.map((pack) => (
                  <tr key={pack.id}>
                    <td>
                      <b>{pack.name}</b> <span className="muted">{pack.version}</span>
                    </td>
                    <td>
                      {pack.active ? (
                        <HealthMark state="healthy" word="Active" />
                      ) : (
                        <span className="muted">At rest</span>
                      )}
                    </td>
                    <td className="number">{count(pack.rules)}</td>
                    <td className={pack.rejected > 0 ? 'number high' : 'number muted'}>
                      {count(pack.rejected)}
                    </td>
                    <td className="muted">{pack.origin}</td>
                    <td>
                      <Value text={pack.sha256} most={17} />
                    </td>
                    <td className="number muted">
                      <Ago at={pack.importedAt} />
                    </td>
                    {may && (
                      <td>
                        <button
                          type="button"
                          className="btn slim"
                          disabled={activate.isPending}
                          onClick={() => toggle(pack)}
                        >
                          {pack.active ? 'Put at rest' : 'Activate'}
                        </button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {importing && <ImportPack close={() => setImporting(false)} />}
    </>
  );
}

function ImportPack({ close }: { close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const [version, setVersion] = useState(() => new Date().toISOString().slice(0, 10));
  const send = useMutation({
    mutationFn: (chosen: File) =>
      addPack(api, chosen, { kind: 'rules', name: name.trim(), version: version.trim(), activate: true }),
    onSuccess: (pack) => {
      void queryClient.invalidateQueries({ queryKey: ['rules'] });
      notices.show({
        tone: 'done',
        text: `${plural(Number(pack.facts['rules'] ?? 0), 'rule')} imported, ${count(pack.faults.length)} rejected with a reason.`,
      });
      close();
    },
  });
  return (
    <Modal opened onClose={close} title="Import a pack" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (file) send.mutate(file);
        }}
      >
        <label className="stack tight">
          <span className="mantine-InputWrapper-label">Archive of rules (zip, tar.gz)</span>
          <input
            type="file"
            accept=".zip,.gz,.tgz"
            required
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              setFile(chosen);
              if (chosen && !name) setName(chosen.name.replace(/\.(zip|tgz|tar\.gz)$/i, ''));
            }}
          />
        </label>
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
        />
        <TextInput
          label="Version"
          required
          value={version}
          onChange={(event) => setVersion(event.currentTarget.value)}
          maxLength={60}
        />
        <FormProblem error={send.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!file || !name.trim() || send.isPending}>
            {send.isPending ? 'Importing…' : 'Import'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
