import { searchPage, searchRequest } from '#contract/soc/search';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { plain, table } from './table.ts';

const hour = 60 * 60 * 1000;
const units = { m: 60_000, h: hour, d: 24 * hour } as const;

export const command: Command = {
  name: 'search',
  summary: 'Search events in the language of the query bar, newest first.',
  args: 'QUERY',
  options: {
    last: { value: 'TIME', about: 'How far back: 15m, 6h, 7d; 24h when left out.' },
    from: { value: 'TIME', about: 'From this time on, instead of --last: 2026-05-01T00:00:00Z.' },
    to: { value: 'TIME', about: 'Until this time; now when left out.' },
    tenancy: { value: 'ID', about: 'Only this tenancy. Can be repeated.', many: true },
    limit: { value: 'N', about: 'How many, at most 1000; 100 when left out.' },
    after: { value: 'CURSOR', about: 'Go on after a page before: its "next".' },
  },
  examples: [
    "ironbark search 'host:LAB-7 command:*mimikatz*' --last 7d",
    "ironbark search 'ip:192.0.2.4' --json",
  ],
  async run({ args: [query], text, texts, server, show }) {
    const to = text('to') === undefined ? new Date() : time('to', text('to') ?? '');
    const from =
      text('from') === undefined ? ago(to, text('last') ?? '24h') : time('from', text('from') ?? '');
    const body = searchRequest.parse({
      query,
      from: from.toISOString(),
      to: to.toISOString(),
      ...(texts('tenancy').length > 0 && { tenancies: texts('tenancy') }),
      ...(text('limit') !== undefined && { limit: Number(text('limit')) }),
      ...(text('after') !== undefined && { after: text('after') }),
    });
    const page = await server().send('POST', '/api/events/search', { json: body }, searchPage);
    show(page, () => [
      ...table(
        ['TIME', 'TENANCY', 'SOURCE', 'WHAT'],
        page.events.map((event) => [event.time, event.tenancy, event.source, plain(event.summary)]),
      ),
      '',
      `${page.events.length} events in ${Math.round(page.tookMilliseconds)} ms.${page.next === null ? '' : ` More: --after ${page.next}`}`,
    ]);
  },
};

function time(option: string, value: string): Date {
  const at = new Date(value);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--${option} takes a time such as 2026-05-01T00:00:00Z.`);
  return at;
}

function ago(to: Date, text: string): Date {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  if (match === null) throw new UsageError('--last takes minutes, hours or days: 15m, 6h, 7d.');
  // The pattern lets only these letters through.
  return new Date(to.getTime() - Number(match[1]) * units[match[2] as keyof typeof units]);
}
