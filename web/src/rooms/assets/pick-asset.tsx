import type { AssetDetail, AssetSummary } from '#contract/assets';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { assetsQuery } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { kindWord } from './words.ts';

/** Another asset, by a part of its name. @param fits which can be chosen at all */
export function PickAsset({
  asset,
  label,
  value,
  set,
  fits,
}: {
  asset: AssetDetail;
  label: string;
  value: string | null;
  set: (id: string | null) => void;
  fits: (one: AssetSummary) => boolean;
}) {
  const { data } = useQuery(assetsQuery(useApi()));
  const choices = useMemo(
    () =>
      (data?.assets ?? [])
        .filter((one) => one.id !== asset.id && one.environment === asset.environment && fits(one))
        .map((one) => ({ value: one.id, label: `${one.name}, ${kindWord[one.kind].toLowerCase()}` })),
    [data, asset, fits],
  );
  return (
    <Select
      label={label}
      placeholder="Type a part of its name"
      searchable
      limit={50}
      data={choices}
      value={value}
      onChange={set}
    />
  );
}
