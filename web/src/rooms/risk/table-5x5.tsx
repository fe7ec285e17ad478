import type { RiskPage, RiskResultView } from '#contract/governance/risk';
import { lossOf } from './words.ts';

const rows = ['Rare', 'Unlikely', 'Possible', 'Likely', 'Almost certain'];
const from = ['under 1 %', '1 %', '5 %', '20 %', '50 %'];
const rating = (row: number, column: number): string =>
  row + column <= 4 ? 'low' : row + column <= 6 ? 'medium' : row + column <= 8 ? 'high' : 'critical';

/** The table of 5 by 5, as a view: an outcome stands in every cell that its interval spans. */
export function FiveByFive({ page, result }: { page: RiskPage; result: RiskResultView }) {
  const at = (row: number, column: number) =>
    result.outcomes.filter((one, i) => {
      const cells = page.cells[i];
      return cells && one.high > 0 && cells.column === column && cells.lowRow <= row && row <= cells.highRow;
    });
  return (
    <section className="risk-panel" aria-label="Five by five">
      <h2>
        Five by five <span className="muted plain">a view: an interval spans cells</span>
      </h2>
      <table className="risk-5x5">
        <thead>
          <tr>
            <th scope="col">Likelihood</th>
            {[1, 2, 3, 4, 5].map((band) => (
              <th key={band} scope="col">
                {band}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[5, 4, 3, 2, 1].map((row) => (
            <tr key={row}>
              <th scope="row">
                {rows[row - 1]} <span className="muted plain">{from[row - 1]}</span>
              </th>
              {[1, 2, 3, 4, 5].map((column) => {
                const here = at(row, column);
                return (
                  <td
                    key={column}
                    className={rating(row, column)}
                    title={here
                      .slice(0, 10)
                      .map((one) => `${one.name} ${lossOf[one.dimension]}`)
                      .join('\n')}
                  >
                    {here.length > 0 ? here.length : ''}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">Columns: what its loss would mean, from negligible to extreme.</p>
    </section>
  );
}
