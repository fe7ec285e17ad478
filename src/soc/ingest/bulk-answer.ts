import type { Outcome } from './bulk-take.ts';

/** The body of an error, as Elasticsearch clients read it. */
export const errorBody = (status: number, type: string, reason: string): string =>
  JSON.stringify({ error: { root_cause: [{ type, reason }], type, reason }, status });

const shards = '"_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1';

/** One status an operation, in order. Written by hand: this is 5,000 lines for every 5,000 events. */
export function bulkAnswer(outcomes: readonly Outcome[], tookMilliseconds: number): string {
  let hasErrors = false;
  const items: string[] = [];
  for (const [number, outcome] of outcomes.entries()) {
    const { action, index, id } = outcome.operation;
    const place = `{"${action}":{"_index":${JSON.stringify(index)},"_id":${id === '' ? `"${number}"` : JSON.stringify(id)}`;
    const status = statusOf(outcome);
    if (status >= 400) hasErrors = true;
    if (outcome.state === 'taken')
      items.push(`${place},"_version":1,"result":"created",${shards},"status":201}}`);
    else if (status < 400) items.push(`${place},"_version":1,"result":"noop",${shards},"status":200}}`);
    else items.push(`${place},"status":${status},"error":${JSON.stringify(errorOf(outcome))}}}`);
  }
  return `{"took":${tookMilliseconds},"errors":${hasErrors},"items":[${items.join(',')}]}`;
}

/** 409 tells a shipper "it is there already"; 429 "again later"; any other 400 "give up on this one". */
function statusOf({ state, operation }: Outcome): number {
  switch (state) {
    case 'taken':
      return 201;
    case 'duplicate':
      return operation.action === 'create' ? 409 : 200;
    case 'faulty':
      return 400;
    case 'refused':
      return 429;
  }
}

function errorOf({ state, operation, fault }: Outcome): { type: string; reason: string } {
  if (state === 'duplicate') {
    return {
      type: 'version_conflict_engine_exception',
      reason: `[${operation.id}]: this event is already there`,
    };
  }
  if (state === 'refused') {
    return { type: 'es_rejected_execution_exception', reason: 'Over capacity: send this event again later.' };
  }
  return { type: fault?.code ?? 'rejected', reason: fault?.reason ?? 'This event was rejected.' };
}
