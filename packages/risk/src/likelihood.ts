import { mean } from './beta.ts';
import type { BetaCounts, Control, Finding, Likelihood, RiskParameters, Threat } from './model.ts';

const dayMs = 86_400_000;
/** EPSS speaks of the next 30 days. SOURCE: FIRST, EPSS user guide. */
const epssDays = 30;

/** Days from a moment to the model's, never below 0; undefined where no moment was told. */
export function ageDays(asOf: string, at: string | undefined): number | undefined {
  if (at === undefined) return undefined;
  const age = (Date.parse(asOf) - Date.parse(at)) / dayMs;
  return Number.isFinite(age) ? Math.max(0, age) : undefined;
}

/**
 * q_v: the probability that somebody exploits this vulnerability within the horizon where it is open to everybody.
 * EPSS, raised to the floor of KEV or of what we saw ourselves; the declared prior where EPSS is not known.
 */
export function findingLikelihood(finding: Finding, parameters: RiskParameters): Likelihood {
  const floor = Math.max(
    finding.kev === true ? parameters.kevFloor : 0,
    finding.seen === true ? parameters.seenFloor : 0,
  );
  if (finding.epss === undefined) return floor > 0 ? overHorizon(floor, parameters) : parameters.epssUnknown;
  return overHorizon(Math.max(finding.epss, floor), parameters);
}

const overHorizon = (q: number, { horizonDays }: RiskParameters): number =>
  horizonDays === epssDays ? q : 1 - (1 - q) ** (horizonDays / epssDays);

/** In words, with its numbers: what a reader checks first. */
export function findingBasis(finding: Finding, parameters: RiskParameters): string {
  const parts = [finding.epss === undefined ? 'EPSS not known' : `EPSS ${finding.epss}`];
  if (finding.kev === true) parts.push(`in KEV: at least ${parameters.kevFloor}`);
  if (finding.seen === true) parts.push(`exploitation seen by us: at least ${parameters.seenFloor}`);
  if (finding.epss === undefined && finding.kev !== true && finding.seen !== true)
    parts.push(`declared prior ${parameters.epssUnknown.alpha}:${parameters.epssUnknown.beta}`);
  return parts.join('; ');
}

export const exposureOf = (
  exposure: number | keyof RiskParameters['exposure'] | undefined,
  parameters: RiskParameters,
): number => (typeof exposure === 'number' ? exposure : parameters.exposure[exposure ?? 'tenant']);

/** A part that fails does so wherever it stands: exposure counts for attacks only. */
export const threatExposure = (threat: Threat, exposure: number): number =>
  threat.kind === 'failure' ? 1 : exposure;

/**
 * What is believed of a control's effectiveness: the counts of its status, and observations that count less with age
 * and up to a cap. Undefined: it stops nothing (not implemented) or is not there to stop anything (not applicable).
 */
export function effectiveness(
  control: Control,
  asOf: string,
  parameters: RiskParameters,
): BetaCounts | undefined {
  const prior = priorOf(control, parameters);
  if (prior === undefined || control.observed === undefined) return prior;
  const { pass, fail, at } = control.observed;
  const seen = pass + fail;
  const age = ageDays(asOf, at);
  if (seen <= 0 || age === undefined) return prior;
  const counted =
    Math.min(seen, parameters.observationCap) * 0.5 ** (age / parameters.observationHalfLifeDays);
  return {
    alpha: prior.alpha + (counted * pass) / seen,
    beta: prior.beta + (counted * fail) / seen,
  };
}

function priorOf(control: Control, parameters: RiskParameters): BetaCounts | undefined {
  if (typeof control.status !== 'string') return control.status;
  if (control.status === 'Not Implemented' || control.status === 'Not Applicable') return undefined;
  return parameters.effectiveness[control.status];
}

export const meanLikelihood = (likelihood: Likelihood): number =>
  typeof likelihood === 'number' ? likelihood : mean(likelihood);
