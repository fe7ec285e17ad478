import { sourceWithBalance } from '#contract/soc/sources';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { exitCodes } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'source balance',
  summary: "Check one source's balance: received = stored + rejected + pending.",
  args: 'ID',
  examples: ['ironbark source balance acme-fw'],
  async run({ args: [id = ''], server, show }) {
    const { balance } = await server().get(at`/api/sources/${id}`, sourceWithBalance);
    const holds = balance.received === balance.stored + balance.rejected + balance.pending;
    show({ ...balance, holds }, () => [
      ...table(
        ['', 'EVENTS'],
        Object.entries(balance).flatMap(([name, value]) =>
          typeof value === 'number' ? [[name, value]] : [],
        ),
      ),
      '',
      holds ? 'The balance holds.' : 'THE BALANCE DOES NOT HOLD. That is a fault of Ironbark: keep the log.',
    ]);
    return holds ? exitCodes.done : exitCodes.failed;
  },
};
