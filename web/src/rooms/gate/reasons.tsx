import type { CanAnswer } from '#contract/community/gate';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

type Reason = CanAnswer['reasons'][number];

/** Each rule that did not open: what is missing, by which clause, who can mend it and how. */
export function Reasons({
  reasons,
  act,
}: {
  reasons: readonly Reason[];
  act?: (reason: Reason) => ReactNode;
}) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>What is missing</th>
          <th>Clause</th>
          <th>Who can mend it</th>
          <th>How</th>
          {act && (
            <th>
              <span className="unseen">Ask</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {reasons.map((reason) => (
          <tr key={reason.rule}>
            <td>
              {reason.message}
              {reason.missing !== undefined && (
                <div className="muted small">Not known: {reason.missing.join(', ')}</div>
              )}
            </td>
            <td className="mono small">{reason.clause}</td>
            <td>{reason.who_can_fix}</td>
            <td>
              {reason.remedy}
              {reason.link !== undefined && (
                <div className="small">
                  <Link to={reason.link}>Go there</Link>
                </div>
              )}
            </td>
            {act && <td>{act(reason)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
