import type { CertificateList, CertificateView } from '#contract/governance/certificates';
import { levelWord, schemeWord } from './words.tsx';

const dayMs = 86_400_000;
const width = 1000;
const left = 250;
const row = 44;

/** Each certificate as a band from its day to its end, with what comes between; today as a line. */
export function Timeline({ list, open }: { list: CertificateList; open: (id: string) => void }) {
  const shown = list.certificates.filter(({ state }) => state !== 'withdrawn');
  if (shown.length === 0) return null;
  const now = Date.parse(list.now);
  const times = shown.flatMap(marksOf).map(({ at }) => at);
  const from = Math.min(now - 180 * dayMs, ...shown.map(({ issuedAt }) => Date.parse(issuedAt)));
  const to = Math.max(now + 365 * dayMs, ...times, ...shown.map((one) => endAt(one, now)));
  const x = (at: number): number => left + ((at - from) / (to - from)) * (width - left - 16);
  const years = yearsBetween(from, to);
  const height = 40 + shown.length * row;
  return (
    <figure className="timeline">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={inWords(shown)}>
        {years.map(({ at, label }) => (
          <g key={at}>
            <line className="year" x1={x(at)} x2={x(at)} y1={24} y2={height} />
            <text className="small" x={x(at) + 4} y={16}>
              {label}
            </text>
          </g>
        ))}
        {shown.map((one, index) => {
          const y = 34 + index * row;
          const end = endAt(one, now);
          const worst = one.warnings.some(({ severity }) => severity === 'breach')
            ? 'breach'
            : one.warnings.some(({ severity }) => severity === 'warning')
              ? 'warning'
              : 'calm';
          return (
            <g key={one.id} className="row" onClick={() => open(one.id)}>
              <text x={0} y={y + 12}>
                {short(one.title)}
              </text>
              <text className="small" x={0} y={y + 27}>
                {one.level ? levelWord[one.level] : schemeWord[one.scheme]}
              </text>
              <rect
                className={worst}
                x={x(Date.parse(one.issuedAt))}
                y={y + 3}
                width={Math.max(2, x(end) - x(Date.parse(one.issuedAt)))}
                height={18}
                rx={2}
              />
              {one.endsAt === null && (
                <text className="small" x={x(end) - 4} y={y + 16} textAnchor="end">
                  no end stated
                </text>
              )}
              {marksOf(one).map((mark) => (
                <g key={`${mark.kind} ${mark.at}`} className={mark.late ? 'late' : mark.kind}>
                  <path d={`M${x(mark.at)} ${y + 5}l6 7-6 7-6-7z`} />
                  <title>{mark.says}</title>
                </g>
              ))}
            </g>
          );
        })}
        <line className="now" x1={x(now)} x2={x(now)} y1={20} y2={height} />
        <text className="now small" x={x(now) + 4} y={30}>
          today
        </text>
      </svg>
      <figcaption className="muted small">
        Bands run from the day of issue to the end; diamonds are surveillance and conditions. The table below
        says the same.
      </figcaption>
    </figure>
  );
}

type Mark = { at: number; kind: 'surveillance' | 'condition'; says: string; late: boolean };

function marksOf(one: CertificateView): Mark[] {
  const late = (code: string, subject: string | null): boolean =>
    one.warnings.some((warning) => warning.code === code && warning.subject === subject);
  const surveillance = one.nextSurveillanceAt === null ? [] : [one.nextSurveillanceAt];
  return [
    ...surveillance.map((at) => ({
      at: Date.parse(at),
      kind: 'surveillance' as const,
      says: `Surveillance due on ${at.slice(0, 10)}`,
      late: late('surveillance-overdue', null),
    })),
    ...one.conditions
      .filter(({ doneAt }) => doneAt === null)
      .map(({ id, text, dueAt }) => ({
        at: Date.parse(dueAt),
        kind: 'condition' as const,
        says: `Condition due on ${dueAt.slice(0, 10)}: ${text}`,
        late: late('condition-overdue', id),
      })),
  ];
}

/** What states no end is drawn to a year from now. */
const endAt = (one: CertificateView, now: number): number =>
  one.endsAt === null ? now + 365 * dayMs : Date.parse(one.endsAt);

function yearsBetween(from: number, to: number): { at: number; label: string }[] {
  const first = new Date(from).getUTCFullYear() + 1;
  const last = new Date(to).getUTCFullYear();
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    at: Date.UTC(first + index, 0, 1),
    label: String(first + index),
  }));
}

const short = (text: string): string => (text.length > 34 ? `${text.slice(0, 33)}…` : text);

const inWords = (shown: readonly CertificateView[]): string =>
  shown
    .map(
      (one) =>
        `${one.title}: from ${one.issuedAt.slice(0, 10)} ${one.endsAt === null ? 'without a stated end' : `to ${one.endsAt.slice(0, 10)}`}, ${one.warnings.length} warnings`,
    )
    .join('; ');
