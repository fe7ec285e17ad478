import './controls.css';
import type { ControlDetail } from '#contract/governance/controls';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { controlQuery, controlsQuery } from '../../api/controls.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { AnswerForm } from './answer-form.tsx';
import { ExceptionList } from './exception-list.tsx';
import { AskException } from './ask-exception.tsx';
import { StatusMark, toneOf } from './marks.tsx';

/** One control of a system: its words, how it stands and why, and everything that was said and seen of it. */
export function ControlPage() {
  const { system, control } = useParams({ from: '/inside/controls/$system/$control' });
  const api = useApi();
  const navigate = useNavigate();
  const query = useQuery(controlQuery(api, system, control));
  // Already there when one comes from the list: for the way to the next one.
  const list = useQuery({ ...controlsQuery(api, system), enabled: false });
  const may = useMay('governance.manage');
  const [doing, setDoing] = useState<'answer' | 'exception'>();
  const order = list.data?.controls ?? [];
  const position = order.findIndex(({ id }) => id === control);
  const step = (by: number) => {
    const next = order[position + by];
    if (position >= 0 && next)
      void navigate({ to: '/controls/$system/$control', params: { system, control: next.id } });
  };
  const back = () => void navigate({ to: '/controls', search: { system, at: control } });
  useKeys([
    { keys: 'j', group: 'Control', says: 'Next control', run: () => step(1) },
    { keys: 'k', group: 'Control', says: 'Control before', run: () => step(-1) },
    { keys: 'e', group: 'Control', says: 'Answer it', run: () => may && setDoing('answer') },
    { keys: 'Escape', group: 'Control', says: 'Back to the list', run: back },
  ]);
  if (query.isError)
    return (
      <div className="page">
        <Failure
          what="The control could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      </div>
    );
  if (!query.data)
    return (
      <div className="page">
        <Progress what="Loading the control" />
      </div>
    );
  const detail = query.data;
  return (
    <div className="page control-page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system, at: control }}>
          All controls
        </Link>
        <h1>{detail.control.label}</h1>
        {may && (
          <>
            <button type="button" className="btn" onClick={() => setDoing('exception')}>
              Ask for an exception
            </button>
            <button type="button" className="btn main" onClick={() => setDoing('answer')}>
              {detail.control.reaffirm ? 'Affirm or change the answer' : 'Answer it'}
            </button>
          </>
        )}
      </div>
      <p className="muted small">
        {system} · {detail.control.framework} {detail.control.edition} · {detail.control.path.join(' / ')}
        {detail.control.e8Levels.length > 0 && ` · Essential Eight ${detail.control.e8Levels.join(', ')}`}
        {detail.control.applicability.length > 0 && ` · ${detail.control.applicability.join(', ')}`}
        {detail.control.revision !== null &&
          ` · revision ${detail.control.revision}, ${detail.control.updated ?? ''}`}
      </p>
      <p className="statement">{detail.control.statement || detail.control.title}</p>
      <Stands detail={detail} />
      <Evidence detail={detail} />
      <section className="section">
        <h2>Exceptions</h2>
        <ExceptionList system={system} exceptions={detail.exceptions} />
      </section>
      <Mappings detail={detail} system={system} />
      <Answers detail={detail} />
      <Changes detail={detail} />
      {detail.control.guidance && (
        <section className="section">
          <h2>What the catalogue says around it</h2>
          <p className="guidance">{detail.control.guidance}</p>
        </section>
      )}
      {doing === 'answer' && <AnswerForm system={system} detail={detail} close={() => setDoing(undefined)} />}
      {doing === 'exception' && (
        <AskException system={system} control={control} close={() => setDoing(undefined)} />
      )}
    </div>
  );
}

function Stands({ detail }: { detail: ControlDetail }) {
  const { control, answer } = detail;
  return (
    <section className={`control-stand ${toneOf(control.status)}`} aria-label="How it stands">
      <h2>
        <StatusMark status={control.status} />
      </h2>
      <p>{control.because}</p>
      {detail.wouldSettle.length > 0 && (
        <p>
          Would settle it: <b>{detail.wouldSettle.join(', ')}</b>
        </p>
      )}
      {detail.through.length > 0 && <p>It stands by {detail.through.join(', ')}.</p>}
      {control.tailoring && (
        <p>
          {control.tailored === 'excluded' ? 'Left out' : 'Taken in'}: {control.tailoring.reason} (
          {control.tailoring.approvedBy}, <Ago at={control.tailoring.at} suffix />)
        </p>
      )}
      <dl className="facts">
        <dt>Owed by</dt>
        <dd>{control.owner ?? <span className="muted">nobody</span>}</dd>
        <dt>Who answers for it</dt>
        <dd>{control.responsible ?? <span className="muted">not said</span>}</dd>
        <dt>Left to customers</dt>
        <dd>{control.customer ?? <span className="muted">not said</span>}</dd>
        <dt>Rests on</dt>
        <dd>
          {control.basis}
          {control.confidence && `, ${control.confidence}`}
        </dd>
        {control.asOf && (
          <>
            <dt>As of</dt>
            <dd>
              <Exact at={control.asOf} />
            </dd>
          </>
        )}
        {control.expires && (
          <>
            <dt>Holds until</dt>
            <dd>
              <Exact at={control.expires} />
            </dd>
          </>
        )}
        {answer && !answer.current && (
          <>
            <dt>Answered before its words changed</dt>
            <dd>
              <StatusMark status={answer.status} /> {answer.narrative}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Evidence({ detail }: { detail: ControlDetail }) {
  if (detail.evidence.length === 0)
    return (
      <section className="section">
        <h2>Evidence</h2>
        <p className="muted">No evaluator looks at this control: somebody has to attest it.</p>
      </section>
    );
  return (
    <section className="section">
      <h2>Evidence</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Evaluator</th>
            <th>Says</th>
            <th>Because</th>
            <th className="number">Looked at</th>
            <th>Judged</th>
          </tr>
        </thead>
        <tbody>
          {detail.evidence.map((one) => (
            <tr key={one.evaluator}>
              <td className="mono">{one.evaluator}</td>
              <td>
                {one.status === 'satisfied' ? (
                  <StatusMark status="Effective" />
                ) : one.status === 'unknown' ? (
                  <StatusMark status="No Visibility" />
                ) : (
                  <StatusMark status="Ineffective" />
                )}
                {one.confidence && <div className="muted small">{one.confidence}</div>}
              </td>
              <td>{one.because}</td>
              <td className="number">
                {one.tested === null ? '' : `${one.tested} of ${one.of ?? 'an unknown number'}`}
              </td>
              <td>
                <Ago at={one.judgedAt} suffix />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {detail.failing.length > 0 && (
        <ul className="small">
          {detail.failing.slice(0, 50).map((one) => (
            <li key={`${one.subject} ${one.why}`}>
              <span className="mono">{one.subject}</span>: {one.why}
              {one.due && (
                <>
                  , due <Exact at={one.due} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Mappings({ detail, system }: { detail: ControlDetail; system: string }) {
  if (detail.mappings.length === 0) return null;
  return (
    <section className="section">
      <h2>In other frameworks</h2>
      <ul>
        {detail.mappings.map((one) => (
          <li key={`${one.direction} ${one.control}`}>
            <Link to="/controls/$system/$control" params={{ system, control: one.control }} className="mono">
              {one.control}
            </Link>{' '}
            {one.direction === 'to' ? 'answers this one' : 'is answered by this one'} ({one.relation}
            {one.together && ', together with others'}, {one.confidence} confidence, {one.author}):{' '}
            <span className="muted">{one.rationale}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answers({ detail }: { detail: ControlDetail }) {
  if (detail.answers.length === 0) return null;
  return (
    <section className="section">
      <h2>Answers</h2>
      <table className="table">
        <thead>
          <tr>
            <th className="number">Version</th>
            <th>Answer</th>
            <th>How</th>
            <th>By</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {detail.answers.map((one) => (
            <tr key={one.version}>
              <td className="number">{one.version}</td>
              <td>
                <StatusMark status={one.status} />
                <div className="muted small">
                  {one.change}
                  {!one.current && ', to other words'}
                </div>
              </td>
              <td>
                {one.narrative}
                {one.reliedUpon && (
                  <div className="muted small">
                    Relies on {one.reliedUpon.party}, there: {one.reliedUpon.status}
                  </div>
                )}
                {one.reviewBy && (
                  <div className="muted small">
                    To be looked at again by <Exact at={one.reviewBy} />
                  </div>
                )}
              </td>
              <td>{one.by}</td>
              <td>
                <Ago at={one.at} suffix />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Changes({ detail }: { detail: ControlDetail }) {
  const changes = detail.changes.filter(({ before }) => before !== null);
  if (changes.length === 0) return null;
  return (
    <section className="section">
      <h2>How it stood</h2>
      <ul className="small">
        {changes.map((one) => (
          <li key={`${one.at} ${one.status ?? ''}`}>
            <Exact at={one.at} /> {one.before ?? ''} → <b>{one.status ?? 'gone'}</b>{' '}
            <span className="muted">{one.because}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
