import { describe, expect, test } from 'vitest';
import { type Certificate, type CertifiedSystem, covers, endOf, stateOf } from './certificate.ts';
import type { CertificateAbout } from './contract.ts';
import { warningsOf } from './warnings.ts';

const at = (text: string): Date => new Date(text);
const issued = '2025-02-28T09:00:00.000Z';

function certificate(more: Partial<CertificateAbout> = {}, rest: Partial<Certificate> = {}): Certificate {
  return {
    id: 'c',
    scheme: 'irap',
    createdAt: at(issued),
    withdrawnAt: null,
    withdrawnWhy: null,
    report: { name: 'report.pdf', sha256: 'a', bytes: 1, at: at(issued) },
    about: {
      title: 'IRAP of the PROTECTED cloud',
      number: '',
      classification: 'PROTECTED',
      level: null,
      scope: {
        statement: 'All of it.',
        environments: ['pdce'],
        services: ['iaas', 'Backup'],
        sites: ['canberra-1'],
        assets: ['mail'],
      },
      assessor: { organisation: 'Banksia Assessors', name: 'Sam', number: '' },
      edition: { framework: 'ism', version: '2025.10.8' },
      issuedAt: issued,
      expiresAt: null,
      surveillanceMonths: null,
      surveyedAt: null,
      conditions: [],
      ...more,
    },
    ...rest,
  };
}
const iso = (more: Partial<CertificateAbout> = {}): Certificate =>
  certificate(
    { expiresAt: '2028-02-28T09:00:00.000Z', surveillanceMonths: 12, ...more },
    { scheme: 'iso-27001' },
  );

const pdce: CertifiedSystem = {
  environment: 'pdce',
  name: 'PROTECTED Data Community Environment',
  services: [
    { id: 'iaas', name: 'Infrastructure' },
    { id: 'backup-1', name: 'backup' },
  ],
  assets: [{ id: 'mail', name: 'Mail' }],
  sites: [{ id: 'canberra-1', name: 'Canberra 1' }],
  editions: [{ framework: 'ism', version: '2025.10.8', since: at('2025-10-08T00:00:00Z') }],
  changes: [],
};
const odce: CertifiedSystem = {
  ...pdce,
  environment: 'odce',
  name: 'OFFICIAL',
  services: [{ id: 'dr', name: 'DR' }],
};

/** Codes and their severity, at that moment. */
const said = (
  now: string,
  one: Certificate = certificate(),
  systems: readonly CertifiedSystem[] = [pdce, odce],
): string[] => warningsOf(one, systems, at(now)).map(({ code, severity }) => `${code} ${severity}`);
const quiet = '2025-06-01T00:00:00Z';

test('in the middle of its time, with nothing changed, there is nothing to say', () => {
  expect(said(quiet)).toEqual([]);
  expect(said(quiet, iso())).toEqual([]);
});

describe('time, to the very second', () => {
  test.each([
    ['2025-02-28T08:59:59.999Z', ['not-begun notice']],
    ['2025-02-28T09:00:00.000Z', []],
    ['2026-09-01T08:59:59.999Z', []],
    ['2026-09-01T09:00:00.000Z', ['reassessment-due notice']],
    ['2026-12-30T08:59:59.999Z', ['reassessment-due notice']],
    ['2026-12-30T09:00:00.000Z', ['reassessment-due warning']],
    ['2027-02-28T08:59:59.999Z', ['reassessment-due warning']],
    ['2027-02-28T09:00:00.000Z', ['reassessment-overdue breach']],
  ])('an IRAP assessment of 28 February 2025 at %s: %j', (now, wanted) => {
    expect(said(now)).toEqual(wanted);
  });

  test.each([
    ['2025-12-30T08:59:59.999Z', []],
    ['2025-12-30T09:00:00.000Z', ['surveillance-due warning']],
    ['2026-02-28T08:59:59.999Z', ['surveillance-due warning']],
    ['2026-02-28T09:00:00.000Z', ['surveillance-overdue breach']],
  ])('the yearly surveillance at %s: %j', (now, wanted) => {
    expect(said(now, iso())).toEqual(wanted);
  });

  test('a surveillance that was is counted from', () => {
    const surveyed = iso({ surveyedAt: '2026-02-20T00:00:00.000Z' });
    expect(said('2026-06-01T00:00:00Z', surveyed)).toEqual([]);
    expect(said('2027-02-20T00:00:00.000Z', surveyed)).toEqual(['surveillance-overdue breach']);
  });

  test.each([
    ['2027-09-01T08:59:59.999Z', []],
    ['2027-09-01T09:00:00.000Z', ['expires notice']],
    ['2027-12-30T09:00:00.000Z', ['expires warning']],
    ['2028-02-28T08:59:59.999Z', ['expires warning']],
    ['2028-02-28T09:00:00.000Z', ['expired breach']],
  ])('its own end at %s: %j', (now, wanted) => {
    expect(said(now, iso({ surveillanceMonths: null }))).toEqual(wanted);
  });

  test.each([
    ['2025-08-01T23:59:59.999Z', []],
    ['2025-08-02T00:00:00.000Z', ['condition-due warning']],
    ['2025-08-31T23:59:59.999Z', ['condition-due warning']],
    ['2025-09-01T00:00:00.000Z', ['condition-overdue breach']],
  ])('a condition for 1 September at %s: %j', (now, wanted) => {
    const open = {
      id: 'k',
      text: 'Encrypt the tapes.',
      dueAt: '2025-09-01T00:00:00.000Z',
      doneAt: null,
      doneNote: null,
    };
    expect(said(now, certificate({ conditions: [open] }))).toEqual(wanted);
    expect(said(now, certificate({ conditions: [{ ...open, doneAt: quiet, doneNote: 'done' }] }))).toEqual(
      [],
    );
  });

  test('an assessment of 29 February is two years old on the last day of that month', () => {
    expect(endOf(certificate({ issuedAt: '2024-02-29T00:00:00.000Z' }))).toEqual(
      at('2026-02-28T00:00:00.000Z'),
    );
  });

  test('what ends first ends it, and at that moment it covers nothing', () => {
    const short = certificate({ expiresAt: '2026-01-01T00:00:00.000Z' });
    expect(endOf(short)).toEqual(at('2026-01-01T00:00:00.000Z'));
    expect(covers(short, 'pdce', at('2025-12-31T23:59:59.999Z'))).toBe(true);
    expect(covers(short, 'odce', at('2025-12-31T23:59:59.999Z'))).toBe(false);
    expect(covers(short, 'pdce', at('2026-01-01T00:00:00.000Z'))).toBe(false);
    expect(stateOf(short, at('2026-01-01T00:00:00.000Z'))).toBe('expired');
    expect(covers(certificate(), 'pdce', at('2025-02-28T08:59:59.999Z'))).toBe(false);
  });
});

describe('drift', () => {
  test('a service, an asset and a site that are used in a system of the scope and not named in it', () => {
    const grown: CertifiedSystem = {
      ...pdce,
      services: [...pdce.services, { id: 'dr', name: 'Disaster recovery' }],
      assets: [...(pdce.assets ?? []), { id: 'hr', name: 'Personnel files' }],
      sites: [...(pdce.sites ?? []), { id: 'sydney-2', name: 'Sydney 2' }],
    };
    const found = warningsOf(certificate(), [grown], at(quiet));
    expect(found.map(({ code, subject }) => [code, subject])).toEqual([
      ['service-outside', 'dr'],
      ['asset-outside', 'hr'],
      ['site-outside', 'sydney-2'],
    ]);
    expect(found[0]?.text).toBe(
      'The service "Disaster recovery" is used in PROTECTED Data Community Environment and is not in the scope.',
    );
    for (const one of found) expect(one.remedy).toContain('Do not claim it as certified');
  });

  test('what is not known is not said to be missing, nor to be outside', () => {
    expect(said(quiet, certificate(), [{ ...pdce, assets: undefined, sites: undefined }])).toEqual([]);
    expect(said(quiet, certificate(), [{ ...pdce, assets: [] }])).toEqual(['asset-gone notice']);
  });

  test('what the scope names and is gone', () => {
    expect(
      said(quiet, certificate(), [{ ...pdce, services: [{ id: 'iaas', name: 'Infrastructure' }] }]),
    ).toEqual(['service-gone notice']);
    expect(said(quiet, certificate(), [])).toContain('environment-gone warning');
  });

  test('an edition beyond the one it was assessed against', () => {
    const newer = { ...pdce, editions: [{ framework: 'ism', version: '2025.12.9', since: at(quiet) }] };
    expect(said(quiet, certificate(), [newer])).toEqual(['edition-newer notice']);
    expect(said(quiet, certificate({ edition: null }), [newer])).toEqual([]);
    expect(said(quiet, certificate(), [{ ...pdce, editions: [] }])).toEqual([]);
  });

  test('a significant change after it was last assessed, until the assessor has seen it', () => {
    const moved = { ...pdce, changes: [{ what: 'Moved the hypervisors.', at: at('2025-05-01T00:00:00Z') }] };
    expect(said(quiet, certificate(), [moved])).toEqual(['significant-change warning']);
    expect(said(quiet, certificate({ surveyedAt: '2025-05-02T00:00:00.000Z' }), [moved])).toEqual([]);
    const before = { ...pdce, changes: [{ what: 'x', at: at(issued) }] };
    expect(said(quiet, certificate(), [before])).toEqual([]);
  });
});

test('uncertified hosting certifies nothing, and a missing report is asked for', () => {
  const none = certificate({ level: 'uncertified' }, { scheme: 'hosting', report: null });
  expect(said(quiet, none)).toEqual(['uncertified breach']);
  expect(covers(none, 'pdce', at(quiet))).toBe(false);
  expect(said(quiet, certificate({}, { report: null }))).toEqual(['report-missing notice']);
});

test('a withdrawn one says nothing any more', () => {
  expect(
    said('2030-01-01T00:00:00Z', certificate({}, { withdrawnAt: at(quiet), withdrawnWhy: 'x' })),
  ).toEqual([]);
});

test('every warning says what to do', () => {
  const all = warningsOf(
    iso({ conditions: [{ id: 'k', text: 'x', dueAt: quiet, doneAt: null, doneNote: null }] }),
    [],
    at('2030-01-01T00:00:00Z'),
  );
  expect(all.length).toBeGreaterThan(4);
  for (const { remedy } of all) expect(remedy).toMatch(/^[A-Z].{20,}\.$/);
});
