import {
  createReader,
  type OscalDocument,
  readAssessmentResults,
  readPoam,
  readProfile,
  readSsp,
} from '@ironbark/oscal';
import { describe, expect, test } from 'vitest';
import { largeState, sampleState } from '../testing.ts';
import { oscalFileOf, oscalFiles } from './bundle.ts';
import { componentsOf, planOf, profileOf, sspOf } from './plans.ts';
import { poamOf, resultsOf } from './results.ts';

const state = sampleState();
const read = createReader();
/** Of everything that the ledger recorded. */
const beside = {
  folder: '',
  entries: new Set(state.collections.flatMap(({ ledgerId }) => ledgerId ?? [])),
};
const texts = (of = state): [string, string][] =>
  oscalFiles(of, beside).map(({ path, bytes }) => [path, Buffer.from(bytes).toString('utf8')]);
const documentOf = (text: string): OscalDocument => {
  const found = read(text);
  if (!found.ok) throw new Error(JSON.stringify(found.faults.slice(0, 5)));
  return found.document;
};
const only = (path: string): OscalDocument => documentOf(texts().find(([name]) => name === path)?.[1] ?? '');

describe('a system in OSCAL', () => {
  test('every document is there, and the same state gives the same bytes', () => {
    expect(texts().map(([path]) => path)).toEqual(Object.values(oscalFileOf));
    expect(texts()).toEqual(texts());
  });

  test.each(['1.1.2', '1.2.1'])(
    'every document holds to the schema of %s, small and large',
    (version) => {
      for (const system of [state, largeState(1073)])
        for (const [path, text] of texts(system)) {
          const under = text.replace('"oscal-version": "1.1.2"', `"oscal-version": "${version}"`);
          const found = read(under);
          expect(found.ok ? [] : found.faults.slice(0, 3), path).toEqual([]);
        }
    },
    60_000,
  );

  test('the security plan read back is the one that was written', () => {
    const document = only('ssp.json');
    if (document.model !== 'system-security-plan') throw new Error(document.model);
    expect(readSsp(document.value)).toEqual(sspOf(state));
  });

  test('unknown is neither satisfied nor not satisfied, and is read back as unknown', () => {
    const document = only('assessment-results.json');
    if (document.model !== 'assessment-results') throw new Error(document.model);
    const findings = document.value.results[0]?.findings ?? [];
    expect(
      findings.map((one) => [one.target['target-id'].replace(/_smt$/, ''), one.target.status.state]),
    ).toEqual([
      ['own-0001', 'satisfied'],
      ['own-0002', 'not-satisfied'],
      ['own-0003', 'not-satisfied'],
      ['own-0006', 'satisfied'],
    ]);
    const back = readAssessmentResults(document.value);
    expect(back).toEqual(resultsOf(state, beside));
    expect(
      back.results[0]?.determinations.filter((one) => one.state === 'unknown').map(({ control }) => control),
    ).toEqual(['own-0004', 'own-0007']);
  });

  test('the plan of action and the profile read back are those that were written', () => {
    const plan = only('poam.json');
    if (plan.model !== 'plan-of-action-and-milestones') throw new Error(plan.model);
    expect(readPoam(plan.value)).toEqual(poamOf(state, beside));
    const baseline = only('profile.json');
    if (baseline.model !== 'profile') throw new Error(baseline.model);
    expect(readProfile(baseline.value)).toEqual(profileOf(state));
  });

  test('documents point to proofs that lie beside them, and to no others', () => {
    const pointed = (folder: string, entries: ReadonlySet<string>) =>
      oscalFiles(state, { folder, entries }).flatMap(({ bytes }) => [
        ...Buffer.from(bytes)
          .toString('utf8')
          .matchAll(/"href": "([^"]*proofs\/[^"]*)"/g),
      ]);
    expect(pointed('', new Set())).toEqual([]);
    const inside = pointed('../', beside.entries).map(([, href]) => href);
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.every((href) => href?.startsWith('../proofs/'))).toBe(true);
  });

  test('a catalogue that is at hand leaves to the byte, and a control of a service’s matrix says who answers', () => {
    const catalog = '{"catalog": {"as": "published"}}';
    const whole = sampleState({ framework: { ...state.framework, catalog } });
    expect(new Map(texts(whole)).get('catalog.json')).toBe(catalog);
    const shipped = sampleState({
      controls: state.controls.map((one) => ({
        ...one,
        answer: null,
        matrix: [
          { services: ['backup'], responsibleEntity: 'Shared', customerResponsibility: 'Configurable' },
        ],
      })),
    });
    const said = componentsOf(shipped).components.map(({ key, implementations }) => [
      key,
      implementations?.[0]?.controls[0]?.customerResponsibility,
    ]);
    expect(said).toContainEqual(['service/backup', 'Configurable']);
    expect(
      said.filter(([key]) => key !== 'service/backup').every(([, customer]) => customer === undefined),
    ).toBe(true);
  });

  test('a system with nothing to do has no plan of action, and the rest is whole', () => {
    const calm = sampleState({
      findings: [],
      controls: state.controls.filter(({ status }) => status === 'Effective' || status === 'Not Assessed'),
    });
    expect(texts(calm).map(([path]) => path)).not.toContain('poam.json');
    for (const [, text] of texts(calm)) documentOf(text);
  });

  test('what is left to customers stands in the component of each service', () => {
    const [, backup] = componentsOf(state).components;
    const [first] = backup?.implementations?.[0]?.controls ?? [];
    expect(first).toMatchObject({ customerResponsibility: 'Configurable', responsibleEntity: 'Shared' });
    expect(planOf(state).excluded).toEqual(['own-0005']);
  });
});
