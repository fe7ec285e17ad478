import { z } from 'zod';

const template = z.object({
  source: z.string(),
  event: z.record(z.string(), z.unknown()).optional(),
  line: z.string().optional(),
});
const step = template.extend({
  before: z.string(),
  repeat: z.number().int().positive().default(1),
  every: z.string().default('1s'),
});

/** content/demo/traffic.json */
export const trafficContent = z.object({
  lists: z.record(z.string(), z.array(z.string())),
  traffic: z.array(template.extend({ weight: z.number().positive() })),
});
/** content/demo/story.json */
export const storyContent = z.object({
  chapters: z.array(z.object({ title: z.string(), about: z.string(), steps: z.array(step) })),
});
/** content/demo/community.yaml */
export const communityContent = z.object({
  provider: z.object({ id: z.string(), name: z.string() }),
  organisations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['customer', 'partner']),
      environments: z.array(z.string()),
    }),
  ),
  sources: z.array(z.object({ id: z.string(), name: z.string(), tenancy: z.string() })),
});

export type Traffic = z.infer<typeof trafficContent>;
export type Story = z.infer<typeof storyContent>;
type Template = z.infer<typeof template>;

/** One item as a shipper would send it. */
export type DemoItem = { readonly source: string; readonly at: Date; readonly body: string };

/** A number in [0, 1) from a seed: mulberry32, so that the same demo tells the same story. */
export type Random = () => number;
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The attack, as it would have come in until `now`; oldest first. */
export function storyUntil(now: Date, story: Story, lists: Traffic['lists'], random: Random): DemoItem[] {
  const items = story.chapters.flatMap((chapter) =>
    chapter.steps.flatMap((each) =>
      Array.from({ length: each.repeat }, (_, turn) => {
        const at = new Date(now.getTime() - seconds(each.before) * 1000 + turn * seconds(each.every) * 1000);
        return fill(each, at, lists, random);
      }),
    ),
  );
  return items.sort(byTime);
}

/** `count` items of normal traffic between `from` and `to`, in the proportions of their weights; oldest first. */
export function trafficBetween(
  from: Date,
  to: Date,
  count: number,
  traffic: Traffic,
  random: Random,
): DemoItem[] {
  const total = traffic.traffic.reduce((sum, each) => sum + each.weight, 0);
  const span = to.getTime() - from.getTime();
  const items = Array.from({ length: count }, () => {
    const at = new Date(from.getTime() + random() * span);
    return fill(draw(traffic, total, random), at, traffic.lists, random);
  });
  return items.sort(byTime);
}

function draw(traffic: Traffic, total: number, random: Random): Template {
  let left = random() * total;
  for (const each of traffic.traffic) {
    left -= each.weight;
    if (left < 0) return each;
  }
  throw new Error('the demo has no traffic to draw from');
}

const byTime = (a: DemoItem, b: DemoItem): number => a.at.getTime() - b.at.getTime();

/** "2h10m", "9s" in seconds. */
export function seconds(text: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null || text === '') throw new Error(`"${text}" is not a span like 2h10m or 9s`);
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}

function fill(from: Template, at: Date, lists: Traffic['lists'], random: Random): DemoItem {
  const text = (value: string): string =>
    value.replaceAll(/\{\{([^}]+)\}\}/g, (_, name: string) => String(placeholder(name, at, lists, random)));
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string')
      return /^\{\{number:[^}]+\}\}$/.test(value) ? Number(text(value)) : text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    return value;
  };
  const body = from.event === undefined ? text(from.line ?? '') : JSON.stringify(walk(from.event));
  return { source: from.source, at, body };
}

/** What stands between {{ and }} in a template. */
function placeholder(name: string, at: Date, lists: Traffic['lists'], random: Random): string | number {
  const [kind = '', first = '', second = ''] = name.split(':');
  const hex = (length: number): string =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const pick = (): string => {
    const list = lists[first];
    const value = list?.[Math.floor(random() * list.length)];
    if (value === undefined) throw new Error(`the demo has no list "${first}"`);
    return value;
  };
  switch (kind) {
    case 'iso':
      return at.toISOString();
    case 'isoseconds':
      return at.toISOString().replace(/\.\d+Z$/, 'Z');
    case 'nxlog':
      return at.toISOString().slice(0, 19).replace('T', ' ');
    case 'sysmon':
      return at.toISOString().slice(0, 23).replace('T', ' ');
    case 'syslog':
      return syslogTime(at);
    case 'pick':
      return pick();
    case 'user':
      return pick().split('\\').at(-1) ?? '';
    case 'number':
      return Number(first) + Math.floor(random() * (Number(second) - Number(first) + 1));
    case 'hex':
      return hex(Number(first));
    case 'guid':
      return `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`.toUpperCase();
    case 'uuid':
      return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
    default:
      throw new Error(`the demo does not know {{${name}}}`);
  }
}

/** @see RFC 3164, 4.1.2; in UTC */
function syslogTime(at: Date): string {
  const month =
    ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][at.getUTCMonth()] ??
    'Jan';
  return `${month} ${String(at.getUTCDate()).padStart(2, ' ')} ${at.toISOString().slice(11, 19)}`;
}
