import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonical } from '#ledger';
import { agreementState } from './agreement-state.ts';
import { countersigned } from './countersign.ts';
import { access } from './deps.ts';
import { confirmSuccession, resume, suspend, withdraw } from './life.ts';
import { openObligations } from './owed.ts';
import { noteDone, obligations, overview } from './overview.ts';
import { confirmPaper, recordPaper } from './paper.ts';
import { agreeToSection, beginReading, openSection } from './reading.ts';
import { passTime } from './remind.ts';
import { prepareSignature, sign } from './signing.ts';
import { acmePlace as acme, type AgreementWorld, openAgreements, shippedPolicy } from './testing.ts';
import { approveVersion, draftVersion, publishVersion } from './versions.ts';
import { whatIf } from './what-if.ts';

let world: AgreementWorld;
beforeEach(async () => {
  world = await openAgreements();
}, 240_000);
afterEach(() => world.close());

const stateNow = () =>
  world.records.transaction(access, (tx) => agreementState(tx, 'acme', 'odce', world.clock.now()));
const days = (n: number): void => world.clock.advance(n * 86_400);

async function refusals(): Promise<string[]> {
  const { rows } = await world.records.transaction(access, (tx) =>
    sql<{
      body: string;
    }>`select body from ledger.payload where action = 'agreement.refused' order by recorded`.execute(tx),
  );
  // What the ledger keeps of each entry.
  return rows.map(({ body }) => (JSON.parse(body) as { facts: { why: string } }).facts.why);
}

const signed = async (email = 'ciso@acme.example') => {
  await world.publish(shippedPolicy(1), 'material');
  await world.invite(acme);
  const ciso = await world.officer(email, 'acme');
  return { ciso, acceptance: await world.signAll(ciso, acme) };
};

describe('an organisation agrees', () => {
  test('from the invitation to the signature, and all of it is in one record', async () => {
    const { ciso, acceptance } = await signed();
    expect(await stateNow()).toMatchObject({ state: 'accepted', version: 1, until: null });
    const record = JSON.parse(acceptance.record) as { reading: { sections: object[] }; office: string };
    expect(record).toMatchObject({
      kind: 'passkey',
      agreement: { policy: 'community', version: 1 },
      environment: { id: 'odce', marking: 'OFFICIAL' },
      organisation: { id: 'acme', name: 'Acme Water' },
      signer: { name: 'ciso@acme.example' },
      office: 'CISO',
      appointment: ciso.appointment,
      previous: null,
    });
    expect(record.reading.sections).toHaveLength(11);
    expect(record.reading.sections[0]).toMatchObject({ dwellSeconds: 40 });
    // RFC 8785, and the passkey answered exactly its digest.
    expect(canonical(JSON.parse(acceptance.record))).toBe(acceptance.record);
    const client = JSON.parse(
      Buffer.from(acceptance.assertion?.clientDataJSON ?? '', 'base64url').toString(),
    ) as object;
    expect(client).toMatchObject({
      challenge: createHash('sha256').update(acceptance.record).digest('base64url'),
    });
    const payload = await countersigned(acceptance.countersignature, world.deps.countersigner.publicKey);
    expect(JSON.parse(payload)).toMatchObject({
      record,
      assertion: { credentialId: acceptance.assertion?.credentialId },
    });
  });

  test('in order: uninvited nobody reads, unread nobody signs', async () => {
    await world.publish(shippedPolicy(1), 'material');
    const ciso = await world.officer('ciso@acme.example', 'acme');
    await expect(beginReading(world.deps, ciso.actor, acme)).rejects.toMatchObject({
      code: 'agreement-closed',
    });
    await world.invite(acme);
    expect(await stateNow()).toMatchObject({ state: 'invited' });
    const { reading, sections } = await beginReading(world.deps, ciso.actor, acme);
    expect(await stateNow()).toMatchObject({ state: 'reviewing' });
    const [first] = sections;
    await expect(agreeToSection(world.deps, ciso.actor, reading.id, first?.id ?? '')).rejects.toMatchObject({
      code: 'agreement-closed',
    });
    await openSection(world.deps, ciso.actor, reading.id, first?.id ?? '');
    await agreeToSection(world.deps, ciso.actor, reading.id, first?.id ?? '');
    await expect(prepareSignature(world.deps, ciso.actor, reading.id)).rejects.toMatchObject({
      code: 'not-read',
    });
    // Coming back goes on where it was.
    const again = await beginReading(world.deps, ciso.actor, acme);
    expect(again.reading.id).toBe(reading.id);
    expect(again.read.filter(({ agreedAt }) => agreedAt !== null)).toHaveLength(1);
  });
});

describe('a signature is refused, recorded and explained', () => {
  test('without an appointment', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const nobody = await world.officer('jo@acme.example', 'acme', { office: null });
    const stranger = await world.officer('ciso@beta.example', 'beta');
    await expect(beginReading(world.deps, nobody.actor, acme)).rejects.toMatchObject({
      code: 'no-appointment',
    });
    await expect(beginReading(world.deps, stranger.actor, acme)).rejects.toMatchObject({ code: 'not-found' });
    const deputy = await world.officer('so@acme.example', 'acme', { office: 'security-officer' });
    await expect(beginReading(world.deps, deputy.actor, acme)).rejects.toMatchObject({
      code: 'no-appointment',
    });
    expect(await refusals()).toEqual(Array(2).fill('no appointment as CIO or CISO in force'));
  });

  test('at the very second that the appointment runs out, and not before', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const until = new Date(world.clock.now().getTime() + 3_600_000);
    const ciso = await world.officer('ciso@acme.example', 'acme', { until });
    const id = await world.readAll(ciso, acme);
    world.clock.set(new Date(until.getTime() - 1000));
    const { options } = await prepareSignature(world.deps, ciso.actor, id);
    const answer = ciso.key.get(options.challenge);
    world.clock.set(until);
    await expect(sign(world.deps, ciso.actor, id, answer)).rejects.toMatchObject({ code: 'no-appointment' });
    expect(await stateNow()).toMatchObject({ state: 'reviewing' });
    expect(await refusals()).toHaveLength(1);
  });

  test('from another origin, and a second time', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    const id = await world.readAll(ciso, acme);
    const first = await prepareSignature(world.deps, ciso.actor, id);
    const foreign = ciso.key.get(first.options.challenge, { from: 'https://siem.example.evil.example' });
    await expect(sign(world.deps, ciso.actor, id, foreign)).rejects.toMatchObject({
      code: 'signature-refused',
    });
    const second = await prepareSignature(world.deps, ciso.actor, id);
    // The answer to the record before is not one to this.
    await expect(
      sign(world.deps, ciso.actor, id, ciso.key.get(first.options.challenge)),
    ).rejects.toMatchObject({ code: 'signature-refused' });
    const answer = ciso.key.get(second.options.challenge);
    await sign(world.deps, ciso.actor, id, answer);
    await expect(sign(world.deps, ciso.actor, id, answer)).rejects.toMatchObject({
      code: 'agreement-closed',
    });
    expect(await refusals()).toEqual([
      ...Array(2).fill("the passkey's answer was refused: signature-refused"),
      'signing was refused: agreement-closed',
    ]);
  });

  test('when a newer version came while reading', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    const id = await world.readAll(ciso, acme);
    const { options } = await prepareSignature(world.deps, ciso.actor, id);
    await world.publish(shippedPolicy(2), 'material');
    await expect(sign(world.deps, ciso.actor, id, ciso.key.get(options.challenge))).rejects.toMatchObject({
      code: 'text-changed',
    });
    expect(await stateNow()).toMatchObject({ state: 'reviewing', version: null });
    expect(await refusals()).toEqual(['signing was refused: text-changed']);
  });

  test('when the stored text is not the one that was read', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    const id = await world.readAll(ciso, acme);
    // As somebody with the database in their hands would.
    await world.records.transaction(access, (tx) =>
      sql`update community.agreement_reading set rendered_sha256 = repeat('0', 64) where id = ${id}`.execute(
        tx,
      ),
    );
    await expect(prepareSignature(world.deps, ciso.actor, id)).rejects.toMatchObject({
      code: 'text-changed',
    });
    expect(await refusals()).toEqual(['signing was refused: text-changed']);
  });

  test('for the older of two versions that are signed in a race', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    const cio = await world.officer('cio@acme.example', 'acme', { office: 'cio' });
    const prepared = async (who: typeof ciso) => {
      const id = await world.readAll(who, acme);
      const { options } = await prepareSignature(world.deps, who.actor, id);
      return { who, id, answer: who.key.get(options.challenge) };
    };
    const older = await prepared(ciso);
    await world.publish(shippedPolicy(2), 'material');
    const newer = await prepared(cio);
    const [first, second] = await Promise.allSettled(
      [older, newer].map(({ who, id, answer }) => sign(world.deps, who.actor, id, answer)),
    );
    expect(first).toMatchObject({
      status: 'rejected',
      reason: { code: 'text-changed', message: expect.stringContaining('Begin to read again') },
    });
    expect(second).toMatchObject({ status: 'fulfilled', value: { version: 2, link: 1 } });
    expect(await stateNow()).toMatchObject({ state: 'accepted', version: 2 });
    expect(await refusals()).toEqual(['signing was refused: text-changed']);
  });

  test('for the second of two who sign at once', async () => {
    await world.publish(shippedPolicy(1), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    const cio = await world.officer('cio@acme.example', 'acme', { office: 'cio' });
    const both = [];
    const read = [
      { who: ciso, id: await world.readAll(ciso, acme) },
      { who: cio, id: await world.readAll(cio, acme) },
    ];
    for (const { who, id } of read) {
      const { options } = await prepareSignature(world.deps, who.actor, id);
      both.push({ who, id, answer: who.key.get(options.challenge) });
    }
    const outcomes = await Promise.allSettled(
      both.map(({ who, id, answer }) => sign(world.deps, who.actor, id, answer)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [lost] = outcomes.filter((one) => one.status === 'rejected');
    expect(['agreed-meanwhile', 'agreement-closed']).toContain(
      // Whichever noticed: the state before the transaction's last look, or the database.
      (lost as PromiseRejectedResult).reason.code,
    );
    const { rows } = await world.records.transaction(access, (tx) =>
      sql<{ n: number }>`select count(*)::int as n from community.acceptance`.execute(tx),
    );
    expect(rows[0]?.n).toBe(1);
    expect(await refusals()).toEqual([
      expect.stringMatching(/^signing was refused: (agreed-meanwhile|agreement-closed)$/),
    ]);
  });
});

describe('a version of the policy', () => {
  test('is published only after approval, and then never changes', async () => {
    const { deps } = world;
    const draft = { source: shippedPolicy(1), changeClass: 'material' as const, summary: 'first' };
    await draftVersion(deps, world.staff('a'), draft);
    await expect(publishVersion(deps, world.staff('a'), 1)).rejects.toMatchObject({ code: 'version-state' });
    await approveVersion(deps, world.staff('a'), 1);
    await expect(draftVersion(deps, world.staff('a'), draft)).rejects.toMatchObject({
      code: 'version-state',
    });
    await publishVersion(deps, world.staff('a'), 1);
    await expect(
      world.records.transaction(access, (tx) =>
        sql`update community.policy_version set source = 'other'`.execute(tx),
      ),
    ).rejects.toThrow();
    await expect(draftVersion(deps, world.staff('a'), { ...draft, source: 'x' })).rejects.toMatchObject({
      code: 'policy-refused',
    });
  });

  test('that is urgent takes two people', async () => {
    await world.publish(shippedPolicy(1), 'material');
    const { deps } = world;
    await draftVersion(deps, world.staff('a'), {
      source: shippedPolicy(2),
      changeClass: 'urgent',
      summary: 'now',
    });
    expect(await approveVersion(deps, world.staff('a'), 2)).toMatchObject({ state: 'draft' });
    await expect(approveVersion(deps, world.staff('a'), 2)).rejects.toMatchObject({ code: 'second-person' });
    await expect(publishVersion(deps, world.staff('a'), 2)).rejects.toMatchObject({ code: 'version-state' });
    expect(await approveVersion(deps, world.staff('b'), 2)).toMatchObject({ state: 'approved' });
    const version = await publishVersion(deps, world.staff('b'), 2);
    expect((version.mandatoryAt?.getTime() ?? 0) - (version.publishedAt?.getTime() ?? 0)).toBe(
      72 * 3_600_000,
    );
  });

  test('can not shorten the notice for itself, nor take effect before it', async () => {
    await world.publish(shippedPolicy(1), 'material');
    const hasty = shippedPolicy(2).replace(
      'material: { noticeHours: 720, graceHours: 720',
      'material: { noticeHours: 0, graceHours: 0',
    );
    expect(hasty).not.toBe(shippedPolicy(2));
    await draftVersion(world.deps, world.staff('a'), {
      source: hasty,
      changeClass: 'material',
      summary: 'x',
    });
    await approveVersion(world.deps, world.staff('a'), 2);
    await expect(
      publishVersion(world.deps, world.staff('a'), 2, new Date(world.clock.now().getTime() + 86_400_000)),
    ).rejects.toMatchObject({ code: 'version-state' });
    const { mandatoryAt } = await publishVersion(world.deps, world.staff('a'), 2);
    expect(mandatoryAt).toEqual(new Date(world.clock.now().getTime() + 60 * 86_400_000));
  });
});

describe('a material new version', () => {
  test('announces itself, grants grace, lapses at its second, and is agreed to again', async () => {
    const { ciso } = await signed();
    await world.publish(shippedPolicy(2), 'material');
    const effects = await whatIf(
      world.deps,
      world.staff('one'),
      2,
      new Date(world.clock.now().getTime() + 60 * 86_400_000),
    );
    expect(effects.effects.find(({ organisation }) => organisation === 'acme')).toMatchObject({
      losesService: true,
      later: { state: 'lapsed' },
      why: 'Agreed to version 1, and not to version 2.',
    });
    expect(effects.effects.find(({ organisation }) => organisation === 'beta')).toMatchObject({
      losesService: false,
    });
    expect(await stateNow()).toMatchObject({ state: 'accepted', required: 2 });
    days(30);
    expect(await stateNow()).toMatchObject({ state: 'superseded-in-grace' });
    const said: number[] = [];
    const collect = async () =>
      said.push(...(await passTime(world.deps)).reminded.map(({ daysBefore }) => daysBefore));
    for (let day = 0; day < 30; day++) {
      await collect();
      await collect();
      days(1);
    }
    expect(said).toEqual([30, 14, 7, 3, 1]);
    const lapsedAt = world.clock.now();
    expect(await stateNow()).toMatchObject({ state: 'lapsed' });
    expect((await passTime(world.deps)).lapsed).toEqual([acme]);
    expect((await passTime(world.deps)).lapsed).toEqual([]);
    // A clock that is set back does not bring it back.
    world.clock.set(new Date(lapsedAt.getTime() - 10 * 86_400_000));
    expect(await stateNow()).toMatchObject({ state: 'lapsed' });
    world.clock.set(lapsedAt);
    const again = await world.signAll(ciso, acme);
    expect(again).toMatchObject({ link: 2, version: 2 });
    expect(JSON.parse(again.record)).toMatchObject({ previous: { id: expect.any(String) } });
    expect(await stateNow()).toMatchObject({ state: 'accepted', version: 2 });
    const { reminders } = await overview(world.deps, ciso.actor);
    expect(reminders[0]?.recipients).toEqual([{ name: 'ciso@acme.example', office: 'ciso' }]);
  });

  test('that is editorial asks nobody for anything; a minor one for an acknowledgement', async () => {
    const { ciso } = await signed();
    await world.publish(shippedPolicy(2), 'editorial');
    days(400);
    expect(await stateNow()).toMatchObject({ state: 'accepted', version: 1, required: null });
    await world.publish(shippedPolicy(2).replace('version: 2', 'version: 3'), 'minor');
    expect(await stateNow()).toMatchObject({ state: 'superseded-in-grace', required: 3 });
    expect(await world.signAll(ciso, acme)).toMatchObject({ kind: 'acknowledgement', version: 3 });
  });
});

describe('what was signed on paper', () => {
  const paper = {
    ...acme,
    version: 1,
    signerName: 'Rae Oduya',
    office: 'CIO' as const,
    signedOn: '2026-05-01',
    evidenceName: 'acme-2026.pdf',
    evidenceSha256: 'a'.repeat(64),
  };

  test('counts when a second person holds the same file', async () => {
    await world.publish(shippedPolicy(1), 'material');
    const { id } = await recordPaper(world.deps, world.staff('a'), paper);
    expect(await stateNow()).toMatchObject({ state: 'none' });
    await expect(confirmPaper(world.deps, world.staff('a'), id, paper.evidenceSha256)).rejects.toMatchObject({
      code: 'second-person',
    });
    await expect(confirmPaper(world.deps, world.staff('b'), id, 'b'.repeat(64))).rejects.toMatchObject({
      code: 'evidence-differs',
    });
    const acceptance = await confirmPaper(world.deps, world.staff('b'), id, paper.evidenceSha256);
    expect(JSON.parse(acceptance.record)).toMatchObject({
      authentication: { method: 'paper', recordedBy: 'Staff a', confirmedBy: 'Staff b' },
    });
    expect(await stateNow()).toMatchObject({ state: 'accepted' });
    await expect(confirmPaper(world.deps, world.staff('b'), id, paper.evidenceSha256)).rejects.toMatchObject({
      code: 'agreement-closed',
    });
  });

  test('is not of a version that was never published, nor of tomorrow', async () => {
    await expect(recordPaper(world.deps, world.staff('a'), paper)).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.publish(shippedPolicy(1), 'material');
    await expect(
      recordPaper(world.deps, world.staff('a'), { ...paper, signedOn: '2026-05-05' }),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('the end of an agreement', () => {
  test('a withdrawal is notice and takes effect when it says, and only an officer can give it', async () => {
    const { ciso } = await signed();
    const jo = await world.officer('jo@acme.example', 'acme', { office: null });
    const given = { reason: 'moving', exitPlan: 'take the data out by June' };
    await expect(withdraw(world.deps, jo.actor, acme, given)).rejects.toMatchObject({
      code: 'no-appointment',
    });
    const effectiveAt = new Date(world.clock.now().getTime() + 86_400_000);
    expect(await withdraw(world.deps, ciso.actor, acme, { ...given, effectiveAt })).toMatchObject({
      state: 'accepted',
      until: effectiveAt,
    });
    days(1);
    expect(await stateNow()).toMatchObject({ state: 'withdrawn' });
    await expect(beginReading(world.deps, ciso.actor, acme)).rejects.toMatchObject({
      code: 'agreement-closed',
    });
    await world.invite(acme);
    expect(await world.signAll(ciso, acme)).toMatchObject({ link: 2 });
  });

  test('a suspension has a reason, and holds until it is lifted', async () => {
    const { ciso } = await signed();
    await suspend(world.deps, world.staff('a'), acme, 'contacts stale');
    expect(await stateNow()).toMatchObject({ state: 'suspended', reason: 'contacts stale' });
    await expect(beginReading(world.deps, ciso.actor, acme)).rejects.toMatchObject({
      code: 'agreement-closed',
    });
    await resume(world.deps, world.staff('a'), acme);
    expect(await stateNow()).toMatchObject({ state: 'accepted' });
  });

  test('a signer who leaves ends nothing; a successor is reminded until one confirms', async () => {
    const { ciso } = await signed();
    await world.records.transaction(access, (tx) =>
      sql`update community.appointment set ended_at = ${world.clock.now()} where id = ${ciso.appointment}`.execute(
        tx,
      ),
    );
    days(10);
    expect(await stateNow()).toMatchObject({ state: 'accepted' });
    expect((await passTime(world.deps)).reminded).toMatchObject([
      { about: 'confirm-successor', daysBefore: 30 },
    ]);
    const next = await world.officer('next@acme.example', 'acme', { office: 'cio' });
    expect((await overview(world.deps, next.actor)).standings[0]?.successorBy).not.toBeNull();
    await confirmSuccession(world.deps, next.actor, acme);
    expect((await overview(world.deps, next.actor)).standings[0]?.successorBy).toBeNull();
  });
});

test('who owes what: only what comes round has a date, and doing it moves the date', async () => {
  const { ciso } = await signed();
  const owed = async (id: string) =>
    (await obligations(world.deps, ciso.actor)).owed.find(({ obligation }) => obligation.id === id);
  const began = world.clock.now();
  expect(await owed('contacts-confirmed')).toMatchObject({
    dueAt: new Date(began.getTime() + 90 * 86_400_000),
  });
  expect(await owed('incident-told')).toMatchObject({ dueAt: null });
  expect(await owed('baseline-attested')).toBeUndefined();
  days(80);
  await noteDone(world.deps, ciso.actor, {
    ...acme,
    obligation: 'contacts-confirmed',
    note: 'all three answered',
  });
  expect(await owed('contacts-confirmed')).toMatchObject({
    lastDone: { note: 'all three answered' },
    dueAt: new Date(world.clock.now().getTime() + 90 * 86_400_000),
  });
  await expect(
    noteDone(world.deps, ciso.actor, { ...acme, obligation: 'clearance-confirmed', note: 'x' }),
  ).rejects.toMatchObject({ code: 'invalid' });
});

describe('what stands open for the gate', () => {
  const open = async () => {
    const found = await world.records.transaction(access, (tx) => openObligations(tx));
    expect(
      await world.records.transaction(access, (tx) => openObligations(tx, ['acme/odce', 'beta/odce'])),
    ).toEqual(found);
    return new Map(found.get('acme/odce')?.map(({ id, dueAt }) => [id, dueAt]));
  };
  const year = 365 * 86_400_000;
  const withRule = (system: string): string =>
    shippedPolicy(1).replace(
      /(id: customer-risk-review\n[\s\S]*?system: )remind/,
      (_all, before: string) => `${before}${system}`,
    );

  test('is what the system enforces by the calendar, until it is noted as done', async () => {
    await world.publish(withRule('enforce'), 'material');
    await world.invite(acme);
    const ciso = await world.officer('ciso@acme.example', 'acme');
    await world.signAll(ciso, acme);
    const began = world.clock.now();
    // Contacts and accounts have registers and gates of their own; the others do not come round, or are the provider's.
    expect(await open()).toEqual(new Map([['customer-risk-review', new Date(began.getTime() + year)]]));
    days(366);
    expect((await open()).get('customer-risk-review')?.getTime()).toBeLessThan(world.clock.now().getTime());
    await noteDone(world.deps, ciso.actor, { ...acme, obligation: 'customer-risk-review', note: 'reviewed' });
    expect((await open()).get('customer-risk-review')).toEqual(new Date(world.clock.now().getTime() + year));
  });

  test.each(['remind', 'record'])(
    'is nothing that it is only to %s, however long overdue',
    async (system) => {
      await world.publish(withRule(system), 'material');
      await world.invite(acme);
      const ciso = await world.officer('ciso@acme.example', 'acme');
      await world.signAll(ciso, acme);
      days(800);
      expect(await open()).toEqual(new Map());
      // It is still owed, and overdue for everybody to see.
      const { owed } = await obligations(world.deps, ciso.actor);
      expect(
        owed.find(({ obligation }) => obligation.id === 'customer-risk-review')?.dueAt?.getTime(),
      ).toBeLessThan(world.clock.now().getTime());
    },
  );
});

test('another customer sees nothing of it', async () => {
  await signed();
  const beta = await world.officer('ciso@beta.example', 'beta');
  expect(JSON.stringify(await overview(world.deps, beta.actor))).not.toMatch(/acme/i);
  expect(JSON.stringify(await obligations(world.deps, beta.actor))).not.toMatch(/acme/i);
});
