import type { Command } from './command.ts';
import { askFor, askingOptions } from './support-asking.ts';

export const command: Command = {
  name: 'support request',
  summary: 'Ask for a remote support session; the customer and the provider approve it in the page.',
  options: askingOptions,
  examples: [
    'ironbark support request --tenancy acme-odce --reason "The portal does not start" --minutes 60 --engineer 0199… --system web-1=root@10.1.2.3:22 --host-key SHA256:…',
  ],
  run: (call) => askFor(call, 'planned'),
};
