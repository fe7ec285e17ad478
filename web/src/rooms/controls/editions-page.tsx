import './controls.css';
import type { EditionDiffView } from '#contract/governance/frameworks';
import { FileButton, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import {
  activateEdition,
  activeQuery,
  controlsKey,
  diffQuery,
  editionQuery,
  frameworksQuery,
  importEdition,
  upgradeQuery,
} from '../../api/controls.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { count, plural } from '../../parts/words.ts';
import { ReaffirmQueue } from './reaffirm-queue.tsx';

/** What a system is assessed against, what another edition would change, and the answers that wait since one did. */
export function EditionsPage() {
  const { system = '' } = useSearch({ from: '/inside/controls/editions' });
  const api = useApi();
  const frameworks = useQuery(frameworksQuery(api));
  const active = useQuery(activeQuery(api, system));
  const may = useMay('governance.manage');
  const [chosen, setChosen] = useState<string | null>(null);
  const editions = frameworks.data?.editions ?? [];
  const picked = editions.find(({ id }) => id === chosen);
  const now = active.data?.active.find(({ framework }) => framework === picked?.framework);
  return (
    <div className="page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system }}>
          All controls
        </Link>
        <h1>Editions of {system}</h1>
        {may && <ImportButton />}
      </div>
      {(frameworks.isError || active.isError) && (
        <Failure
          what="The editions could not be loaded"
          error={frameworks.error ?? active.error}
          retry={() => void (frameworks.isError ? frameworks.refetch() : active.refetch())}
        />
      )}
      {frameworks.isPending && !frameworks.isError && <Progress what="Loading the editions" />}
      {frameworks.data && (
        <table className="table section">
          <thead>
            <tr>
              <th>Framework</th>
              <th>Edition</th>
              <th className="number">Controls</th>
              <th>Title</th>
              <th>Used here</th>
              <th>
                <span className="unseen">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {editions.map((one) => {
              const used = one.usedBy.find(({ environment }) => environment === system);
              return (
                <tr key={one.id} className={one.id === chosen ? 'picked' : ''}>
                  <td>{one.framework}</td>
                  <td className="mono">{one.version}</td>
                  <td className="number">{count(one.controls)}</td>
                  <td>
                    {one.title}
                    {one.remark && <div className="muted small">{one.remark}</div>}
                  </td>
                  <td>{used ? `profile ${used.profile}` : <span className="muted">no</span>}</td>
                  <td>
                    <button type="button" className="btn slim" onClick={() => setChosen(one.id)}>
                      {used ? 'Look at it' : 'What would change?'}
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {picked && active.data && (
        <Choice
          key={picked.id}
          system={system}
          edition={picked.id}
          named={`${picked.framework} ${picked.version}`}
          from={now && now.edition !== picked.id ? now.edition : undefined}
          first={now?.profile ?? active.data.suggested}
          may={may}
        />
      )}
      {system !== '' && <ReaffirmQueue system={system} />}
    </div>
  );
}

function ImportButton() {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const run = useMutation({
    mutationFn: (file: File) => importEdition(api, file),
    onSuccess: ({ edition, created }) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({
        tone: 'done',
        text: `${edition.framework} ${edition.version} is ${created ? 'imported' : 'there already'}.`,
      });
    },
  });
  return (
    <>
      <FormProblem error={run.error} />
      <FileButton accept=".json,.zip,.tar,.gz" onChange={(file) => file && run.mutate(file)}>
        {(props) => (
          <button type="button" className="btn" disabled={run.isPending} {...props}>
            {run.isPending ? 'Importing…' : 'Import an edition'}
          </button>
        )}
      </FileButton>
    </>
  );
}

function Choice({
  system,
  edition,
  named,
  from,
  first,
  may,
}: {
  system: string;
  edition: string;
  named: string;
  from: string | undefined;
  first: string;
  may: boolean;
}) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const detail = useQuery(editionQuery(api, edition));
  const profiles = detail.data?.profiles ?? [];
  const [wanted, setWanted] = useState<string>();
  const profile = wanted ?? (profiles.some(({ id }) => id === first) ? first : 'all');
  const upgrade = useQuery(upgradeQuery(api, system, edition, detail.data ? profile : ''));
  const diff = useQuery(diffQuery(api, from ?? '', from ? edition : ''));
  const run = useMutation({
    mutationFn: () => activateEdition(api, system, edition, profile),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({ tone: 'done', text: `${system} is assessed against ${named} now.` });
    },
  });
  return (
    <section className="section" aria-label={`What ${named} would change`}>
      <h2>{named}</h2>
      <div className="line wrap">
        <Select
          aria-label="Profile"
          size="xs"
          w={300}
          allowDeselect={false}
          data={profiles.map((one) => ({
            value: one.id,
            label: `${one.id}: ${one.title}, ${one.controls}`,
          }))}
          value={profile}
          onChange={(value) => setWanted(value ?? undefined)}
        />
        {may && (
          <button
            type="button"
            className="btn main"
            disabled={run.isPending || !upgrade.data}
            onClick={() => run.mutate()}
          >
            Assess {system} against it
          </button>
        )}
      </div>
      <FormProblem error={run.error ?? upgrade.error} />
      {upgrade.data && (
        <p>
          {plural(upgrade.data.added.length, 'control')} would come, {upgrade.data.removed.length} would go (
          {upgrade.data.removed.filter(({ answered }) => answered).length} of them answered, and kept),{' '}
          {plural(upgrade.data.reaffirm.length, 'answer')} would wait to be affirmed again,{' '}
          {plural(upgrade.data.stands, 'answer')} would stand.
        </p>
      )}
      {diff.isFetching && <Progress what="Comparing the editions" />}
      {diff.data && <Diff diff={diff.data} />}
    </section>
  );
}

function Diff({ diff }: { diff: EditionDiffView }) {
  const { counts } = diff;
  return (
    <>
      <p>
        From {diff.from.version} to {diff.to.version}: <b>{count(counts.added)} added</b>,{' '}
        <b>{count(counts.removed)} removed</b>, <b>{count(counts.reworded)} reworded</b> (
        {count(counts.silently)} of them without a new revision), {count(counts.applicability)} with another
        applicability, {count(counts.e8Levels)} with other levels, {count(counts.same)} the same.
      </p>
      <details>
        <summary>Control by control</summary>
        {diff.added.map((one) => (
          <div className="edition-change" key={one.id}>
            <b className="mono">{one.id}</b> <span className="chip">added</span>
            <p className="words">{one.statement}</p>
          </div>
        ))}
        {diff.removed.map((one) => (
          <div className="edition-change" key={one.id}>
            <b className="mono">{one.id}</b> <span className="chip">removed</span>
            <p className="words">{one.statement}</p>
          </div>
        ))}
        {diff.changed
          .filter(({ reworded }) => reworded)
          .map((one) => (
            <div className="edition-change" key={one.id}>
              <b className="mono">{one.id}</b>{' '}
              <span className="chip">{one.silently ? 'reworded, same revision' : 'reworded'}</span>
              <Words words={one.words} />
            </div>
          ))}
      </details>
    </>
  );
}

export const Words = ({ words }: { words: EditionDiffView['changed'][number]['words'] }) => (
  <p className="words">
    {words.map((piece, at) => {
      if (piece.kind === 'added') return <ins key={at}>{piece.text}</ins>;
      return piece.kind === 'removed' ? <del key={at}>{piece.text}</del> : piece.text;
    })}
  </p>
);
