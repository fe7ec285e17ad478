import { useState } from 'react';
import type { DecisionFilter } from '../../api/gate.ts';

const outcomes = [
  ['', 'either'],
  ['deny', 'denied'],
  ['permit', 'permitted'],
] as const;

/** Narrows the log; what it is narrowed to is in the address, so that it can be passed on. */
export function Finder({ filter, find }: { filter: DecisionFilter; find: (filter: DecisionFilter) => void }) {
  const [wanted, setWanted] = useState(filter);
  const set = (part: DecisionFilter): void => setWanted({ ...wanted, ...part });
  const told = Object.values(filter).some((value) => value !== undefined);
  return (
    <form
      className="gate-find"
      onSubmit={(event) => {
        event.preventDefault();
        find(
          Object.fromEntries(
            Object.entries(wanted).map(([name, value]) => [
              name,
              value?.trim() === '' ? undefined : value?.trim(),
            ]),
          ),
        );
      }}
    >
      <Field label="Who" hint="name or id" value={wanted.subject} set={(subject) => set({ subject })} />
      <Field
        label="Organisation"
        hint="id"
        value={wanted.organisation}
        set={(organisation) => set({ organisation })}
      />
      <Field label="What" hint="support.connect" value={wanted.action} set={(action) => set({ action })} />
      <label>
        Decided
        <select value={wanted.outcome ?? ''} onChange={(event) => set({ outcome: event.target.value })}>
          {outcomes.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <Day label="From (UTC)" value={wanted.from} set={(from) => set({ from })} />
      <Day label="Before (UTC)" value={wanted.until} set={(until) => set({ until })} />
      <button type="submit" className="btn main">
        Find
      </button>
      {told && (
        <button type="button" className="btn" onClick={() => find({})}>
          Show all
        </button>
      )}
    </form>
  );
}

function Field({
  label,
  hint,
  value,
  set,
}: {
  label: string;
  hint: string;
  value: string | undefined;
  set: (value: string) => void;
}) {
  return (
    <label>
      {label}
      <input
        value={value ?? ''}
        placeholder={hint}
        maxLength={200}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

function Day({
  label,
  value,
  set,
}: {
  label: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
}) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={value?.slice(0, 16) ?? ''}
        onChange={({ target }) => set(target.value === '' ? undefined : `${target.value}:00Z`)}
      />
    </label>
  );
}
