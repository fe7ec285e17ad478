import type { DueItem } from '#contract/community/organisations';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { dueQuery } from '../../api/organisations.ts';
import { useApi, useMay, useNow } from '../../app/context.tsx';
import { Exact } from '../../parts/when.tsx';
import { age, duration, plural } from '../../parts/words.ts';

const shownAtFirst = 12;

/** What is to be done soon, late things first. */
export function Due() {
  const may = useMay('person.read');
  const { data } = useQuery({ ...dueQuery(useApi()), enabled: may });
  const [all, setAll] = useState(false);
  if (!data) return null;
  const late = data.due.filter((item) => item.late).length;
  const items = all ? data.due : data.due.slice(0, shownAtFirst);
  return (
    <section className="section">
      <h2>
        To be done{' '}
        {late > 0 && <span className="critical small">{plural(late, 'thing is', 'things are')} late</span>}
      </h2>
      {data.due.length === 0 ? (
        <p className="muted small">
          Nothing within 30 days: appointments, contacts, eligibility and screening are all in order.
        </p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>What</th>
              <th>Organisation</th>
              <th>Due</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={`${item.kind} ${item.subject} ${item.text}`}>
                <td>{item.text}</td>
                <td>
                  <Link to="/community/$id" params={{ id: item.organisation }}>
                    {item.organisation}
                  </Link>
                </td>
                <td>
                  <When item={item} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data.due.length > shownAtFirst && (
        <button type="button" className="textual" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${data.due.length}`}
        </button>
      )}
    </section>
  );
}

function When({ item }: { item: DueItem }) {
  const now = useNow(60);
  if (item.dueAt === null) return <span>now</span>;
  const seconds = (Date.parse(item.dueAt) - now) / 1000;
  return (
    <>
      {item.late ? (
        <span className="critical">late by {age(-seconds)}</span>
      ) : (
        <span>in {duration(seconds)}</span>
      )}
      <div className="muted">
        <Exact at={item.dueAt} />
      </div>
    </>
  );
}
