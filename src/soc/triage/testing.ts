/** For tests only: analysts and detections. */
import { scopeOf, sourceId, tenancyId } from '#platform/scope';
import type { Analyst } from './actor.ts';
import type { Severity } from './contract.ts';
import type { DetectionRecord } from './detection.ts';

export function analystOf(id: string, organisation: string, tenancies: readonly string[]): Analyst {
  const scope = scopeOf(tenancies.map(tenancyId));
  if (scope === undefined) throw new Error('A scope is never empty.');
  return { id, kind: 'user', name: id, organisation, scope };
}

type Wanted = { eventAt?: Date; tenancy?: string; level?: Severity; ruleId?: string; eventJson?: string };

export function detectionOf(host: string, wanted: Wanted = {}): DetectionRecord {
  const at = wanted.eventAt ?? new Date('2026-03-02T10:00:00Z');
  return {
    tenancy: tenancyId(wanted.tenancy ?? 'acme-odce'),
    source: sourceId('acme-dc'),
    rule: {
      id: wanted.ruleId ?? '6f0ea7ad-0000-4000-8000-000000000001',
      version: '1',
      title: 'Certutil fetches a file',
      level: wanted.level ?? 'high',
      author: 'Jo',
      licence: 'DRL 1.1',
      tags: ['attack.t1105', 'attack.command-and-control', 'car.2013-05-004'],
      description: 'Certutil was asked to fetch a file.',
      references: [],
      falsePositives: ['Scripts of administrators'],
    },
    eventAt: at,
    receivedAt: at,
    eventUids: ['0190a0a0-0000-7000-8000-000000000001'],
    reasons: [
      {
        selection: 'selection',
        field: 'Image',
        test: "endswith '\\certutil.exe'",
        value: 'C:\\Windows\\certutil.exe',
      },
    ],
    entities: [{ kind: 'host', value: host }],
    eventJson: wanted.eventJson ?? JSON.stringify({ Computer: host }),
  };
}
