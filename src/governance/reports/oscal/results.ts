import type {
  AssessmentResultsInput,
  Determination,
  ObservationInput,
  PoamInput,
  ResourceInput,
} from '@ironbark/oscal';
import { populationOf } from '../coverage.ts';
import { moment } from '../moment.ts';
import type { ProofsBeside } from '../kinds.ts';
import { proofPath } from '../pack/manifest.ts';
import { type PoamItem, poamItems } from '../poam.ts';
import { type CollectionState, type ControlState, isMet, isUnknown, type SystemState } from '../state.ts';
import { factsOf, headOf } from './head.ts';

/** Proofs of the ledger that lie beside the documents: nothing points to what is not there. */
const proofs = (collections: readonly CollectionState[], beside: ProofsBeside): ResourceInput[] =>
  collections.flatMap(({ id, kind, ledgerId }) =>
    ledgerId === null || !beside.entries.has(ledgerId)
      ? []
      : [
          {
            key: `proof/${id}`,
            title: `Proof of ${kind}`,
            description: 'That the ledger recorded the hash of this evidence (c2sp.org/tlog-proof).',
            href: `${beside.folder}${proofPath(ledgerId)}`,
          },
        ],
  );

const collected = (one: CollectionState, beside: ProofsBeside): ObservationInput => ({
  key: `collection/${one.id}`,
  title: `${one.kind}, ${one.source}`,
  description: populationOf(one),
  methods: ['TEST'],
  collected: one.collectedAt,
  expires: one.expiresAt,
  ...(one.ledgerId !== null &&
    beside.entries.has(one.ledgerId) && {
      evidence: [{ resource: `proof/${one.id}`, description: `Recorded in the ledger: ${one.ledgerId}.` }],
    }),
  facts: factsOf({
    kind: one.kind,
    source: one.source,
    origin: one.origin,
    sha256: one.hash,
    facts: String(one.facts),
    covered: String(one.population.covered),
    population: one.population.of === null ? 'unknown' : String(one.population.of),
    basis: one.population.basis,
    ceiling: one.ceiling,
    'ledger-entry': one.ledgerId,
  }),
});

/** Somebody's word: what stands behind a control that no evidence shows. */
const attested = (control: ControlState, at: Date): ObservationInput => ({
  key: `answer/${control.id}`,
  title: `Answer to ${control.label}`,
  description: control.answer?.narrative || control.because,
  methods: ['INTERVIEW'],
  collected: control.answer?.at ?? control.asOf ?? at,
  ...(control.expires !== null && { expires: control.expires }),
  facts: factsOf({ by: control.answer?.by }),
});

const stateOf = ({ status }: ControlState): Determination['state'] =>
  isMet(status) ? 'satisfied' : isUnknown(status) ? 'unknown' : 'not-satisfied';

export function resultsOf(state: SystemState, beside: ProofsBeside): AssessmentResultsInput {
  const { at, collections } = state;
  const kept = new Set(collections.map(({ id }) => id));
  const reviewed = state.controls.filter(({ status }) => status !== 'Not Applicable');
  const seenBy = (control: ControlState): string[] =>
    [...new Set(control.judgements.flatMap(({ collections: ids }) => ids))]
      .filter((id) => kept.has(id))
      .map((id) => `collection/${id}`);
  const onWord = reviewed.filter(
    (control) =>
      stateOf(control) !== 'unknown' && (control.basis !== 'evidence' || seenBy(control).length === 0),
  );
  const words = new Set(onWord.map(({ id }) => id));
  const started = collections.map(({ collectedAt }) => collectedAt.getTime());
  return {
    head: headOf(state, 'assessment-results', 'Assessment results', {
      resources: proofs(collections, beside),
    }),
    plan: 'assessment-plan.json',
    results: [
      {
        key: 'state',
        title: `As at ${moment(at)}`,
        description: 'How every reviewed control stands, by the evidence in force and the answers given.',
        start: new Date(Math.min(at.getTime(), ...started)),
        end: at,
        tools: [{ key: 'ironbark', title: 'Ironbark' }],
        observations: [
          ...collections.map((one) => collected(one, beside)),
          ...onWord.map((control) => attested(control, at)),
        ],
        determinations: reviewed.map((control) => ({
          control: control.id,
          state: stateOf(control),
          because: control.unknownWhy ?? control.because,
          ...(control.wouldSettle.length > 0 && { wouldSettle: control.wouldSettle }),
          observations: [...seenBy(control), ...(words.has(control.id) ? [`answer/${control.id}`] : [])],
          judged: at,
          ...(control.expires !== null && control.expires > at && { expires: control.expires }),
          facts: factsOf({
            status: control.status,
            basis: control.basis,
            confidence: control.confidence,
            'statement-sha256': control.statementHash,
          }),
        })),
      },
    ],
  };
}

export function poamOf(state: SystemState, beside: ProofsBeside): PoamInput {
  const items = poamItems(state);
  const used = new Set(items.flatMap(({ collections }) => collections));
  const observed = state.collections.filter(({ id }) => used.has(id));
  const kept = new Set(observed.map(({ id }) => id));
  return {
    head: headOf(state, 'poam', 'Plan of action and milestones', { resources: proofs(observed, beside) }),
    ssp: 'ssp.json',
    systemId: state.system.environment,
    observations: observed.map((one) => collected(one, beside)),
    risks: items.map((item) => ({
      key: `item/${item.id}`,
      title: item.title,
      description: item.detail,
      statement: `${item.label} is not met.`,
      status: item.state === 'accepted' ? 'deviation-approved' : 'open',
      ...(item.due !== null && { deadline: item.due }),
      ...(item.plan !== '' && {
        remediations: [
          {
            key: `item/${item.id}`,
            lifecycle: 'planned',
            title: 'Planned action',
            description: item.plan,
          },
        ],
      }),
    })),
    items: items.map((item) => ({
      key: item.id,
      title: `${item.label}: ${item.title}`,
      description: item.detail,
      controls: [item.control],
      risks: [`item/${item.id}`],
      ...(item.collections.some((id) => kept.has(id)) && {
        observations: item.collections.filter((id) => kept.has(id)).map((id) => `collection/${id}`),
      }),
      ...(item.due !== null && { due: item.due }),
      ...(item.owner !== null && { owner: item.owner }),
      status: item.state,
      facts: itemFacts(item),
    })),
  };
}

const itemFacts = (item: PoamItem) =>
  factsOf({
    severity: item.severity,
    plan: item.plan,
    'found-at': item.openedAt?.toISOString(),
    'accepted-until': item.acceptedUntil?.toISOString(),
  });
