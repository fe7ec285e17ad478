import { type Certificate, type CertifiedSystem, nextSurveillance, reassessmentAt } from './certificate.ts';
import type { Warning } from './contract.ts';

const dayMs = 86_400_000;
/** How long before: an assessment is booked months ahead, a surveillance visit and a condition weeks. Ours. */
const lead = { planDays: 180, actDays: 60, surveillanceDays: 60, conditionDays: 30 } as const;

/**
 * What is wrong with a certificate, or will be, and what to do about each. Pure: the same at the same moment.
 * @param systems every system there is; those outside its scope are only looked at to tell what is gone
 */
export function warningsOf(
  certificate: Certificate,
  systems: readonly CertifiedSystem[],
  now: Date,
): readonly Warning[] {
  if (certificate.withdrawnAt !== null) return [];
  const inScope = systems.filter(({ environment }) =>
    certificate.about.scope.environments.includes(environment),
  );
  return [
    ...ofBeginning(certificate, now),
    ...ofEnd(certificate, now),
    ...ofSurveillance(certificate, now),
    ...ofConditions(certificate, now),
    ...ofScopeItself(certificate, systems),
    ...inScope.flatMap((system) => ofDrift(certificate, system)),
    ...inScope.flatMap((system) => ofChanges(certificate, system, now)),
    ...ofPapers(certificate),
  ];
}

function ofBeginning({ about }: Certificate, now: Date): Warning[] {
  if (now >= new Date(about.issuedAt)) return [];
  return [
    warn('not-begun', 'notice', {
      text: `It was issued for ${day(about.issuedAt)} and does not hold yet.`,
      remedy: 'Until then show the certificate before it.',
      dueAt: about.issuedAt,
    }),
  ];
}

/** INVARIANT: at the very moment of its end it does not hold any more. */
function ofEnd(certificate: Certificate, now: Date): Warning[] {
  const { about } = certificate;
  const warnings: Warning[] = [];
  const again = reassessmentAt(certificate);
  if (again !== undefined) {
    const what = 'The IRAP assessment';
    const remedy =
      'Book an IRAP assessor now: it is to be assessed again at least every 24 months (ISM-1570).';
    if (now >= again)
      warnings.push(
        warn('reassessment-overdue', 'breach', {
          text: `${what} is older than 24 months since ${day(again)}.`,
          remedy,
          dueAt: again,
        }),
      );
    else if (within(again, lead.planDays, now))
      warnings.push(
        warn('reassessment-due', within(again, lead.actDays, now) ? 'warning' : 'notice', {
          text: `${what} becomes older than 24 months on ${day(again)}.`,
          remedy,
          dueAt: again,
        }),
      );
  }
  if (about.expiresAt === null) return warnings;
  const expires = new Date(about.expiresAt);
  if (now >= expires)
    warnings.push(
      warn('expired', 'breach', {
        text: `It ended on ${day(expires)}.`,
        remedy: 'Do not show it any more. Have it renewed, then record the new one and withdraw this.',
        dueAt: expires,
      }),
    );
  else if (within(expires, lead.planDays, now))
    warnings.push(
      warn('expires', within(expires, lead.actDays, now) ? 'warning' : 'notice', {
        text: `It ends on ${day(expires)}.`,
        remedy: `Agree the renewal with ${about.assessor.organisation}.`,
        dueAt: expires,
      }),
    );
  return warnings;
}

function ofSurveillance(certificate: Certificate, now: Date): Warning[] {
  const next = nextSurveillance(certificate);
  if (next === undefined) return [];
  const { organisation } = certificate.about.assessor;
  if (now >= next)
    return [
      warn('surveillance-overdue', 'breach', {
        text: `Its surveillance was due on ${day(next)}.`,
        remedy: `Ask ${organisation} for the visit at once, and whether the certificate is suspended until then.`,
        dueAt: next,
      }),
    ];
  if (!within(next, lead.surveillanceDays, now)) return [];
  return [
    warn('surveillance-due', 'warning', {
      text: `Its surveillance is due on ${day(next)}.`,
      remedy: `Agree the day with ${organisation}, then record the visit here.`,
      dueAt: next,
    }),
  ];
}

function ofConditions({ about }: Certificate, now: Date): Warning[] {
  return about.conditions.flatMap(({ id, text, dueAt, doneAt }) => {
    if (doneAt !== null) return [];
    const due = new Date(dueAt);
    if (now < due && !within(due, lead.conditionDays, now)) return [];
    const late = now >= due;
    return [
      warn(late ? 'condition-overdue' : 'condition-due', late ? 'breach' : 'warning', {
        text: `A condition ${late ? 'was' : 'is'} due on ${day(due)}: ${text}`,
        remedy: 'Meet it and record how, or agree another day with the assessor and change it here.',
        subject: id,
        dueAt: due,
      }),
    ];
  });
}

type Named = { readonly id: string; readonly name: string };

/** A scope is written by people: by the id or by the name, in whatever case. */
const isNamed = (scope: readonly string[], { id, name }: Named): boolean =>
  scope.some((one) => one === id || one.trim().toLowerCase() === name.trim().toLowerCase());

/** What the scope names and is not there any more. */
function ofScopeItself({ about }: Certificate, systems: readonly CertifiedSystem[]): Warning[] {
  const { scope } = about;
  const inScope = systems.filter(({ environment }) => scope.environments.includes(environment));
  const gone = (named: readonly string[], there: readonly Named[]): string[] =>
    named.filter((one) => !there.some((thing) => isNamed([one], thing)));
  const environments = gone(
    scope.environments,
    systems.map(({ environment }) => ({ id: environment, name: environment })),
  );
  const services = gone(
    scope.services,
    inScope.flatMap((system) => system.services),
  );
  // Where a system's assets are not known, that one is missing is not known either.
  const known = inScope.every(({ assets }) => assets !== undefined);
  const assets = known
    ? gone(
        scope.assets,
        inScope.flatMap((system) => system.assets ?? []),
      )
    : [];
  return [
    ...environments.map((subject) =>
      warn('environment-gone', 'warning', {
        text: `Its scope names the environment "${subject}", which is not there.`,
        remedy: 'Tell the assessor, and correct the scope at the next assessment.',
        subject,
      }),
    ),
    ...services.map((subject) =>
      warn('service-gone', 'notice', {
        text: `Its scope names the service "${subject}", which nobody consumes in these environments.`,
        remedy: 'Leave it out of the scope at the next assessment, if it stays so.',
        subject,
      }),
    ),
    ...assets.map((subject) =>
      warn('asset-gone', 'notice', {
        text: `Its scope names the information asset "${subject}", which is not in the register.`,
        remedy: 'Correct the register, or the scope at the next assessment.',
        subject,
      }),
    ),
  ];
}

/** What is used in a system of the scope and is outside of it. */
function ofDrift({ about }: Certificate, system: CertifiedSystem): Warning[] {
  const { scope } = about;
  const outside = (
    code: Warning['code'],
    what: string,
    there: readonly Named[] | undefined,
    named: readonly string[],
  ): Warning[] =>
    (there ?? [])
      .filter((thing) => !isNamed(named, thing))
      .map(({ id, name }) =>
        warn(code, 'warning', {
          text: `${what} "${name}" is used in ${system.name} and is not in the scope.`,
          remedy: `Do not claim it as certified. Have it assessed and the scope extended, or take it out of ${system.name}.`,
          subject: id,
        }),
      );
  return [
    ...outside('service-outside', 'The service', system.services, scope.services),
    ...outside('asset-outside', 'The information asset', system.assets, scope.assets),
    ...outside('site-outside', 'The site', system.sites, scope.sites),
  ];
}

function ofChanges({ about }: Certificate, system: CertifiedSystem, now: Date): Warning[] {
  const since = new Date(about.surveyedAt ?? about.issuedAt);
  const warnings: Warning[] = [];
  const assessed = about.edition;
  const active = system.editions.find(({ framework }) => framework === assessed?.framework);
  if (assessed !== null && active !== undefined && active.version !== assessed.version)
    warnings.push(
      warn('edition-newer', 'notice', {
        text: `${system.name} is run against ${active.framework} ${active.version} since ${day(active.since)}; it was assessed against ${assessed.version}.`,
        remedy:
          'Show what the newer edition changed and how it is met; the next assessment is against the edition of its day.',
        subject: `${active.framework} ${active.version}`,
      }),
    );
  for (const { what, at } of system.changes)
    if (at > since && at <= now)
      warnings.push(
        warn('significant-change', 'warning', {
          text: `${system.name} was changed significantly on ${day(at)}, after it was last assessed: ${what}`,
          remedy:
            'Ask the assessor whether it has to be assessed again before its time, and record the answer as a surveillance.',
          subject: what,
        }),
      );
  return warnings;
}

function ofPapers({ about, scheme, report }: Certificate): Warning[] {
  const warnings: Warning[] = [];
  if (about.level === 'uncertified')
    warnings.push(
      warn('uncertified', 'breach', {
        text: 'The hosting is uncertified.',
        remedy:
          'Government hosting contracts need a certified provider: apply for Certified Assured or Certified Strategic.',
      }),
    );
  if (report === null && about.level !== 'uncertified')
    warnings.push(
      warn('report-missing', 'notice', {
        text: `There is no ${scheme === 'irap' ? 'assessment report' : 'certificate or report'} with it.`,
        remedy: 'Keep the file here: whoever relies on the certificate asks for it.',
      }),
    );
  return warnings;
}

const within = (moment: Date, days: number, now: Date): boolean =>
  now.getTime() >= moment.getTime() - days * dayMs;
const day = (moment: Date | string): string => new Date(moment).toISOString().slice(0, 10);

function warn(
  code: Warning['code'],
  severity: Warning['severity'],
  {
    text,
    remedy,
    subject = null,
    dueAt = null,
  }: { text: string; remedy: string; subject?: string | null; dueAt?: Date | string | null },
): Warning {
  return {
    code,
    severity,
    text,
    remedy,
    subject,
    dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
  };
}
