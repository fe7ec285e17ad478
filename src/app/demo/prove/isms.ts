import { addCertificate, addCondition, recordSignificantChange } from '#governance/certificates';
import { acknowledge, addDocument, addVersion, approveVersion } from '#governance/policies';
import { newDocument } from '#contract/governance/policies';
import { newCertificate } from '#contract/governance/certificates';
import type { ProveContent } from './content.ts';
import type { ProveHouse } from './house.ts';
import type { Told } from './say.ts';
import { ago } from './scans.ts';

type HouseAt = (daysAgo: number) => ProveHouse;
const writes = 'marek@wattle.example';
const markings = { odce: 'OFFICIAL', pdce: 'PROTECTED' } as const;

/** The provider's documents with their approvals, as they were given at the time; one review is overdue by now. */
export async function writeDocuments(house: HouseAt, told: Told): Promise<void> {
  for (const document of told.content.documents) await writeDocument(house, told, document);
}

async function writeDocument(
  house: HouseAt,
  { content, person }: Told,
  document: ProveContent['documents'][number],
): Promise<void> {
  const { key, environment, at } = document;
  const template = await house(at).documents.template(key);
  if (template === undefined) throw new Error(`there is no template "${key}"`);
  const text = `> Demo: the template as it ships, with its gaps left open.\n\n${template}`;
  const title = /^# (.+)$/m.exec(template)?.[1] ?? key;
  const added = await addDocument(
    house(at).documents,
    person(writes).actor,
    newDocument.parse({
      kind: document.kind,
      title: environment === undefined ? title : title.replace('<system>', `${markings[environment]} cloud`),
      owner: person(document.owner).id,
      environments: environment === undefined ? [] : [environment],
      required: key,
      reviewMonths: document.months,
      audience: { everybody: document.audience === 'everybody' },
      text,
    }),
  );
  if (document.draft) return;
  const signer = person(environment === undefined ? content.signs.organisation : content.signs.system).actor;
  const [first] = added.versions;
  await approveVersion(house(at - 1).documents, signer, added.id, 1, { sha256: first?.sha256 ?? '' });
  const { again } = document;
  if (again === undefined) return;
  const next = await addVersion(house(again).documents, person(writes).actor, added.id, {
    text: `${text}\n## What changed\n\nUse of assistants that answer from outside is under "must not".\n`,
    summary: 'Assistants from outside',
    minor: false,
  });
  const second = next.versions.find(({ number }) => number === 2)?.sha256 ?? '';
  await approveVersion(house(again - 1).documents, signer, added.id, 2, { sha256: second });
  for (const email of document.acknowledged)
    await acknowledge(house(0).documents, person(email).actor, added.id, { version: 2, sha256: second });
}

/** What assessors found: one is to be done again soon, and one scope leaves a service out that is in use. */
export async function addCertificates(house: HouseAt, { content, person, now }: Told): Promise<void> {
  const { actor } = person(writes);
  for (const { issued, expires, surveillance, statement, conditions, ...about } of content.certificates) {
    const { environments, services, sites, ...rest } = about;
    const made = await addCertificate(
      house(30).certificates,
      actor,
      newCertificate.parse({
        ...rest,
        scope: { statement, environments, services, sites, assets: [] },
        issuedAt: ago(now, issued).toISOString(),
        expiresAt: expires === undefined ? null : ago(now, expires).toISOString(),
        surveillanceMonths: surveillance,
      }),
    );
    for (const { text, due } of conditions)
      await addCondition(house(30).certificates, actor, made.id, {
        text,
        dueAt: ago(now, due).toISOString(),
      });
  }
  for (const { at, ...change } of content.changes)
    await recordSignificantChange(house(at).certificates, actor, {
      ...change,
      at: ago(now, at).toISOString(),
    });
}
