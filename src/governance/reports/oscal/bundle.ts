import {
  assessmentPlan,
  assessmentResults,
  componentDefinition,
  poam,
  profile,
  ssp,
  uuidsOf,
} from '@ironbark/oscal';
import type { ArchiveFile } from '../archive/zip.ts';
import type { ProofsBeside } from '../kinds.ts';
import { poamItems } from '../poam.ts';
import type { SystemState } from '../state.ts';
import { catalogOf } from './catalog.ts';
import { headOf } from './head.ts';
import { componentsOf, planOf, profileOf, sspOf } from './plans.ts';
import { poamOf, resultsOf } from './results.ts';

/** The files of a bundle, by the models of OSCAL. */
export const oscalFileOf = {
  catalog: 'catalog.json',
  profile: 'profile.json',
  component: 'component-definition.json',
  ssp: 'ssp.json',
  ap: 'assessment-plan.json',
  ar: 'assessment-results.json',
  poam: 'poam.json',
} as const;
export type OscalModel = keyof typeof oscalFileOf;
// The keys of a constant are its own.
export const oscalModels = Object.keys(oscalFileOf) as OscalModel[];

/** A system in OSCAL 1.1.2: documents that refer to each other by file name, the same bytes for the same state. */
export function oscalFiles(state: SystemState, proofs: ProofsBeside): ArchiveFile[] {
  const documents: Partial<Record<OscalModel, object>> = {
    ...(state.framework.catalog === undefined && {
      catalog: { catalog: catalogOf(state, catalogUuid(state)) },
    }),
    profile: { profile: profile(profileOf(state)) },
    component: { 'component-definition': componentDefinition(componentsOf(state)) },
    ssp: { 'system-security-plan': ssp(sspOf(state)) },
    ap: { 'assessment-plan': assessmentPlan(planOf(state)) },
    ar: { 'assessment-results': assessmentResults(resultsOf(state, proofs)) },
    // A plan of action without an action is none: OSCAL asks for one item at least.
    ...(poamItems(state).length > 0 && {
      poam: { 'plan-of-action-and-milestones': poam(poamOf(state, proofs)) },
    }),
  };
  return oscalModels.flatMap((model) => {
    // As it was published, to the byte: its hash stands in the other documents.
    if (model === 'catalog' && state.framework.catalog !== undefined)
      return [{ path: oscalFileOf.catalog, bytes: Buffer.from(state.framework.catalog) }];
    const document = documents[model];
    return document === undefined
      ? []
      : [{ path: oscalFileOf[model], bytes: Buffer.from(`${JSON.stringify(document, null, 1)}\n`) }];
  });
}

function catalogUuid(state: SystemState): string {
  const { namespace, key } = headOf(state, 'catalog', '');
  return uuidsOf(namespace, key)('catalog', state.framework.edition, state.at.toISOString());
}
