import type { Confidence, ControlJudgement, Failing } from '#governance/evidence';

/** What all evaluators of a control say together. */
export type Heard = {
  /** none: there is no evaluator that said anything. */
  readonly state: 'none' | 'unknown' | 'satisfied' | 'not-satisfied';
  readonly because: string;
  /** For behind another sentence; empty where nothing was said. */
  readonly said: string;
  readonly failed: boolean;
  /** It failed when it was last seen, and that has expired. */
  readonly lapsedFailing: boolean;
  readonly failing: readonly Failing[];
  readonly wouldSettle: readonly string[];
  /** How far it carries, how old it is, and until when it holds. */
  readonly worth: { readonly confidence?: Confidence; readonly asOf?: Date; readonly expires?: Date };
};

const strength: readonly Confidence[] = ['attested', 'partial', 'proxy', 'direct'];
const weakest = (all: readonly Confidence[]): Confidence | undefined =>
  strength.find((one) => all.includes(one));

/**
 * One that fails fails the control. Otherwise one that can't tell leaves it open, since each looks at another part; and
 * together they are worth what the weakest is.
 * @param wanted the evaluators that have to say something; empty for all that did
 */
export function heard(judgements: readonly ControlJudgement[], wanted: readonly string[], now: Date): Heard {
  const standing = judgements.map((one) => (now < one.validUntil ? one : expired(one)));
  const lapsedFailing = judgements.some(
    ({ judgement, validUntil }) => judgement.status === 'not-satisfied' && now >= validUntil,
  );
  const failing = standing.flatMap((one) =>
    one.judgement.status === 'not-satisfied' ? [{ ...one, judgement: one.judgement }] : [],
  );
  const counted =
    wanted.length === 0 ? standing : standing.filter(({ evaluator }) => wanted.includes(evaluator));
  const silent = wanted.filter((id) => !standing.some(({ evaluator }) => evaluator === id));
  const unknown = counted.flatMap(({ judgement }) => (judgement.status === 'unknown' ? [judgement] : []));
  const satisfied = counted.flatMap((one) =>
    one.judgement.status === 'satisfied' ? [{ ...one, judgement: one.judgement }] : [],
  );
  const wouldSettle = [...new Set(unknown.flatMap((one) => one.wouldSettle))];
  const worthOf = (
    from: readonly (ControlJudgement & { judgement: { confidence: Confidence } })[],
  ): Heard['worth'] => {
    const confidence = weakest(from.map(({ judgement }) => judgement.confidence));
    const asOf = oldest(from.map(({ judgedAt }) => judgedAt));
    const expires = oldest(from.map(({ validUntil }) => validUntil));
    return {
      ...(confidence !== undefined && { confidence }),
      ...(asOf !== undefined && { asOf }),
      ...(expires !== undefined && { expires }),
    };
  };
  const saying = (state: Heard['state'], because: string, worth: Heard['worth']): Heard => ({
    state,
    because,
    said: because === '' ? '' : ` ${because}`,
    failed: failing.length > 0,
    lapsedFailing,
    failing: failing.flatMap(({ judgement }) => judgement.failing),
    wouldSettle,
    worth,
  });
  if (failing.length > 0)
    return saying(
      'not-satisfied',
      sentences(failing.map(({ judgement }) => judgement.because)),
      worthOf(failing),
    );
  if (unknown.length > 0 || silent.length > 0)
    return saying(
      'unknown',
      sentences([
        ...unknown.map(({ because }) => because),
        ...silent.map((id) => `Nothing was seen by "${id}".`),
      ]),
      {},
    );
  if (satisfied.length > 0)
    return saying(
      'satisfied',
      sentences(satisfied.map(({ judgement }) => judgement.because)),
      worthOf(satisfied),
    );
  return saying('none', '', {});
}

const expired = (one: ControlJudgement): ControlJudgement =>
  one.judgement.status === 'unknown'
    ? one
    : {
        ...one,
        judgement: {
          status: 'unknown',
          because: `What was seen on ${day(one.judgedAt)} counted until ${day(one.validUntil)}.`,
          wouldSettle: [`new evidence for "${one.evaluator}"`],
        },
      };

/** The first few; the rest is counted. */
function sentences(all: readonly string[]): string {
  const different = [...new Set(all)];
  const rest = different.length - 3;
  return different.slice(0, 3).join(' ') + (rest > 0 ? ` And ${rest} more.` : '');
}

const oldest = (dates: readonly Date[]): Date | undefined =>
  dates.length === 0 ? undefined : new Date(Math.min(...dates.map((date) => date.getTime())));

/** The day in UTC. */
export const day = (date: Date): string => date.toISOString().slice(0, 10);
