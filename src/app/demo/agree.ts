import {
  type AgreementDeps,
  approveVersion,
  confirmPaper,
  draftVersion,
  invite,
  publishVersion,
  recordPaper,
} from '#community/agreements';
import { type Actor, actorOf, everyPermission } from '#identity';

const dayMilliseconds = 86_400_000;

/** Two people of the demo's provider: what is on paper takes two. */
const staff = (id: string, name: string): Actor =>
  actorOf({
    kind: 'system',
    id,
    name,
    organisation: '',
    ofProvider: true,
    roles: [],
    permissions: new Set(everyPermission),
    scopeOrNone: undefined,
  });
const first = staff('demo-first', 'demo, first of two');
const second = staff('demo-second', 'demo, second of two');

/** Who holds which versions: one is up to date, one in grace, one has lapsed, one is only invited. */
const signed: readonly {
  organisation: string;
  environment: string;
  signer: string;
  office: 'CIO' | 'CISO';
  versions: readonly number[];
}[] = [
  { organisation: 'agr', environment: 'pdce', signer: 'Grace Whitlam', office: 'CISO', versions: [1, 2, 3] },
  { organisation: 'bwn', environment: 'pdce', signer: 'Ana Kovac', office: 'CIO', versions: [1, 2] },
  { organisation: 'cen', environment: 'odce', signer: 'Ines Duarte', office: 'CISO', versions: [1] },
];
/** Days ago. Version 2 had to be agreed to ten days ago; version 3 is in its grace. */
const published = [200, 70, 35] as const;
const acceptedAfterDays = 7;

/**
 * The community's policy in three versions and what was signed on paper, as if the demo had been there for half a year.
 * @param sources the texts that ship, oldest first
 */
export async function agree(deps: AgreementDeps, sources: readonly string[]): Promise<void> {
  const now = deps.clock.now().getTime();
  for (const [at, daysAgo] of published.entries()) {
    const version = at + 1;
    const then = on(deps, now - daysAgo * dayMilliseconds);
    const text = sources[Math.min(at, sources.length - 1)] ?? '';
    await draftVersion(then, first, {
      source: text.replace(/^version: \d+$/m, `version: ${version}`),
      changeClass: 'material',
      summary: version === 1 ? 'The first version' : `What changed in version ${version}`,
    });
    await approveVersion(then, first, version);
    await publishVersion(then, second, version);
    const later = on(deps, now - (daysAgo - acceptedAfterDays) * dayMilliseconds);
    for (const { organisation, environment, signer, office, versions } of signed)
      if (versions.includes(version))
        await take(later, { organisation, environment, version, signer, office });
  }
  await invite(deps, first, { organisation: 'dhs', environment: 'odce' });
}

const on = (deps: AgreementDeps, milliseconds: number): AgreementDeps => ({
  ...deps,
  clock: { now: () => new Date(milliseconds) },
});

async function take(
  deps: AgreementDeps,
  given: {
    organisation: string;
    environment: string;
    version: number;
    signer: string;
    office: 'CIO' | 'CISO';
  },
): Promise<void> {
  const { organisation, environment, version, signer } = given;
  // No file lies behind the demo's papers, and their names say so.
  const evidenceSha256 = '0'.repeat(64);
  const paper = await recordPaper(deps, first, {
    organisation,
    environment,
    version,
    signerName: signer,
    office: given.office,
    signedOn: deps.clock.now().toISOString().slice(0, 10),
    evidenceName: `demo-${organisation}-${version}.pdf (no such file)`,
    evidenceSha256,
  });
  await confirmPaper(deps, second, paper.id, evidenceSha256);
}
