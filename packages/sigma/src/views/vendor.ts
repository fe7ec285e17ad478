import type { LogSource } from '../event.ts';
import { isRecord, type Format, type Json } from './view.ts';

type Known = { readonly format: Format; readonly logsource: LogSource };

/** A log source's word is short and plain: a record may not make up routes without end. */
const word = /^[a-z0-9][a-z0-9_.-]{0,40}$/;

const cloudtrail: Known = { format: 'cloudtrail', logsource: { product: 'aws', service: 'cloudtrail' } };
// Ten of SigmaHQ's Kubernetes rules say category application, the others leave it open: one log source serves both.
const kubernetes: Known = {
  format: 'kubernetes-audit',
  logsource: { product: 'kubernetes', category: 'application', service: 'audit' },
};
const gcp: Known = { format: 'gcp-audit', logsource: { product: 'gcp', service: 'gcp.audit' } };
const okta: Known = { format: 'okta', logsource: { product: 'okta', service: 'okta' } };

/** Zeek: `_path` (JSON streaming), `@stream` (Corelight) or `#path` (a TSV reader); Suricata: `event_type`. */
export function knownVendor(record: Json): Known | undefined {
  const path = record['_path'] ?? record['@stream'] ?? record['#path'];
  if (typeof path === 'string' && word.test(path))
    return { format: 'zeek', logsource: { product: 'zeek', service: path } };

  const eventSource = record['eventSource'];
  if (
    typeof eventSource === 'string' &&
    typeof record['eventName'] === 'string' &&
    typeof record['awsRegion'] === 'string'
  ) {
    return cloudtrail;
  }
  const eventType = record['event_type'];
  if (
    typeof eventType === 'string' &&
    word.test(eventType) &&
    'timestamp' in record &&
    ('flow_id' in record || isRecord(record['stats']))
  ) {
    return { format: 'suricata', logsource: { product: 'suricata', service: eventType } };
  }
  const apiVersion = record['apiVersion'];
  if (record['kind'] === 'Event' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.k8s.io/'))
    return kubernetes;
  if (
    isRecord(record['protoPayload']) &&
    typeof record['logName'] === 'string' &&
    record['logName'].includes('cloudaudit.googleapis.com')
  ) {
    return gcp;
  }
  if (isRecord(record['id']) && isRecord(record['actor'])) return workspace(record['id']);
  if (
    typeof record['eventType'] === 'string' &&
    typeof record['published'] === 'string' &&
    isRecord(record['actor'])
  )
    return okta;
  return undefined;
}

/** Google's Reports API: every record says which application it is from. */
function workspace(id: Json): Known | undefined {
  const application = id['applicationName'];
  if (typeof application !== 'string' || !word.test(application)) return undefined;
  return {
    format: 'google-workspace',
    logsource: { product: 'gcp', service: `google_workspace.${application}` },
  };
}

/** A record that names its own log source in Sigma's words, as `product` beside `category` or `service`. */
export function ownLogSource(record: Json): LogSource | undefined {
  const product = record['product'];
  if (typeof product !== 'string' || !word.test(product)) return undefined;
  const category = record['category'];
  const service = record['service'];
  return {
    product,
    ...(typeof category === 'string' && word.test(category) && { category }),
    ...(typeof service === 'string' && word.test(service) && { service }),
  };
}
