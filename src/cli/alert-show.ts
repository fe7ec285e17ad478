import { alertDetail } from '#contract/soc/triage';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'alert show',
  summary: 'One alert: what fired, why, on which event, and what was decided before.',
  args: 'ID',
  examples: ['ironbark alert show 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    const alert = await server().get(at`/api/alerts/${id}`, alertDetail);
    show(alert, () => [
      `${alert.severity.toUpperCase()}  ${plain(alert.title)}`,
      `${alert.tenancy}, ${alert.outcome ?? alert.state}, ${alert.detections} detections, ${alert.firstEventAt} to ${alert.lastEventAt}`,
      `Rule ${plain(alert.ruleId)} by ${plain(alert.ruleAuthor)} (${plain(alert.ruleLicence)})`,
      plain(alert.ruleDescription),
      '',
      ...table(
        ['ABOUT', ''],
        alert.entities.map(({ kind, value }) => [kind, value]),
      ),
      '',
      ...table(
        ['WHY', 'FIELD', 'TEST', 'VALUE'],
        (alert.sample[0]?.reasons ?? []).map(({ selection, field, test, value }) => [
          selection,
          field,
          test,
          value,
        ]),
      ),
      '',
      plain(JSON.stringify(alert.sample[0]?.event ?? null)),
      '',
      ...table(
        ['AT', 'WHO', 'DID', 'NOTE'],
        alert.history.map(({ at: when, actor, action, note }) => [when, actor.name, action, note]),
      ),
    ]);
  },
};
