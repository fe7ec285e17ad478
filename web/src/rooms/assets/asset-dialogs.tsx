import type { AssetDetail, Degree } from '#contract/assets';
import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { assetsKey, assetsQuery } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { classifications, degrees, exposures, exposureWord, kindWord, valueBands } from './words.ts';

export type Doing = 'change' | 'depend' | 'retire' | undefined;
type Props = { asset: AssetDetail; close: () => void };

export function AssetDialogs({ doing, ...props }: Props & { doing: Doing }) {
  if (doing === 'change') return <Change {...props} />;
  if (doing === 'depend') return <Depend {...props} />;
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

function Depend({ asset, close }: Props) {
  const api = useApi();
  const { data } = useQuery(assetsQuery(api));
  const [on, setOn] = useState<string | null>(null);
  const [felt, setFelt] = useState<Record<'c' | 'i' | 'a', Degree>>({ c: 1, i: 1, a: 1 });
  const choices = useMemo(
    () =>
      (data?.assets ?? [])
        .filter(
          (one) => one.environment === asset.environment && one.id !== asset.id && one.state !== 'retired',
        )
        .map((one) => ({ value: one.id, label: `${one.name}, ${kindWord[one.kind].toLowerCase()}` })),
    [data, asset],
  );
  const degree = (name: 'c' | 'i' | 'a', label: string) => (
    <Select
      label={label}
      className="grow"
      data={degrees.map((value) => ({ value: String(value), label: `${value * 100} %` }))}
      value={String(felt[name])}
      onChange={(value) =>
        setFelt((before) => ({
          ...before,
          [name]: degrees.find((one) => String(one) === value) ?? before[name],
        }))
      }
    />
  );
  return (
    <FormDialog
      title={`What ${asset.name} depends on`}
      verb="Add"
      ready={on !== null}
      send={() => api.send('PUT', `/assets/${asset.id}/dependencies`, { on, ...felt })}
      said={() => 'The dependency was added.'}
      asks={[assetsKey]}
      close={close}
    >
      <Select
        label="Asset"
        placeholder="Type a part of its name"
        searchable
        limit={50}
        data={choices}
        value={on}
        onChange={setOn}
      />
      <p className="muted small">How much of its loss would be felt here:</p>
      <div className="line wide">
        {degree('c', 'Confidentiality')}
        {degree('i', 'Integrity')}
        {degree('a', 'Availability')}
      </div>
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
