import { appointOfficer } from './testing.ts';
import { answerInput } from './contract.ts';
import { activateEdition, importEdition, listEditions, putAside } from '../frameworks/editions.ts';
import { openGovernance, ownCatalogue, type TestGovernance } from '../frameworks/testing.ts';
import { addMapping } from '../frameworks/mapping.ts';
import { engines } from '../testing.ts';
import type { ControlJudgement } from '#governance/evidence';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bulkAnswer, putAnswer, reaffirm } from './answering.ts';
import { exportAnswers, importAnswers } from './csv.ts';
import { listResponsibilities, setResponsibility } from './customers.ts';
import type { ControlDeps } from './deps.ts';
import {
  decideException,
  endException,
  holdToCeilings,
  lapseExceptions,
  listExceptions,
  requestException,
} from './exceptions.ts';
import { listChanges, listControls, previewUpgrade, showControl, showPosture } from './look.ts';
import { recordStandings } from './record.ts';
import { createStandings } from './standings.ts';

const effective = answerInput.parse({ status: 'Effective', narrative: 'Done so.' });

describe.each(engines())('controls on %s', (_engine, open) => {
  let world: TestGovernance;
  let deps: ControlDeps;
  const judgements = new Map<string, ControlJudgement[]>();
  const ann = () => world.as('ann');
  const bob = () => world.as('bob');
  const later = (days: number): string =>
    new Date(world.clock.now().getTime() + days * 86_400_000).toISOString();
  const statusOf = async (control: string): Promise<string | undefined> =>
    (await listControls(deps, ann(), 'odce')).controls.find(({ id }) => id === control)?.status;
  const activate = async (version: string): Promise<void> => {
    const { editions } = await listEditions(world.deps, ann());
    const edition = editions.find((one) => one.framework === 'own' && one.version === version)?.id ?? '';
    await activateEdition(world.deps, ann(), 'odce', { edition, profile: 'all' });
  };

  beforeAll(async () => {
    world = await openGovernance(await open());
    deps = {
      ...world.deps,
      standings: createStandings({
        judgements: async () => judgements,
        openFindings: async () => new Set(),
      }),
      responsibilities: new Map([['b', { responsible: 'Shared', customer: 'Configurable' }]]),
    };
    await world.imported('1', { a: 'Do this.', b: 'Do that.', c: 'Keep it.', d: 'Have it.' });
    await world.imported('2', { a: 'Do this.', b: 'Do that always.', d: 'Have it.', e: 'New.' });
    await activate('1');
  });
  afterAll(() => world.close());

  test('an answer is a version, and says who is with it where nobody else did', async () => {
    await putAnswer(deps, ann(), 'odce', 'a', effective);
    await putAnswer(deps, bob(), 'odce', 'a', { ...effective, status: 'Ineffective', after: 1 });
    const { answers, control } = await showControl(deps, ann(), 'odce', 'a');
    expect(answers.map(({ version, status, by }) => [version, status, by])).toEqual([
      [2, 'Ineffective', 'bob'],
      [1, 'Effective', 'ann'],
    ]);
    expect(control).toMatchObject({ status: 'Ineffective', responsible: null });
    await expect(putAnswer(deps, ann(), 'odce', 'a', { ...effective, after: 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(putAnswer(deps, ann(), 'odce', 'z', effective)).rejects.toMatchObject({ code: 'not-found' });
    const rows = (await listControls(deps, ann(), 'odce')).controls;
    expect(rows.find(({ id }) => id === 'b')).toMatchObject({ responsible: 'Shared', version: 0 });
    expect((await world.ledger()).filter(({ action }) => action === 'control.answered')).toHaveLength(2);
  });

  test('many at once are all set, or none', async () => {
    const refused = await bulkAnswer(deps, ann(), 'odce', {
      controls: ['b', 'nothing'],
      set: { status: 'Effective' },
    });
    expect(refused).toMatchObject({ applied: false, refused: 1, set: 1 });
    expect(await statusOf('b')).toBe('Not Assessed');
    const done = await bulkAnswer(deps, ann(), 'odce', {
      controls: ['a', 'b', 'c'],
      set: { status: 'Effective', narrative: 'All.' },
    });
    expect(done).toMatchObject({ applied: true, set: 3 });
    expect(await statusOf('b')).toBe('Effective');
    const wordless = await bulkAnswer(deps, ann(), 'odce', {
      controls: ['d'],
      set: { status: 'Not Implemented' },
    });
    expect(wordless.report[0]?.why).toEqual(['Say why it is not implemented.']);
  });

  test('a new edition loses no answer: what was reworded waits, what is gone is kept, and the way back is open', async () => {
    const { editions } = await listEditions(world.deps, ann());
    const second = editions.find(({ version }) => version === '2')?.id ?? '';
    expect(await previewUpgrade(deps, ann(), 'odce', second, 'all')).toEqual({
      added: ['e'],
      removed: [{ control: 'c', answered: true }],
      reaffirm: [{ control: 'b', status: 'Effective' }],
      stands: 1,
    });
    await activate('2');
    const list = await listControls(deps, ann(), 'odce');
    expect(list.controls.map(({ id, status, reaffirm: waits }) => [id, status, waits])).toEqual([
      ['a', 'Effective', false],
      ['b', 'Not Assessed', true],
      ['d', 'Not Assessed', false],
      ['e', 'Not Assessed', false],
    ]);
    expect(list.kept).toMatchObject([{ control: 'c', status: 'Effective', narrative: 'All.' }]);
    // Given to somebody, it goes on waiting.
    await bulkAnswer(deps, ann(), 'odce', { controls: ['b'], set: { responsible: 'Consumer' } });
    expect(await statusOf('b')).toBe('Not Assessed');
    const { answer } = await showControl(deps, ann(), 'odce', 'b');
    expect(answer).toMatchObject({ current: false, status: 'Effective', responsible: 'Consumer' });
    const stale = await reaffirm(deps, ann(), 'odce', { controls: [{ control: 'b', version: 1 }] });
    expect(stale.report[0]?.why[0]).toMatch(/since you looked/);
    const done = await reaffirm(deps, bob(), 'odce', {
      controls: [{ control: 'b', version: answer?.version ?? 0 }],
    });
    expect(done).toMatchObject({ applied: true });
    expect(await statusOf('b')).toBe('Effective');
    await activate('1');
    expect(await statusOf('b')).toBe('Effective');
    expect(await statusOf('c')).toBe('Effective');
    await activate('2');
  });

  test('what does not apply waits for another’s approval', async () => {
    await putAnswer(
      deps,
      ann(),
      'odce',
      'd',
      answerInput.parse({ status: 'Not Applicable', narrative: 'None here.' }),
    );
    expect(await statusOf('d')).toBe('Not Assessed');
    const [asked] = await listExceptions(deps, ann(), 'odce');
    expect(asked).toMatchObject({ kind: 'not-applicable', state: 'requested', reason: 'None here.' });
    const approve = { decision: 'approve', note: '' } as const;
    await expect(decideException(deps, ann(), 'odce', asked?.id ?? '', approve)).rejects.toThrow(/colleague/);
    await decideException(deps, bob(), 'odce', asked?.id ?? '', approve);
    expect(await statusOf('d')).toBe('Not Applicable');
    await endException(deps, bob(), 'odce', asked?.id ?? '', 'There is one now.');
    expect(await statusOf('d')).toBe('Not Assessed');
  });

  test('a risk is accepted by an office, up to a ceiling and a day, and its lapse is written down', async () => {
    const wanted = {
      control: 'e',
      kind: 'risk-acceptance',
      reason: 'Being built.',
      compensating: 'Watched closely.',
      ceiling: { level: 'high', probability: 0.2 },
      until: later(10),
    } as const;
    const noCeiling = { ...wanted, ceiling: { level: null, probability: null } };
    await expect(requestException(deps, ann(), 'odce', noCeiling)).rejects.toThrow(/up to where/);
    await expect(requestException(deps, ann(), 'odce', { ...wanted, until: later(400) })).rejects.toThrow(
      /366/,
    );
    const asked = await requestException(deps, ann(), 'odce', wanted);
    const approve = { decision: 'approve', note: 'For ten days.' } as const;
    await expect(decideException(deps, bob(), 'odce', asked.id, approve)).rejects.toMatchObject({
      code: 'no-office',
    });
    const ciso = await appointOfficer(world, 'carol', 'ciso');
    const accepted = await decideException(deps, ciso, 'odce', asked.id, approve);
    expect(accepted).toMatchObject({
      state: 'approved',
      inForce: true,
      approvedBy: 'carol',
      approvedOffice: 'ciso',
    });
    const row = async () => (await listControls(deps, ann(), 'odce')).controls.find(({ id }) => id === 'e');
    expect(await row()).toMatchObject({ status: 'Not Assessed', exception: { kind: 'risk-acceptance' } });
    expect(await holdToCeilings(deps, 'odce', new Map([['e', { probability: 0.2, level: 'high' }]]))).toBe(0);
    expect(await lapseExceptions(deps)).toBe(0);
    world.clock.set(wanted.until);
    // The date counts by itself; that it was written down comes after.
    expect((await row())?.exception).toBeNull();
    expect(await lapseExceptions(deps)).toBe(1);
    expect(await lapseExceptions(deps)).toBe(0);
    expect((await listExceptions(deps, ann(), 'odce')).find(({ id }) => id === asked.id)).toMatchObject({
      state: 'lapsed',
      inForce: false,
    });
    const again = await requestException(deps, ann(), 'odce', { ...wanted, until: later(10) });
    await decideException(deps, ciso, 'odce', again.id, approve);
    expect(await holdToCeilings(deps, 'odce', new Map([['e', { probability: 0.21 }]]))).toBe(1);
    expect((await row())?.exception).toBeNull();
    expect((await world.ledger()).map(({ action }) => action)).toContain('control-exception.lapsed');
  });

  test('only what stands otherwise is written down, and it tells what changed since', async () => {
    await recordStandings(deps, 'odce');
    expect(await recordStandings(deps, 'odce')).toBe(0);
    world.clock.advance(60);
    const since = world.clock.now();
    world.clock.advance(60);
    await putAnswer(deps, ann(), 'odce', 'a', { ...effective, status: 'Ineffective' });
    expect(await recordStandings(deps, 'odce')).toBe(1);
    expect(await listChanges(deps, ann(), 'odce', { since, limit: 10 })).toMatchObject([
      { control: 'a', before: 'Effective', status: 'Ineffective' },
    ]);
    const posture = await showPosture(deps, ann(), 'odce', since);
    expect(posture).toMatchObject({ changed: 1, frameworks: [{ framework: 'own', controls: 4 }] });
    expect(posture.trend.at(-1)?.counts).toMatchObject({ Ineffective: 1 });
    await activate('1');
    await recordStandings(deps, 'odce');
    const changes = await listChanges(deps, ann(), 'odce', { since, limit: 10 });
    expect(changes.find(({ control }) => control === 'e')).toMatchObject({ status: null });
    await activate('2');
  });

  test('an export is imported again without a change, and a bad row keeps everything out', async () => {
    const narrative = '=1+1, "quoted"\nand a second line';
    await putAnswer(deps, ann(), 'odce', 'a', { ...effective, narrative });
    const csv = await exportAnswers(deps, ann(), 'odce');
    expect(csv).toContain(`"'=1+1, ""quoted""`);
    const same = await importAnswers(deps, ann(), 'odce', Buffer.from(csv), false);
    expect(same).toMatchObject({ applied: true, set: 0, refused: 0 });
    expect((await showControl(deps, ann(), 'odce', 'a')).answer?.narrative).toBe(narrative);
    const bad = '\uFEFFControl;Status;Comments\r\nb;yes;x\r\nISM-9;Effective;x\r\na;effective;new words\r\n';
    const report = await importAnswers(deps, ann(), 'odce', Buffer.from(bad), false);
    expect(report).toMatchObject({ applied: false, set: 1, refused: 2 });
    expect(report.report.map(({ line, outcome }) => [line, outcome])).toEqual([
      [2, 'refused'],
      [3, 'refused'],
      [4, 'set'],
    ]);
    expect(report.report[0]?.why[0]).toContain('"yes" is none of');
    expect((await showControl(deps, ann(), 'odce', 'a')).answer?.narrative).toBe(narrative);
    const dry = await importAnswers(
      deps,
      ann(),
      'odce',
      Buffer.from('control,answer\na,Ineffective\n'),
      true,
    );
    expect(dry).toMatchObject({ applied: false, dryRun: true, set: 1 });
    expect(await statusOf('a')).toBe('Effective');
  });

  test.each([
    ['nothing', '', /empty/],
    ['no column we know', 'x,y\n1,2\n', /missing/],
    ['a quote without end', 'control,answer\n"a,Effective\n', /quote/],
    ['a column twice', 'control,control,answer\n', /twice/],
  ])('refuses a file with %s', async (_name, text, why) => {
    await expect(importAnswers(deps, ann(), 'odce', Buffer.from(text), false)).rejects.toThrow(why);
  });

  test('a file that is no text, or has too many rows, is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('control,answer\na,'), Buffer.from([0xff, 0xfe, 0x80])]);
    await expect(importAnswers(deps, ann(), 'odce', bytes, false)).rejects.toThrow(/UTF-8/);
    const many = `control,answer\n${'a,Effective\n'.repeat(5002)}`;
    await expect(importAnswers(deps, ann(), 'odce', Buffer.from(many), false)).rejects.toThrow(/5000 rows/);
    const utf16 = Buffer.from('\uFEFFcontrol,answer\na,Ineffective\n', 'utf16le');
    expect(await importAnswers(deps, ann(), 'odce', utf16, true)).toMatchObject({ set: 1, refused: 0 });
  });

  test('evidence moves a control, and a mapped one with it', async () => {
    await putAnswer(deps, ann(), 'odce', 'a', effective);
    await addMapping(world.deps, ann(), {
      source: 'a',
      target: 'e',
      relation: 'equal',
      together: false,
      confidence: 'high',
      rationale: 'The same.',
      author: 'Ann',
    });
    expect(await statusOf('e')).toBe('Effective');
    judgements.set('a', [
      {
        environment: 'odce',
        control: 'a',
        evaluator: 'x',
        version: 1,
        judgement: {
          status: 'not-satisfied',
          confidence: 'direct',
          because: 'One of two does not.',
          tested: 2,
          failed: 1,
          failing: [{ subject: 'host-1', why: 'off' }],
        },
        collections: [],
        judgedAt: world.clock.now(),
        validUntil: new Date(later(1)),
      },
    ]);
    expect([await statusOf('a'), await statusOf('e')]).toEqual(['Ineffective', 'Ineffective']);
    expect((await showControl(deps, ann(), 'odce', 'a')).failing).toMatchObject([{ subject: 'host-1' }]);
    // Asked for alone it stands as it does among all.
    const alone = (await showControl(deps, ann(), 'odce', 'e')).control;
    const among = (await listControls(deps, ann(), 'odce')).controls.find(({ id }) => id === 'e');
    expect(alone).toMatchObject({ ...among, group: 0 });
    judgements.clear();
  });

  test('a customer sees what is left to it, and nothing of the system', async () => {
    const eve = world.as('eve', 'acme', ['odce']);
    await expect(listControls(deps, eve, 'odce')).rejects.toMatchObject({ code: 'not-found' });
    await expect(putAnswer(deps, eve, 'odce', 'a', effective)).rejects.toMatchObject({ code: 'not-found' });
    const mine = await listResponsibilities(deps, eve, 'acme-odce');
    expect(mine.controls.map(({ control, responsibility }) => [control, responsibility])).toEqual([
      ['a', null],
      ['b', 'Configurable'],
      ['d', null],
      ['e', null],
    ]);
    expect(JSON.stringify(mine)).not.toContain('Effective');
    await expect(listResponsibilities(deps, eve, 'beta-odce')).rejects.toMatchObject({ code: 'not-found' });
    const all = world.as('ann', 'acme', ['odce']);
    await setResponsibility(deps, all, 'acme-odce', 'b', {
      responsibility: 'Inherited',
      note: 'By contract.',
    });
    const after = await listResponsibilities(deps, eve, 'acme-odce');
    expect(after.controls.find(({ control }) => control === 'b')).toMatchObject({
      responsibility: 'Inherited',
      own: true,
      note: 'By contract.',
    });
  });

  test('what was answered to the words that ship is kept when the framework itself takes their place', async () => {
    const given = async (framework: string, own: boolean, statements: Record<string, string>) => {
      const bytes = Buffer.from(JSON.stringify(ownCatalogue('1', statements)));
      const name = `${framework}.json`;
      const { edition } = await importEdition(world.deps, ann(), { name, bytes, framework, own });
      return { edition: edition.id, profile: 'all' };
    };
    const ours = await given('baseline', true, {
      m1: 'The same words.',
      m2: 'Our words.',
      m3: 'Ours alone.',
    });
    const theirs = await given('manual', false, {
      m1: 'The same words.',
      m2: 'Their words.',
      m4: 'And more.',
    });
    await activateEdition(world.deps, ann(), 'pdce', ours);
    for (const control of ['m1', 'm2', 'm3']) await putAnswer(deps, ann(), 'pdce', control, effective);
    await activateEdition(world.deps, ann(), 'pdce', theirs);
    const standing = async () =>
      (await listControls(deps, ann(), 'pdce')).controls.map((one) => [one.id, one.status, one.reaffirm]);
    expect(await standing()).toEqual([
      ['m1', 'Effective', false],
      ['m2', 'Not Assessed', true],
      ['m4', 'Not Assessed', false],
    ]);
    await putAside(world.deps, ann(), 'pdce', 'manual');
    await activateEdition(world.deps, ann(), 'pdce', ours);
    expect((await standing()).map(([, status]) => status)).toEqual(['Effective', 'Effective', 'Effective']);
  });
});
