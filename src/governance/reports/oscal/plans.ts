import type {
  AssessmentPlanInput,
  ComponentDefinitionInput,
  ControlAnswer,
  ProfileInput,
  SspInput,
} from '@ironbark/oscal';
import { matrixRow } from '../ccm.ts';
import type { ControlState, SystemState } from '../state.ts';
import { factsOf, headOf } from './head.ts';

/** Which controls of the catalogue the system is assessed against. */
export const profileOf = (state: SystemState): ProfileInput => ({
  head: headOf(state, 'profile', 'Baseline'),
  imports: [{ href: 'catalog.json', include: state.controls.map(({ id }) => id) }],
  keepsGroups: true,
});

const answerOf = (control: ControlState): ControlAnswer => {
  const { answer } = control;
  const guidance = answer?.guidance;
  return {
    control: control.id,
    status: control.status,
    narrative: answer?.narrative ?? '',
    because: control.because,
    statementHash: control.statementHash,
    ...(answer?.responsibleEntity && { responsibleEntity: answer.responsibleEntity }),
    ...(answer?.customerResponsibility && { customerResponsibility: answer.customerResponsibility }),
    ...(answer?.owner && { owner: answer.owner }),
    facts: factsOf({
      basis: control.basis,
      confidence: control.confidence,
      'not-known-because': control.unknownWhy,
      'org-responsibility': guidance?.organisation,
      'guidance-selecting': guidance?.selecting,
      'technology-addressed': guidance?.technology,
      'guidance-implementing': guidance?.implementing,
    }),
  };
};

export function sspOf(state: SystemState): SspInput {
  const { system, assets } = state;
  return {
    head: headOf(state, 'ssp', 'System security plan'),
    profile: 'profile.json',
    description: 'How each control of the baseline is met, as answered and as evidence shows.',
    system: {
      id: system.environment,
      name: system.name,
      description: `${system.name}, run by ${system.provider.name}. Marking: ${system.marking}.`,
      sensitivity: system.marking,
      status: 'operational',
      boundary:
        assets === null
          ? 'No assets are recorded: the boundary is the environment as a whole.'
          : `${assets.information} information assets on ${assets.supporting} supporting assets: ${assets.byKind.map(({ kind, count }) => `${count} ${kind}`).join(', ')}.`,
      information: [],
    },
    components: state.services.map(({ id, name }) => ({
      key: `service/${id}`,
      type: 'service',
      title: name,
      description: `The service ${name}, offered in ${system.name}.`,
      status: 'operational',
    })),
    controls: state.controls.map(answerOf),
  };
}

/** What each service brings to who builds on it: the provider's part, and what is left to the customer. */
export function componentsOf(state: SystemState): ComponentDefinitionInput {
  const services = state.services.length === 0 ? [{ id: 'system', name: state.system.name }] : state.services;
  return {
    head: headOf(state, 'component-definition', 'Services'),
    components: services.map(({ id, name }) => ({
      key: `service/${id}`,
      type: 'service',
      title: name,
      description: `The service ${name}, run by ${state.system.provider.name}.`,
      implementations: [
        {
          key: `service/${id}`,
          source: 'profile.json',
          description: 'What the provider does, and what is left to the customer.',
          controls: state.controls
            .filter(({ status }) => status !== 'Not Applicable')
            .map((control) => {
              const own = control.answer?.overrides.find((one) => one.service === id && one.tenancy === null);
              const shipped = matrixRow(control, id);
              const customer =
                own?.customerResponsibility ??
                control.answer?.customerResponsibility ??
                shipped?.customerResponsibility;
              const entity =
                own?.responsibleEntity ?? control.answer?.responsibleEntity ?? shipped?.responsibleEntity;
              return {
                control: control.id,
                status: control.status,
                narrative: own?.note || control.answer?.narrative || '',
                statementHash: control.statementHash,
                ...(entity && { responsibleEntity: entity }),
                ...(customer && { customerResponsibility: customer }),
              };
            }),
        },
      ],
    })),
  };
}

export const planOf = (state: SystemState): AssessmentPlanInput => ({
  head: headOf(state, 'assessment-plan', 'Continuous assessment plan'),
  ssp: 'ssp.json',
  description:
    'Evidence is collected continuously and judged by evaluators; what they can’t judge is answered by people.',
  controls: state.controls.filter(({ status }) => status !== 'Not Applicable').map(({ id }) => id),
  excluded: state.controls.filter(({ status }) => status === 'Not Applicable').map(({ id }) => id),
  activities: evaluatorsOf(state).map(({ evaluator, version, controls }) => ({
    key: `evaluator/${evaluator}`,
    title: evaluator,
    description: `The evaluator ${evaluator}, version ${version}, judges the evidence that is in force.`,
    controls,
  })),
});

function evaluatorsOf({
  controls,
}: SystemState): { evaluator: string; version: number; controls: string[] }[] {
  const found = new Map<string, { evaluator: string; version: number; controls: string[] }>();
  for (const { id, status, judgements } of controls)
    for (const { evaluator, version } of judgements) {
      if (status === 'Not Applicable') continue;
      const known = found.get(evaluator) ?? { evaluator, version, controls: [] };
      if (!known.controls.includes(id)) known.controls.push(id);
      found.set(evaluator, known);
    }
  return [...found.values()].sort((a, b) => (a.evaluator < b.evaluator ? -1 : 1));
}
