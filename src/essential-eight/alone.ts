import type { ImplementationStatus } from '#contract/governance';
import type { Judgement } from '#governance/evidence';
import type { ControlStanding } from './service.ts';

/** What one evaluator said of a control, and until when it stands. */
export type Said = {
  readonly judgement: Judgement;
  readonly judgedAt?: Date;
  readonly validUntil?: Date;
};

/**
 * How a control stands by evidence alone, where nobody keeps answers: in a system without an imported catalogue, and on
 * files. As governance/controls has it: evidence can show that a control is not met, and that it is met only where it
 * looked at all of what is asked (direct or proxy) and none of it is unknown.
 */
export function standingAlone(control: string, said: readonly Said[]): ControlStanding {
  const failed = said.find(({ judgement }) => judgement.status === 'not-satisfied');
  const open = said.find(({ judgement }) => judgement.status === 'unknown');
  const seen = failed ?? open ?? said[0];
  if (seen === undefined)
    return { control, status: 'Not Assessed', because: 'No evidence tells, and nobody answered it.' };
  const { judgement } = seen;
  const times = {
    ...(seen.judgedAt && { asOf: seen.judgedAt }),
    ...(seen.validUntil && { expires: seen.validUntil }),
  };
  if (judgement.status === 'not-satisfied')
    return {
      control,
      status: 'Ineffective',
      because: judgement.because,
      confidence: judgement.confidence,
      failing: judgement.failing,
      ...times,
    };
  if (judgement.status === 'unknown')
    return {
      control,
      status: 'Not Assessed',
      because: judgement.because,
      unknownWhy: judgement.because,
      wouldSettle: judgement.wouldSettle,
    };
  if (judgement.confidence === 'direct' || judgement.confidence === 'proxy')
    return {
      control,
      status: 'Effective',
      because: judgement.because,
      confidence: judgement.confidence,
      ...times,
    };
  const part = `Evidence shows a part of what is asked: ${judgement.because}`;
  return {
    control,
    status: 'Not Assessed',
    because: part,
    unknownWhy: part,
    wouldSettle: ['a statement by the control’s owner about the rest'],
  };
}

/**
 * The same with an answer beside it: evidence that says otherwise wins over "Effective", an answer wins where evidence
 * leaves it open, and what was answered as unknown goes by the evidence.
 */
export function standingAnswered(
  control: string,
  status: ImplementationStatus,
  said: readonly Said[],
): ControlStanding {
  const seen = standingAlone(control, said);
  if (status === 'Not Assessed' || status === 'No Visibility')
    return seen.status === 'Not Assessed' ? { ...seen, status } : seen;
  if (status === 'Effective' && seen.status === 'Ineffective')
    return { ...seen, because: `Answered "Effective", and evidence says otherwise: ${seen.because ?? ''}` };
  return {
    control,
    status,
    because: `Answered "${status}".`,
    confidence: 'attested',
    failing: seen.failing ?? [],
  };
}
