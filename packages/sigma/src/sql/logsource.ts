import type { LogSource } from '../event.ts';
import { categoryEvents } from '../views/windows-sources.ts';
import type { Params } from './params.ts';

/** Rows of the rule's log source. A row names one category; a Windows event can have two, which its id then tells. */
export function logsourceSql({ product, category, service }: LogSource, params: Params): string {
  const parts: string[] = [];
  if (product !== undefined) parts.push(`product = ${params.text(product)}`);
  if (service !== undefined) parts.push(`logsource_service = ${params.text(service)}`);
  if (category !== undefined) {
    const named = `logsource_category = ${params.text(category)}`;
    const events =
      product === undefined || product === 'windows'
        ? categoryEvents.filter((event) => event.category === category)
        : [];
    const byId = events.map(({ service: channel, eventIds, eventTypes }) => {
      const ids = `has(${params.texts(eventIds.map(String))}, fields['EventID'])`;
      const types =
        eventTypes === undefined ? '' : ` AND has(${params.texts(eventTypes)}, fields['EventType'])`;
      return `(product = 'windows' AND logsource_service = ${params.text(channel)} AND ${ids}${types})`;
    });
    parts.push(byId.length === 0 ? named : `(${[named, ...byId].join(' OR ')})`);
  }
  return parts.join(' AND ');
}
