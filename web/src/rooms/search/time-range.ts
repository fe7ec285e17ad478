/** `-15m`, `-24h`, `-7d`: back from now; anything else is an exact time. */
export const presets: readonly { from: string; name: string }[] = [
  { from: '-15m', name: 'Last 15 minutes' },
  { from: '-1h', name: 'Last hour' },
  { from: '-4h', name: 'Last 4 hours' },
  { from: '-24h', name: 'Last 24 hours' },
  { from: '-7d', name: 'Last 7 days' },
  { from: '-30d', name: 'Last 30 days' },
  { from: '-366d', name: 'Last year' },
];
export const usual = '-24h';

const unitMilliseconds: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The range as exact times; what can't be read becomes the usual range. */
export function resolve(
  from: string | undefined,
  to: string | undefined,
  now: number,
): { from: string; to: string } {
  const end = to ? Date.parse(to) : now;
  const start = from && !from.startsWith('-') ? Date.parse(from) : end - back(from ?? usual);
  if (Number.isNaN(start) || Number.isNaN(end) || start >= end)
    return { from: new Date(now - back(usual)).toISOString(), to: new Date(now).toISOString() };
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

function back(text: string): number {
  const match = /^-(\d{1,4})([mhd])$/.exec(text);
  const unit = unitMilliseconds[match?.[2] ?? 'h'] ?? 3_600_000;
  return (match ? Number(match[1]) : 24) * unit;
}
