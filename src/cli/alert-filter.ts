import { alertFilter, type AlertFilter } from '#contract/soc/triage';
import type { Call, Option } from './command.ts';

/** The options by which alerts are chosen; the same for a list and for a bulk action. */
export const filterOptions = {
  state: { value: 'STATE', about: 'new, acknowledged or closed. Can be repeated.', many: true },
  severity: {
    value: 'SEVERITY',
    about: 'critical, high, medium, low or informational. Can be repeated.',
    many: true,
  },
  tenancy: { value: 'ID', about: 'Only this tenancy. Can be repeated.', many: true },
  rule: { value: 'ID', about: 'Only of this rule.' },
  entity: { value: 'VALUE', about: 'Only about this host, user, address, …' },
  assignee: { value: 'ID', about: 'Only those this person works on; "me" for yourself.' },
  text: { value: 'TEXT', about: 'Only with this in the title.' },
  from: { value: 'TIME', about: 'Not older than this: 2026-05-01T00:00:00Z.' },
  to: { value: 'TIME', about: 'Older than this.' },
} as const satisfies Record<string, Option>;

export function filterOf({ text, texts }: Call): AlertFilter {
  const list = (name: string) => (texts(name).length > 0 ? texts(name) : undefined);
  return alertFilter.parse({
    state: list('state'),
    severity: list('severity'),
    tenancy: list('tenancy'),
    rule: text('rule'),
    entity: text('entity'),
    assignee: text('assignee'),
    text: text('text'),
    from: text('from'),
    to: text('to'),
  });
}
