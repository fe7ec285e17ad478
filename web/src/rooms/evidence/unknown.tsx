import { useQuery } from '@tanstack/react-query';
import { unknownQuery } from '../../api/evidence.ts';
import { useApi } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';

/** What nobody can tell, and which evidence would settle the most of it. */
export function UnknownControls({ environment }: { environment: string }) {
  const query = useQuery(unknownQuery(useApi(), environment));
  const { data } = query;
  if (query.isError)
    return <Failure what="It could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (!data) return <Progress what="Loading" />;
  if (data.unknown.length === 0)
    return <Empty title="Every control that is judged from evidence could be judged" />;
  return (
    <>
      <section className="section" aria-label="What would settle it">
        <h2>What would settle the most</h2>
        <table className="table">
          <thead>
            <tr>
              <th>Evidence</th>
              <th className="number">Would settle</th>
              <th>Controls</th>
            </tr>
          </thead>
          <tbody>
            {data.settles.slice(0, 40).map(({ evidence, controls }) => (
              <tr key={evidence}>
                <td>{evidence}</td>
                <td className="number">{plural(controls.length, 'control')}</td>
                <td className="mono evidence-values">{controls.join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="section" aria-label="Unknown controls">
        <h2>Unknown, and why</h2>
        <table className="table">
          <thead>
            <tr>
              <th>Control</th>
              <th>Question</th>
              <th>Why nobody can tell</th>
            </tr>
          </thead>
          <tbody>
            {data.unknown.map((one) => (
              <tr key={`${one.control} ${one.evaluator}`}>
                <td>
                  <HealthMark state="unknown" word={one.control} />
                </td>
                <td>{one.title}</td>
                <td className="muted">{one.because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
