import { sourceId, tenancyId } from '#platform/scope';
import type { Hit, RuleFactsOut } from '#soc/detect';
import type { DetectionRecord, entitiesOf } from '#soc/triage';

/** Postgres text holds no NUL and no half of a surrogate pair, and an alert needs no megabyte. */
export const cleanText = (text: string, most: number): string =>
  text.slice(0, most).replaceAll('\0', '\ufffd').toWellFormed();

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
      value: cleanText(line.value, 2048),
      test: cleanText(line.test, 2048),
    })),
    entities: entities((name) => hit.about[name], hit.source).map(({ kind, value }) => ({
      kind,
      value: cleanText(value, 512),
    })),
    eventJson: eventText(hit.eventJson),
  };
}

/** JSON that Postgres takes: without \u0000 and whole; an event too long is shown as its beginning, as a string. */
export function eventText(json: string): string {
  const plain = withoutNul(json);
  if (plain.length > maxEventJson) return JSON.stringify(`${plain.slice(0, maxEventJson).toWellFormed()}…`);
  return plain.isWellFormed() && !loneEscape.test(plain) ? plain : JSON.stringify(plain.toWellFormed());
}

/** Half of a surrogate pair, escaped: JSON to us, none to Postgres. The event is then shown as text. */
const loneEscape =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]/;

/** JSON text without the escape of NUL, which Postgres refuses in jsonb; an escaped backslash before `u0000` is none. */
export const withoutNul = (json: string): string =>
  json.replaceAll('\0', '\ufffd').replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\ufffd');
