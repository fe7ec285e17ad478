import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedData } from '../../../test/shared.ts';
import {
  createReader,
  type OscalDocument,
  readAssessmentPlan,
  readAssessmentResults,
  readComponentDefinition,
  readPoam,
  readProfile,
  readSsp,
} from '../src/index.ts';

const samples = sharedData('governance/oscal/samples');
const read = createReader();

const contentOf = (document: OscalDocument): { head: { title: string }; size: number } | undefined => {
  switch (document.model) {
    case 'system-security-plan': {
      const { head, controls } = readSsp(document.value);
      return { head, size: controls.length };
    }
    case 'assessment-plan': {
      const { head, tasks = [] } = readAssessmentPlan(document.value);
      return { head, size: tasks.length };
    }
    case 'assessment-results': {
      const { head, results } = readAssessmentResults(document.value);
      return { head, size: results.flatMap((result) => result.determinations).length };
    }
    case 'plan-of-action-and-milestones': {
      const { head, items } = readPoam(document.value);
      return { head, size: items.length };
    }
    case 'component-definition': {
      const { head, components } = readComponentDefinition(document.value);
      return { head, size: components.length };
    }
    case 'profile': {
      const { head, imports } = readProfile(document.value);
      return { head, size: imports.length };
    }
    case 'catalog':
    case 'mapping-collection':
      return undefined;
  }
};

test.skipIf(samples === undefined)('documents of other tools are read for what they say', () => {
  const sizes = readdirSync(`${samples}`).map((name) => {
    const result = read(readFileSync(`${samples}/${name}`));
    if (!result.ok) throw new Error(JSON.stringify(result.faults));
    const content = contentOf(result.document);
    if (content !== undefined) expect(content.head.title).toBe(result.document.value.metadata.title);
    return [name, content?.size];
  });
  expect(Object.fromEntries(sizes)).toEqual({
    'NIST_SP-800-53_rev5_LOW-baseline_profile.json': 1,
    'basic-catalog.json': undefined,
    'example-component-definition.json': 1,
    'example-component.json': 1,
    'ifa_assessment-plan-example.json': 1,
    'ifa_assessment-results-example.json': 1,
    'ifa_plan-of-action-and-milestones.json': 2,
    'ifa_ssp-example.json': 1,
  });
});
