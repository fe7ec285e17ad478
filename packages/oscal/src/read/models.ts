import type {
  AssessmentPlan,
  AssessmentResults,
  Catalog,
  ComponentDefinition,
  MappingCollection,
  PlanOfActionAndMilestones,
  Profile,
  SystemSecurityPlan,
} from '../generated/types.ts';

/** The models of OSCAL by the name that stands at the root of their JSON. */
export type Models = {
  catalog: Catalog;
  profile: Profile;
  'mapping-collection': MappingCollection;
  'component-definition': ComponentDefinition;
  'system-security-plan': SystemSecurityPlan;
  'assessment-plan': AssessmentPlan;
  'assessment-results': AssessmentResults;
  'plan-of-action-and-milestones': PlanOfActionAndMilestones;
};

export type Model = keyof Models;

/** A document that its schema accepts. `version` is the document's own `oscal-version`. */
export type OscalDocument = { [M in Model]: { model: M; version: string; value: Models[M] } }[Model];

export const models: readonly Model[] = [
  'catalog',
  'profile',
  'mapping-collection',
  'component-definition',
  'system-security-plan',
  'assessment-plan',
  'assessment-results',
  'plan-of-action-and-milestones',
];

/** The version that everything written here has: what ASD uses, and what every tool reads. */
export const writtenVersion = '1.1.2';

export type SchemaVersion = '1.1.2' | '1.2.1';

/** The schema that a version is held to; undefined for versions that are not read. */
export function schemaFor(version: string): SchemaVersion | undefined {
  const minor = /^1\.([0-2])\.\d{1,3}$/.exec(version)?.[1];
  if (minor === undefined) return undefined;
  return minor === '2' ? '1.2.1' : '1.1.2';
}
