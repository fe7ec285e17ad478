import type { Severity } from '#contract/soc/triage';
import type { TenancySummary } from '#contract/identity';
import { severityWord } from './words.ts';

/** Shape and word repeat what the colour says. */
export function SeverityMark({ severity, word = true }: { severity: Severity; word?: boolean }) {
  return (
    <span className={`sev ${severity}`}>
      <SeverityShape severity={severity} />
      {word ? severityWord[severity] : <span className="unseen">{severityWord[severity]}</span>}
    </span>
  );
}

export function SeverityShape({ severity }: { severity: Severity }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" fill="currentColor" stroke="none">
      {severity === 'critical' && <path d="M5 0l5 5-5 5-5-5z" />}
      {severity === 'high' && <path d="M5 1l5 8H0z" />}
      {severity === 'medium' && (
        <>
          <circle cx="5" cy="5" r="4.2" fill="none" stroke="currentColor" />
          <path d="M5 .8a4.2 4.2 0 000 8.4z" />
        </>
      )}
      {severity === 'low' && (
        <circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      )}
      {severity === 'informational' && <circle cx="5" cy="5" r="2" />}
    </svg>
  );
}

export type Health = 'healthy' | 'degraded' | 'failing' | 'unknown';
const healthWord: Readonly<Record<Health, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  unknown: 'Unknown',
};
const healthTone: Readonly<Record<Health, string>> = {
  healthy: 'ok',
  degraded: 'high',
  failing: 'critical',
  unknown: 'unknown',
};

export function HealthMark({ state, word = healthWord[state] }: { state: Health; word?: string }) {
  return (
    <span className={`sev ${healthTone[state]}`}>
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
      >
        {state === 'healthy' && <path d="M2 6.5l2.8 2.8L10 3.2" />}
        {state === 'degraded' && <path d="M6 1.5l5 9H1z" fill="currentColor" stroke="none" />}
        {state === 'failing' && <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />}
        {state === 'unknown' && <circle cx="6" cy="6" r="4.4" strokeDasharray="2.6 2" />}
      </svg>
      {word}
    </span>
  );
}

export const EnvironmentBadge = ({ marking }: { marking: string }) => (
  <span className={`env ${marking.toLowerCase()}`}>{marking}</span>
);

export function TenancyMark({ tenancy, id }: { tenancy: TenancySummary | undefined; id: string }) {
  return (
    <span className="ten" title={tenancy ? `${tenancy.organisationName}, ${tenancy.environmentName}` : id}>
      <span aria-hidden="true">{tenancy?.mark ?? '??'}</span>
      <span className="unseen">{tenancy?.organisationName ?? id}</span>
    </span>
  );
}

/** The badge every row and every detail of a tenancy's data carries. */
export function TenancyBadge({
  tenancy,
  id,
  name = false,
}: {
  tenancy: TenancySummary | undefined;
  id: string;
  name?: boolean;
}) {
  return (
    <span className="line">
      <TenancyMark tenancy={tenancy} id={id} />
      {name && (
        <span className="clip">
          {tenancy ? `${tenancy.organisationName}${tenancy.internal ? ' (internal)' : ''}` : id}
        </span>
      )}
      {tenancy && <EnvironmentBadge marking={tenancy.marking} />}
    </span>
  );
}

export const Kbd = ({ children }: { children: string }) => <kbd aria-hidden="true">{children}</kbd>;

export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" fill="var(--accent)">
      <rect x="2" y="1" width="4" height="18" rx="1" />
      <rect x="8" y="1" width="4" height="18" rx="1" opacity=".6" />
      <rect x="14" y="1" width="4" height="18" rx="1" opacity=".3" />
    </svg>
  );
}
