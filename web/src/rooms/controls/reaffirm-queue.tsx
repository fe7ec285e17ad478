import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { controlsKey, controlsQuery, reaffirm } from '../../api/controls.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';

/** Answers to words that changed: each is read again, and affirmed or changed. */
export function ReaffirmQueue({ system }: { system: string }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const query = useQuery(controlsQuery(api, system));
  const may = useMay('governance.manage');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const waiting = (query.data?.controls ?? []).filter((one) => one.reaffirm);
  const run = useMutation({
    mutationFn: async (ids: ReadonlySet<string>) => {
      const report = await reaffirm(api, system, {
        controls: waiting
          .filter(({ id }) => ids.has(id))
          .map(({ id, version }) => ({ control: id, version })),
      });
      const refused = report.report.find(({ outcome }) => outcome === 'refused');
      if (refused) throw new Error(`${refused.control}: ${refused.why.join(' ')} Nothing was affirmed.`);
      return report;
    },
    onSuccess: (report) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      setPicked(new Set());
      notices.show({ tone: 'done', text: `${plural(report.set, 'answer')} affirmed.` });
    },
  });
  if (!query.data) return null;
  return (
    <section className="section" aria-label="To be affirmed again">
      <h2>To be affirmed again: {waiting.length}</h2>
      {waiting.length === 0 && <p className="muted">Every answer is to the words of now.</p>}
      <FormProblem error={run.error} />
      {waiting.length > 0 && (
        <>
          {may && (
            <div className="line">
              <button
                type="button"
                className="btn slim"
                onClick={() =>
                  setPicked(picked.size === waiting.length ? new Set() : new Set(waiting.map(({ id }) => id)))
                }
              >
                {picked.size === waiting.length ? 'Select none' : 'Select all'}
              </button>
              <button
                type="button"
                className="btn slim main"
                disabled={picked.size === 0 || run.isPending}
                onClick={() => run.mutate(picked)}
              >
                Affirm {plural(picked.size, 'answer')} as they were
              </button>
            </div>
          )}
          <table className="table">
            <thead>
              <tr>
                <th>
                  <span className="unseen">Selected</span>
                </th>
                <th>Control</th>
                <th>What it asks now</th>
                <th>Why it waits</th>
              </tr>
            </thead>
            <tbody>
              {waiting.map((one) => (
                <tr key={one.id}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Select ${one.id}`}
                      checked={picked.has(one.id)}
                      onChange={() =>
                        setPicked((before) => {
                          const next = new Set(before);
                          if (!next.delete(one.id)) next.add(one.id);
                          return next;
                        })
                      }
                    />
                  </td>
                  <td>
                    <Link
                      className="mono"
                      to="/controls/$system/$control"
                      params={{ system, control: one.id }}
                    >
                      {one.id}
                    </Link>
                  </td>
                  <td>{one.statement}</td>
                  <td className="muted">{one.because}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
