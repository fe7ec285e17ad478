import { assetList } from '#contract/assets';
import { kindOption } from './assets.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'asset list',
  summary: 'List the inventory.',
  options: {
    kind: { about: 'Only of this kind: host, information, service, …', value: 'KIND' },
    tenancy: { about: 'Only of this tenancy.', value: 'TENANCY' },
    state: { about: 'Only active, stale or retired ones.', value: 'STATE' },
  },
  examples: ['ironbark asset list --kind host --state stale'],
  async run({ text, server, show }) {
    const kind = kindOption(text('kind'));
    const tenancy = text('tenancy');
    const state = text('state');
    const all = (await server().get('/api/assets', assetList)).assets;
    const assets = all.filter(
      (one) =>
        (kind === undefined || one.kind === kind) &&
        (tenancy === undefined || one.tenancy === tenancy) &&
        (state === undefined || one.state === state),
    );
    show({ assets }, () => [
      ...table(
        [
          'NAME',
          'KIND',
          'TENANCY',
          'STATE',
          'OWNER',
          'CLASSIFICATION',
          'LAST SEEN',
          'SOURCES',
          'PACKAGES',
          'ID',
        ],
        assets.map((one) => [
          one.name,
          one.kind,
          one.tenancy,
          one.state,
          one.owner,
          one.classification,
          one.seenAt?.slice(0, 16) ?? null,
          one.sources.join(' '),
          one.packages,
          one.id,
        ]),
      ),
      '',
      `${assets.length} of ${all.length} assets.`,
    ]);
  },
};
