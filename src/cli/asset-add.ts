import { made } from '#contract/assets';
import { kindOption } from './assets.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'asset add',
  summary: 'Add an asset by hand.',
  args: 'NAME',
  options: {
    tenancy: { about: 'Whose it is.', value: 'TENANCY', required: true },
    kind: {
      about:
        'information, service, application, data-store, host, hypervisor, network, account, site or supplier.',
      value: 'KIND',
      required: true,
    },
    owner: { about: 'Who answers for it.', value: 'NAME' },
    custodian: { about: 'Who looks after it.', value: 'NAME' },
    classification: { about: 'OFFICIAL, "OFFICIAL: Sensitive", PROTECTED, …', value: 'MARKING' },
    confidentiality: {
      about: 'What its disclosure would mean: negligible to extreme, or LOW..HIGH in AUD.',
      value: 'VALUE',
    },
    integrity: { about: 'The same for its corruption.', value: 'VALUE' },
    availability: { about: 'The same for its loss.', value: 'VALUE' },
    exposure: { about: 'internet, tenant-network, management-zone or offline.', value: 'ZONE' },
  },
  examples: [
    'ironbark asset add Payroll --tenancy acme-odce --kind information --owner "Ann Li" --availability 10000..50000',
  ],
  async run({ args, text, server, show }) {
    const name = args[0] ?? '';
    if (name === '') throw new UsageError('Name the asset.');
    const value = (option: string): unknown => {
      const given = text(option);
      const range = /^(\d{1,12})\.\.(\d{1,12})$/.exec(given ?? '');
      return range ? { low: Number(range[1]), high: Number(range[2]) } : given;
    };
    const json = {
      name,
      tenancy: text('tenancy'),
      kind: kindOption(text('kind')),
      owner: text('owner'),
      custodian: text('custodian'),
      classification: text('classification'),
      confidentiality: value('confidentiality'),
      integrity: value('integrity'),
      availability: value('availability'),
      exposure: text('exposure'),
    };
    const answer = await server().send('POST', '/api/assets', { json }, made);
    show(answer, () => `Added ${name} as ${answer.id}.`);
  },
};
