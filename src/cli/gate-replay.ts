import { replayResult } from '#contract/community/gate';
import { at } from './client.ts';
import { exitCodes, type Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'gate replay',
  summary: 'Decide again from the facts that were kept, and ask the same question now.',
  args: 'ID',
  examples: ['ironbark gate replay 019df200-5000-7472-846a-ddf215642ff3'],
  async run({ args: [id], server, show }) {
    if (id === undefined) throw new UsageError('Name a decision; "ironbark gate log" lists them.');
    const result = await server().send('POST', at`/api/decisions/${id}/replay`, undefined, replayResult);
    const line = (name: string, one: { permitted: boolean; rules: string[] }): string =>
      `${name.padEnd(9)} ${one.permitted ? 'permit' : `deny: ${one.rules.join(', ')}`}`;
    show(result, () => [
      line('then', result.decided),
      line('replayed', result.replayed),
      line('now', result.now),
      result.factsIntact
        ? 'The facts are those that were hashed.'
        : 'The facts are NOT those that were hashed.',
      result.same === null
        ? 'The gates are another version today: whether it is the same can not be said.'
        : result.same
          ? 'The same facts give the same decision.'
          : 'The same facts give ANOTHER decision.',
    ]);
    return result.same === false || !result.factsIntact ? exitCodes.failed : exitCodes.done;
  },
};
