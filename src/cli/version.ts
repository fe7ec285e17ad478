import type { Command } from './command.ts';
import { versionOf } from './version-of.ts';

export const command: Command = {
  name: 'version',
  summary: 'Print the version of Ironbark and of its runtime.',
  examples: ['ironbark version'],
  async run({ io, show }) {
    const version = versionOf(io);
    show({ ironbark: version, node: process.version }, () => `ironbark ${version} (node ${process.version})`);
  },
};
