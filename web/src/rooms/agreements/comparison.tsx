import { useQuery } from '@tanstack/react-query';
import { comparisonQuery } from '../../api/agreements.ts';
import { useApi } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';

/** What changed between two versions, clause by clause, words marked. */
export function Comparison({ from, to }: { from: number; to: number }) {
  const query = useQuery(comparisonQuery(useApi(), from, to));
  if (query.isError)
    return (
      <Failure
        what="The versions could not be compared"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Comparing the versions" />;
  const { clauses, terms } = query.data;
  return (
    <section className="section" aria-label={`What changed since version ${from}`}>
      <h2>
        What changed since version {from}: {clauses.length + terms.length}
      </h2>
      {clauses.map((clause) => (
        <article className="clause" key={clause.id}>
          <h3>
            <span className="mono muted">
              {clause.before ?? '–'} → {clause.after ?? '–'}
            </span>{' '}
            {clause.title}
            {clause.changes.map((change) => (
              <span className="chip" key={change}>
                {change}
              </span>
            ))}
          </h3>
          {clause.words.length > 0 && (
            <p className="words">
              {clause.words.map((piece, at) => {
                if (piece.kind === 'added') return <ins key={at}>{piece.text}</ins>;
                return piece.kind === 'removed' ? <del key={at}>{piece.text}</del> : piece.text;
              })}
            </p>
          )}
          {clause.owner && (
            <p className="small">
              Owed by <del>{clause.owner.before}</del> <ins>{clause.owner.after}</ins>
            </p>
          )}
          {clause.obligations.map((one) => (
            <p className="small" key={one.id}>
              {one.before && <del>{one.before}</del>} {one.after && <ins>{one.after}</ins>}
            </p>
          ))}
        </article>
      ))}
      {terms.map((term) => (
        <p className="small" key={term.name}>
          <b>{term.name}</b> <del>{term.before}</del> <ins>{term.after}</ins>
        </p>
      ))}
    </section>
  );
}
