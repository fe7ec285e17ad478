import type { AssetDetail } from '#contract/assets';
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { assetsKey } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Depend, Reach } from './edge-dialogs.tsx';
import { Merge } from './merge-dialog.tsx';
import { classifications, exposures, exposureWord, valueBands } from './words.ts';

export type Doing = 'change' | 'depend' | 'reach' | 'merge' | 'retire' | undefined;
type Props = { asset: AssetDetail; close: () => void };

export function AssetDialogs({ doing, ...props }: Props & { doing: Doing }) {
  if (doing === 'change') return <Change {...props} />;
  if (doing === 'depend') return <Depend {...props} />;
  if (doing === 'reach') return <Reach {...props} />;
  if (doing === 'merge') return <Merge {...props} />;
  return doing === 'retire' ? <Retire {...props} /> : null;
}

/** What a person says holds above every source; what is emptied is the sources' to say again. */
function Change({ asset, close }: Props) {
  const api = useApi();
  const said = (name: string): string => asset.fields.find((field) => field.name === name)?.value ?? '';
  const names = [
    'owner',
    'custodian',
    'classification',
    'confidentiality',
    'integrity',
    'availability',
    'exposure',
    'description',
  ] as const;
  const [form, setForm] = useState<Record<string, string>>(() =>
    Object.fromEntries(names.map((name) => [name, said(name)])),
  );
  const changes = Object.fromEntries(
    names.flatMap((name) => {
      const value = form[name]?.trim() ?? '';
      return value === said(name) ? [] : [[name, value === '' ? null : value]];
    }),
  );
  const set = (name: string) => (value: string | null) =>
    setForm((before) => ({ ...before, [name]: value ?? '' }));
  const text = (name: string, label: string) => (
    <TextInput
      label={label}
      value={form[name] ?? ''}
      onChange={(event) => set(name)(event.currentTarget.value)}
    />
  );
  const choice = (name: string, label: string, data: readonly { value: string; label: string }[]) => (
    <Select
      label={label}
      clearable
      className="grow"
      data={
        form[name] && !data.some(({ value }) => value === form[name])
          ? [...data, { value: form[name], label: form[name] }]
          : [...data]
      }
      value={form[name] || null}
      onChange={set(name)}
    />
  );
  const bands = valueBands.map((value) => ({
    value,
    label: value.slice(0, 1).toUpperCase() + value.slice(1),
  }));
  return (
    <FormDialog
      title={`Change ${asset.name}`}
      verb="Save"
      ready={Object.keys(changes).length > 0}
      send={() => api.send('PATCH', `/assets/${asset.id}`, changes)}
      said={() => `${asset.name} was changed.`}
      asks={[assetsKey]}
      close={close}
    >
      {text('owner', 'Owner')}
      {text('custodian', 'Custodian')}
      {choice(
        'classification',
        'Classification',
        classifications.map((value) => ({ value, label: value })),
      )}
      <div className="line wide">
        {choice('confidentiality', 'Confidentiality', bands)}
        {choice('integrity', 'Integrity', bands)}
        {choice('availability', 'Availability', bands)}
      </div>
      {choice(
        'exposure',
        'Exposure',
        exposures.map((value) => ({ value, label: exposureWord[value] })),
      )}
      {text('description', 'Description')}
    </FormDialog>
  );
}

function Retire({ asset, close }: Props) {
  const api = useApi();
  const [why, setWhy] = useState('');
  const retired = asset.state === 'retired';
  return (
    <FormDialog
      title={retired ? `Take ${asset.name} into use` : `Retire ${asset.name}`}
      verb={retired ? 'Take into use' : 'Retire'}
      ready={why.trim() !== ''}
      send={() =>
        api.send('POST', `/assets/${asset.id}/${retired ? 'restore' : 'retire'}`, { why: why.trim() })
      }
      said={() =>
        retired ? `${asset.name} is in use.` : `${asset.name} is retired. What is known of it stays.`
      }
      asks={[assetsKey]}
      close={close}
    >
      <TextInput label="Why" value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </FormDialog>
  );
}
