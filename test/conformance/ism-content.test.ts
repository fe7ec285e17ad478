import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogueKind } from '#governance/frameworks';
import { readPack } from '#platform/content';
import { sharedData } from '../shared.ts';

const governance = sharedData('governance');
test.skipIf(governance === undefined)(
  'the ISM is recognised, and its editions differ as they do',
  async () => {
    const read = async (version: string) =>
      (await readPack(join(governance ?? '', 'ism', version, 'ISM_catalog.json'))).files;
    const [before, after] = [await read('v2025.10.8'), await read('v2025.12.9')];
    const kind = catalogueKind({
      ledger: { record: () => Promise.reject(new Error('nothing is put to use')) },
    });
    expect(kind.recognises(after)).toBe(true);
    expect(await kind.read(after)).toMatchObject({ name: 'ism', facts: { controls: 1073 } });
    const changes = (await kind.diff?.(before, after)) ?? [];
    const many = (change: string, why = ''): number =>
      changes.filter((one) => one.change === change && (one.why ?? '').includes(why)).length;
    expect([many('added'), many('removed'), many('changed', 'reworded')]).toEqual([21, 6, 89]);
    expect(many('changed', 'its revision does not say so')).toBe(12);
  },
  60_000,
);
