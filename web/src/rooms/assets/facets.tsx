import type { AssetSummary } from '#contract/assets';
import { TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { count } from '../../parts/words.ts';
import { assetKinds, assetStates, kindWord, stateWord } from './words.ts';

/** Which of them: by kind, state and text. Counts are of all in scope, so that they stand still while one is chosen. */
export function Facets({ all, shown }: { all: readonly AssetSummary[]; shown: number }) {
  const search = useSearch({ from: '/inside/assets' });
  const navigate = useNavigate({ from: '/assets' });
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const { kind, state } of all)
      for (const name of [kind, state]) found.set(name, (found.get(name) ?? 0) + 1);
    return found;
  }, [all]);
  const chip = (field: 'kind' | 'state', name: string, word: string) => (
    <button
      key={name}
      type="button"
      className="chip"
      aria-pressed={search[field] === name}
      onClick={() =>
        void navigate({
          search: (before) => ({ ...before, [field]: before[field] === name ? undefined : name }),
        })
      }
    >
      {word} <b>{count(counts.get(name) ?? 0)}</b>
    </button>
  );
  return (
    <div className="asset-filters">
      <TextInput
        aria-label="Filter by name, owner, system or tenancy"
        placeholder="Filter"
        value={search.text ?? ''}
        onChange={(event) => {
          const text = event.currentTarget.value;
          void navigate({
            search: (before) => ({ ...before, text: text === '' ? undefined : text }),
            replace: true,
          });
        }}
      />
      <span className="line wrap" role="group" aria-label="Kind">
        {assetKinds.filter((kind) => counts.has(kind)).map((kind) => chip('kind', kind, kindWord[kind]))}
      </span>
      <span className="line" role="group" aria-label="State">
        {assetStates
          .filter((state) => counts.has(state))
          .map((state) => chip('state', state, stateWord[state]))}
      </span>
      {shown < all.length && <span className="muted small">{count(shown)} shown</span>}
    </div>
  );
}
