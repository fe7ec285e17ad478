import { type AlertAction, alertActionResult, alertDetail, alertPage } from '#contract/soc/triage';
import { filterOf, filterOptions } from './alert-filter.ts';
import { at, type Client, query } from './client.ts';
import type { Call, Command, Option } from './command.ts';
import { UsageError } from './errors.ts';

/** How alerts are chosen for an action: by id, or all that match. */
export const selectOptions: Readonly<Record<string, Option>> = {
  ...filterOptions,
  all: { about: 'Every alert that matches the filter, instead of those named.' },
};

/** Takes one action on the alerts that the command line chooses. Those that cannot take it are named. */
export async function act(call: Call, action: AlertAction['do']): Promise<void> {
  const api = call.server();
  const body: AlertAction = { select: await selection(call, api), do: action };
  const result = await api.send('POST', '/api/alerts/actions', { json: body }, alertActionResult);
  call.show(result, () => [
    `${result.changed} changed.`,
    ...result.skipped.map(({ id, why }) => `${id} was left as it is: ${why}`),
    ...(result.undo === '' ? [] : [`To take it back within 10 minutes: ironbark alert undo ${result.undo}`]),
  ]);
}

async function selection(call: Call, api: Client): Promise<AlertAction['select']> {
  if (!call.on('all')) {
    if (call.args.length === 0)
      throw new UsageError('Name the alerts, or choose them with --all and a filter.');
    const alerts = await Promise.all(call.args.map((id) => api.get(at`/api/alerts/${id}`, alertDetail)));
    return { alerts: alerts.map(({ id, revision }) => ({ id, revision })) };
  }
  if (call.args.length > 0) throw new UsageError('--all chooses by the filter: name no alerts beside it.');
  const filter = filterOf(call);
  const { total } = await api.get(`/api/alerts${query({ ...filter, limit: 1 })}`, alertPage);
  if (total === 0) throw new UsageError('No alert matches the filter.');
  // What comes in between now and then is not what the person saw.
  return { filter, atMost: total };
}

export type ActionCommand = Omit<Command, 'args' | 'run'> & {
  readonly do: (call: Call) => AlertAction['do'];
};

/** A command that is one action. */
export const actionCommand = ({ do: actionOf, options, ...about }: ActionCommand): Command => ({
  ...about,
  args: '[ID...]',
  options: { ...options, ...selectOptions },
  run: (call) => act(call, actionOf(call)),
});
