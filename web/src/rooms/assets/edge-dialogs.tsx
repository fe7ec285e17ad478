import type { AssetDetail, AssetSummary, Degree, GateKind, ReachVia } from '#contract/assets';
import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { assetsKey } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { PickAsset } from './pick-asset.tsx';
import { degrees, gateWord, viaWord } from './words.ts';

type Edge = AssetDetail['dependencies'][number];
type Step = AssetDetail['reaches'][number];
type Gate = NonNullable<Edge['gate']>;

const inUse = (one: AssetSummary): boolean => one.state !== 'retired';
const fresh = '(new)';
const gateKinds = ['any', 'all', 'k-of-n'] as const satisfies GateKind[];

/** A dependency, new or as it is: how much of the loss is felt, and through which gate. */
export function Depend({
  asset,
  edge,
  close,
}: {
  asset: AssetDetail;
  edge?: Edge | undefined;
  close: () => void;
}) {
  const api = useApi();
  const [on, setOn] = useState<string | null>(edge?.asset.id ?? null);
  const [felt, setFelt] = useState<Record<'c' | 'i' | 'a', Degree>>({
    c: edge?.c ?? 1,
    i: edge?.i ?? 1,
    a: edge?.a ?? 1,
  });
  const [gate, setGate] = useState<Gate | null>(edge?.gate ?? null);
  const [note, setNote] = useState(edge?.note ?? '');
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
  const whole = gate === null || (gate.name.trim() !== '' && (gate.kind !== 'k-of-n' || gate.k !== null));
  return (
    <FormDialog
      title={`What ${asset.name} depends on`}
      verb={edge === undefined ? 'Add' : 'Save'}
      ready={on !== null && whole}
      send={() =>
        api.send('PUT', `/assets/${asset.id}/dependencies`, {
          on,
          ...felt,
          note,
          ...(gate !== null && {
            gate: { name: gate.name.trim(), kind: gate.kind, ...(gate.k !== null && { k: gate.k }) },
          }),
        })
      }
      said={() => (edge === undefined ? 'The dependency was added.' : 'The dependency was changed.')}
      asks={[assetsKey]}
      close={close}
    >
      {edge === undefined ? (
        <PickAsset asset={asset} label="Asset" value={on} set={setOn} fits={inUse} />
      ) : (
        <p>{edge.asset.name}</p>
      )}
      <p className="muted small">How much of its loss would be felt here:</p>
      <div className="line wide">
        {degree('c', 'Confidentiality')}
        {degree('i', 'Integrity')}
        {degree('a', 'Availability')}
      </div>
      <GateFields asset={asset} gate={gate} set={setGate} />
      <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
    </FormDialog>
  );
}

/** Which of the asset's gates, or a new one; its kind holds for every dependency through it. */
function GateFields({
  asset,
  gate,
  set,
}: {
  asset: AssetDetail;
  gate: Gate | null;
  set: (gate: Gate | null) => void;
}) {
  const known = new Map(
    asset.dependencies.flatMap((edge) => (edge.gate ? [[edge.gate.name, edge.gate]] : [])),
  );
  const [isNew, setNew] = useState(false);
  const through =
    gate === null || isNew ? 0 : asset.dependencies.filter((edge) => edge.gate?.name === gate.name).length;
  return (
    <>
      <Select
        label="Gate"
        data={[
          { value: '', label: 'None: its loss is felt by itself' },
          ...[...known.keys()].map((name) => ({ value: name, label: name })),
          { value: fresh, label: 'A new gate' },
        ]}
        value={isNew ? fresh : (gate?.name ?? '')}
        onChange={(value) => {
          setNew(value === fresh);
          set(
            value === fresh
              ? { name: '', kind: 'all', k: null }
              : value === null || value === ''
                ? null
                : (known.get(value) ?? null),
          );
        }}
      />
      {gate !== null && (
        <div className="line wide">
          {isNew && (
            <TextInput
              label="Its name"
              className="grow"
              value={gate.name}
              onChange={(event) => set({ ...gate, name: event.currentTarget.value })}
            />
          )}
          <Select
            label="Is felt when"
            className="grow"
            allowDeselect={false}
            data={gateKinds.map((value) => ({ value, label: gateWord[value] }))}
            value={gate.kind}
            onChange={(value) => {
              const kind = gateKinds.find((one) => one === value) ?? gate.kind;
              set({ ...gate, kind, k: kind === 'k-of-n' ? (gate.k ?? 1) : null });
            }}
          />
          {gate.kind === 'k-of-n' && (
            <NumberInput
              label="Needed"
              min={1}
              max={1000}
              allowDecimal={false}
              value={gate.k ?? ''}
              onChange={(value) => set({ ...gate, k: typeof value === 'number' ? value : null })}
            />
          )}
        </div>
      )}
      {through > 1 && <p className="muted small">This holds for all {through} dependencies through it.</p>}
    </>
  );
}

const ways = ['network', 'identity', 'admin'] as const satisfies ReachVia[];

/** A step by which another asset is reached from this one, new or as it is. */
export function Reach({
  asset,
  step,
  close,
}: {
  asset: AssetDetail;
  step?: Step | undefined;
  close: () => void;
}) {
  const api = useApi();
  const [to, setTo] = useState<string | null>(step?.asset.id ?? null);
  const [via, setVia] = useState<ReachVia>(step?.via ?? 'network');
  const [percent, setPercent] = useState<number | string>(Math.round((step?.probability ?? 0.5) * 1000) / 10);
  const [note, setNote] = useState(step?.note ?? '');
  return (
    <FormDialog
      title={`Where one gets to from ${asset.name}`}
      verb={step === undefined ? 'Add' : 'Save'}
      ready={to !== null && typeof percent === 'number'}
      send={() =>
        api.send('PUT', `/assets/${asset.id}/reach`, { to, via, probability: Number(percent) / 100, note })
      }
      said={() => (step === undefined ? 'The step was added.' : 'The step was changed.')}
      asks={[assetsKey]}
      close={close}
    >
      {step === undefined ? (
        <PickAsset asset={asset} label="Asset" value={to} set={setTo} fits={inUse} />
      ) : (
        <p>{step.asset.name}</p>
      )}
      <div className="line wide">
        <Select
          label="By"
          className="grow"
          allowDeselect={false}
          disabled={step !== undefined}
          data={ways.map((value) => ({ value, label: viaWord[value] }))}
          value={via}
          onChange={(value) => setVia(ways.find((one) => one === value) ?? via)}
        />
        <NumberInput
          label="Probability, %"
          description="That who holds this one gets there"
          className="grow"
          min={0}
          max={100}
          decimalScale={1}
          value={percent}
          onChange={setPercent}
        />
      </div>
      <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
    </FormDialog>
  );
}
