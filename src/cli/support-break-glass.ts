import type { Command } from './command.ts';
import { askFor, askingOptions } from './support-asking.ts';

export const command: Command = {
  name: 'support break-glass',
  summary: 'Declare an emergency: at most 60 minutes, a second person, both CISOs told at once.',
  options: askingOptions,
  notes: [
    'A standing approval of the customer’s stands in for their signature; without one they still have to sign.',
    'Nobody uncleared gets in by it.',
  ],
  examples: [
    'ironbark support break-glass --tenancy acme-odce --reason "Ransomware is spreading" --minutes 60 --engineer 0199… --system web-1=root@10.1.2.3:22 --host-key SHA256:…',
  ],
  run: (call) => askFor(call, 'break-glass'),
};
