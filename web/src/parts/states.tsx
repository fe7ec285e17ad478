import { type ReactNode, useEffect, useState } from 'react';
import { Problem } from '../api/client.ts';

/** Progress in place, but only when it takes longer than a person notices (300 ms); a way out after 3 s. */
export function Progress({ what, cancel }: { what: string; cancel?: () => void }) {
  const waited = useWaited();
  if (waited < 300) return null;
  return (
    <div className="progress" role="status">
      <i />
      <span>{what}…</span>
      {waited >= 3000 && cancel && (
        <button type="button" className="btn slim" onClick={cancel}>
          Cancel
        </button>
      )}
    </div>
  );
}

function useWaited(): number {
  const [waited, setWaited] = useState(0);
  useEffect(() => {
    const first = setTimeout(() => setWaited(300), 300);
    const second = setTimeout(() => setWaited(3000), 3000);
    return () => {
      clearTimeout(first);
      clearTimeout(second);
    };
  }, []);
  return waited;
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children && <div className="muted">{children}</div>}
      {action && <div className="line">{action}</div>}
    </div>
  );
}

/** What could not be done, what the server said, what would help, and the id to quote. */
export function Failure({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  return (
    <div className="state problem" role="alert">
      <h2>{what}</h2>
      <p>{error instanceof Error ? error.message : 'Something unexpected happened in this page.'}</p>
      {problem && <Faults facts={problem.facts} />}
      {problem?.requestId && (
        <p className="muted small">
          Request <span className="mono">{problem.requestId}</span>: the server's log has the details under
          this id.
        </p>
      )}
      {retry && (
        <div className="line">
          <button type="button" className="btn" onClick={retry}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}

/** Each value the server could not take, and why. */
function Faults({ facts }: { facts: Readonly<Record<string, unknown>> }) {
  const faults = Array.isArray(facts['faults']) ? facts['faults'].filter(isFault) : [];
  if (faults.length === 0) return null;
  return (
    <ul className="small">
      {faults.map((fault) => (
        <li key={`${fault.where} ${fault.what}`}>
          <span className="mono">{fault.where}</span> {fault.what}
        </li>
      ))}
    </ul>
  );
}
const isFault = (value: unknown): value is { where: string; what: string } =>
  typeof value === 'object' && value !== null && 'where' in value && 'what' in value;

/** The reason under a form. */
export const FormProblem = ({ error }: { error: unknown }) =>
  error ? (
    <div className="critical small" role="alert">
      {error instanceof Error ? error.message : 'That did not work. Try again.'}
      {error instanceof Problem && <Faults facts={error.facts} />}
    </div>
  ) : null;
