import type { AssetKind, NewAsset } from '#contract/assets';
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { assetsKey } from '../../api/assets.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { assetKinds, classifications, kindWord } from './words.ts';

/** One by hand: what no file knows, such as information assets, sites and suppliers. */
export function AddAsset({ close }: { close: () => void }) {
  const api = useApi();
  const { tenancies } = useSession();
  const [tenancy, setTenancy] = useState<string | null>(
    tenancies.length === 1 ? (tenancies[0]?.id ?? null) : null,
  );
  const [kind, setKind] = useState<AssetKind>('information');
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [classification, setClassification] = useState<string | null>(null);
  return (
    <FormDialog
      title="Add an asset"
      verb="Add"
      ready={tenancy !== null && name.trim() !== ''}
      send={() =>
        api.send<{ id: string }>('POST', '/assets', {
          tenancy: tenancy ?? '',
          kind,
          name: name.trim(),
          ...(owner.trim() !== '' && { owner: owner.trim() }),
          ...(classification !== null && {
            classification: classifications.find((one) => one === classification),
          }),
        } satisfies NewAsset)
      }
      said={() => `${name.trim()} was added.`}
      asks={[assetsKey]}
      close={close}
    >
      <Select
        label="Tenancy"
        data={tenancies.map((one) => ({
          value: one.id,
          label: `${one.organisationName}, ${one.environmentName}`,
        }))}
        value={tenancy}
        onChange={setTenancy}
      />
      <Select
        label="Kind"
        data={assetKinds.map((value) => ({ value, label: kindWord[value] }))}
        value={kind}
        onChange={(value) => setKind(assetKinds.find((one) => one === value) ?? kind)}
      />
      <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput label="Owner" value={owner} onChange={(event) => setOwner(event.currentTarget.value)} />
      <Select
        label="Classification"
        clearable
        data={[...classifications]}
        value={classification}
        onChange={setClassification}
      />
    </FormDialog>
  );
}
