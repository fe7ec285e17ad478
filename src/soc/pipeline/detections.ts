import { sourceId, tenancyId } from '#platform/scope';
import type { Hit, RuleFactsOut } from '#soc/detect';
import type { DetectionRecord, entitiesOf } from '#soc/triage';

/** Postgres text holds no NUL, and an alert needs no megabyte. */
const clean = (text: string, most: number): string => text.slice(0, most).replaceAll('\0', '\ufffd');

const maxEventJson = 65_536;

/** @returns undefined for a rule that is not known (any more): its version is gone from memory */
export function toDetection(
  hit: Hit,
  rule: RuleFactsOut | undefined,
  version: string,
  entities: typeof entitiesOf,
): DetectionRecord | undefined {
  if (rule === undefined) return undefined;
  return {
    tenancy: tenancyId(hit.tenancy),
    source: sourceId(hit.source),
    rule: { ...rule, version },
    eventAt: new Date(hit.eventMs),
    receivedAt: new Date(hit.receivedMs),
    eventUids: [hit.eventUid],
    reasons: hit.reasons.map((line) => ({
      ...line,
      value: clean(line.value, 2048),
      test: clean(line.test, 2048),
    })),
    entities: entities((name) => hit.about[name], hit.source).map(({ kind, value }) => ({
      kind,
      value: clean(value, 512),
    })),
    eventJson: eventText(hit.eventJson),
  };
}

/** JSON that Postgres takes: without \u0000 and whole; an event too long is shown as its beginning, as a string. */
function eventText(json: string): string {
  const plain = json.replaceAll('\0', '\ufffd').replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\ufffd');
  return plain.length <= maxEventJson ? plain : JSON.stringify(`${plain.slice(0, maxEventJson)}…`);
}
