import type { MaturityList } from '#contract/essential-eight';

type Other = MaturityList['others'][number];
const goalWord: Readonly<Record<Other['goal'], string>> = {
  delivery: 'Keep malware out',
  extent: 'Limit how far an incident goes',
  detect: 'Detect and respond',
  recover: 'Recover',
  insiders: 'Insiders',
};
const priorityWord: Readonly<Record<Other['priority'], string>> = {
  excellent: 'Excellent',
  unknown: 'Not known here',
};

/** What ASD recommends besides the eight. Nothing is judged by these. */
export const Others = ({ others }: { others: readonly Other[] }) => (
  <details className="section">
    <summary>The other {others.length} strategies: tags, not assessed</summary>
    <table className="table">
      <thead>
        <tr>
          <th>Strategy</th>
          <th>Goal</th>
          <th>ASD's rating, 2017</th>
        </tr>
      </thead>
      <tbody>
        {others.map((one) => (
          <tr key={one.id}>
            <td>{one.title}</td>
            <td className="muted">{goalWord[one.goal]}</td>
            <td>{priorityWord[one.priority]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);
