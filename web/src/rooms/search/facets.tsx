import type { Facets } from '../../api/search.ts';
import { count } from '../../parts/words.ts';

export const facetFields: readonly { field: string; name: string }[] = [
  { field: 'source_id', name: 'Source' },
  { field: 'device_hostname', name: 'Host' },
  { field: 'event_code', name: 'Event code' },
  { field: 'logsource_category', name: 'Category' },
  { field: 'actor_user_name', name: 'Person' },
  { field: 'process_name', name: 'Process' },
  { field: 'src_ip', name: 'From address' },
  { field: 'dst_ip', name: 'To address' },
];

/** The commonest values of the fields people ask by; a click asks with or without one. */
export function FacetList({
  facets,
  add,
}: {
  facets: Facets | undefined;
  add: (field: string, value: string, not: boolean) => void;
}) {
  return (
    <aside className="facets" aria-label="Commonest values">
      {facetFields.map(({ field, name }) => {
        const found = facets?.facets.find((one) => one.field === field);
        const values = found?.values.filter((one) => one.value !== '') ?? [];
        if (!found || values.length === 0) return null;
        const most = Math.max(...values.map((one) => one.count));
        return (
          <section key={field}>
            <h3>
              {name} <span className="muted">{count(found.distinct)}</span>
            </h3>
            <ul>
              {values.map((one) => (
                <li key={one.value}>
                  <progress className="share" value={one.count} max={most} aria-hidden="true" />
                  <button
                    type="button"
                    className="clip mono"
                    title={`${field}: ${one.value}`}
                    onClick={() => add(field, one.value, false)}
                    aria-label={`Only ${name.toLowerCase()} ${one.value}, ${one.count} events`}
                  >
                    {one.value}
                  </button>
                  <span className="small muted number">{count(one.count)}</span>
                  <button
                    type="button"
                    className="not"
                    title="Leave out"
                    aria-label={`Leave out ${name.toLowerCase()} ${one.value}`}
                    onClick={() => add(field, one.value, true)}
                  >
                    −
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </aside>
  );
}
