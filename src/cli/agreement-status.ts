import { agreementOverview } from '#contract/community/agreements';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'agreement status',
  summary:
    'Show the agreements, acceptances and reminders of one organisation. Exits with 1 where none is in force.',
  args: 'ORGANISATION',
  examples: ['ironbark agreement status acme'],
  async run({ args, server, show }) {
    const seen = await server().get('/api/agreements', agreementOverview);
    const own = <Row extends { organisation: string }>(rows: readonly Row[]): Row[] =>
      rows.filter(({ organisation }) => organisation === args[0]);
    const standings = own(seen.standings);
    if (standings.length === 0) throw new UsageError(`"${args[0]}" has no tenancy and no agreement.`);
    const acceptances = own(seen.acceptances);
    const reminders = own(seen.reminders);
    show({ standings, acceptances, reminders }, () => [
      ...table(
        ['ENVIRONMENT', 'STATE', 'VERSION', 'REQUIRED', 'UNTIL', 'SUCCESSOR BY'],
        standings.map(({ environment, state, successorBy }) => [
          environment,
          state.state,
          state.version,
          state.required,
          state.until,
          successorBy,
        ]),
      ),
      '',
      ...table(
        ['ACCEPTANCE', 'ENVIRONMENT', 'VERSION', 'HOW', 'BY', 'AT'],
        acceptances.map((one) => [
          one.id,
          one.environment,
          one.version,
          one.kind,
          `${one.signer}, ${one.office}`,
          one.at,
        ]),
      ),
      ...(reminders.length === 0 ? [] : ['']),
      ...reminders.map(
        ({ environment, about, deadline, recipients }) =>
          `Reminded of ${environment} (${about}) by ${deadline}: ${recipients.map(({ name }) => name).join(', ') || 'nobody holds an office'}`,
      ),
    ]);
    return standings.some(({ inForce }) => inForce) ? 0 : 1;
  },
};
