import type { AssetDetail, AssetSummary, MergePreview } from '#contract/assets';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { assetsKey, mergePreviewQuery } from '../../api/assets.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { PickAsset } from './pick-asset.tsx';
import { fieldWord } from './words.ts';

/** Takes what was merged out again; the notice says so. */
export function useUnmerge(asset: Pick<AssetDetail, 'id' | 'name'>) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (other: string) =>
      api.send('POST', `/assets/${asset.id}/unmerge`, { other, why: 'The merge was taken back.' }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: assetsKey });
      notices.show({ tone: 'done', text: `${asset.name} and what was merged into it are two again.` });
    },
  });
}

/** Two that are one: first what would become of them, then the merge, which can be taken back. */
export function Merge({ asset, close }: { asset: AssetDetail; close: () => void }) {
  const api = useApi();
  const [other, setOther] = useState<string | null>(asset.alike[0]?.id ?? null);
  const [why, setWhy] = useState('');
  const unmerge = useUnmerge(asset);
  const preview = useQuery({ ...mergePreviewQuery(api, asset.id, other ?? ''), enabled: other !== null });
  const fits = useCallback(
    (one: AssetSummary) =>
      one.tenancy === asset.tenancy &&
      (one.kind === asset.kind || (machine(one.kind) && machine(asset.kind))),
    [asset],
  );
  const known = preview.data;
  return (
    <FormDialog
      title={`Merge another into ${asset.name}`}
      verb="Merge"
      ready={known !== undefined && known.refused === null && why.trim() !== ''}
      send={() => api.send('POST', `/assets/${asset.id}/merge`, { other, why: why.trim() })}
      said={() => `${known?.other.name ?? 'The other'} is part of ${asset.name} now.`}
      undo={() => other !== null && unmerge.mutate(other)}
      asks={[assetsKey]}
      close={close}
    >
      <PickAsset asset={asset} label="The other" value={other} set={setOther} fits={fits} />
      {preview.isFetching && known === undefined && <Progress what="Comparing the two" />}
      <FormProblem error={preview.error} />
      {known && <Preview known={known} />}
      <TextInput
        label="Why they are one"
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

const machine = (kind: string): boolean => kind === 'host' || kind === 'hypervisor';

function Preview({ known }: { known: MergePreview }) {
  const { brings } = known;
  if (known.refused !== null) return <p className="critical small">{known.refused}</p>;
  return (
    <div role="status" className="stack tight" aria-label="What would become of the two">
      {known.contradictions.map((one) => (
        <p key={one.kept} className="high small">
          {known.kept.name} has {one.kept}, the other {one.other}: an asset has one of these only. Look twice.
        </p>
      ))}
      <p className="small">
        It brings {plural(brings.keys.length, 'key')}, {plural(brings.sources.length, 'source')},{' '}
        {plural(brings.dependencies, 'dependency', 'dependencies')}, {plural(brings.dependants, 'dependant')}{' '}
        and {plural(brings.reach, 'step', 'steps')} of reach.
      </p>
      {known.fields.length > 0 && (
        <div className="scroll merge-fields" tabIndex={0} role="region" aria-label="Fields that differ">
          <table className="table">
            <thead>
              <tr>
                <th>Field</th>
                <th>This</th>
                <th>The other</th>
                <th>Then</th>
              </tr>
            </thead>
            <tbody>
              {known.fields.map((field) => (
                <tr key={field.name}>
                  <td>{fieldWord(field.name)}</td>
                  <td>{field.kept ?? <span className="muted">not said</span>}</td>
                  <td>{field.other ?? <span className="muted">not said</span>}</td>
                  <td>
                    {field.after} <span className="muted">({field.source})</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
