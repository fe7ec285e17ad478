import type { RuleList } from '#contract/community/gate';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rulesQuery } from '../../api/gate.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { ParametersForm } from './parameters-form.tsx';
import { numberWords } from './parameter-words.ts';

/** Every rule of the gate, and the parameters the provider set. */
export function Rules() {
  const query = useQuery(rulesQuery(useApi()));
  if (query.isError)
    return (
      <Failure what="The rules could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading the rules" />;
  return (
    <>
      <RuleTable rules={query.data.rules} />
      <ParameterTable list={query.data} />
    </>
  );
}

function RuleTable({ rules }: { rules: RuleList['rules'] }) {
  return (
    <section className="section" aria-label="Rules">
      <p className="muted small">
        All {rules.length} are looked at for every decision. One that does not open is a denial, and a fact
        that is missing or too old never opens one.
      </p>
      <table className="table">
        <thead>
          <tr>
            <th>Rule</th>
            <th>Clause</th>
            <th>Facts</th>
            <th>Who can mend it</th>
            <th>How</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id}>
              <td>
                {rule.title}
                <div className="mono muted small">{rule.id}</div>
              </td>
              <td className="mono small">{rule.clause}</td>
              <td className="small">{rule.needs.join(', ')}</td>
              <td>{rule.who}</td>
              <td>{rule.how}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ParameterTable({ list }: { list: RuleList }) {
  const may = useMay('community.manage');
  const [changing, setChanging] = useState(false);
  const { parameters } = list;
  return (
    <section className="section" aria-label="Parameters">
      <h2>Parameters</h2>
      <p className="muted small">
        {list.setAt === null ? (
          'As they ship: nobody has changed them.'
        ) : (
          <>
            Version {list.version}, set by {list.setBy} on <Exact at={list.setAt} />: {list.reason}
          </>
        )}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th>Parameter</th>
            <th className="number">Value</th>
            <th>Source</th>
          </tr>
        </thead>
        <tbody>
          {numberWords.map(({ name, label, unit, source }) => (
            <tr key={name}>
              <td>{label}</td>
              <td className="number">
                {parameters[name]} {unit}
              </td>
              <td className="muted small">{source}</td>
            </tr>
          ))}
          <tr>
            <td>Clearance for what no line below names</td>
            <td className="number">{parameters.clearanceOtherwise}</td>
            <td />
          </tr>
          {parameters.clearances.map(({ environment, action, level }) => (
            <tr key={`${environment} ${action}`}>
              <td>
                Clearance for <span className="mono">{action}</span> in{' '}
                {environment === '*' ? 'every environment' : environment}
              </td>
              <td className="number">{level}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      {may && (
        <button type="button" className="btn section" onClick={() => setChanging(true)}>
          Change parameters
        </button>
      )}
      {changing && <ParametersForm list={list} close={() => setChanging(false)} />}
    </section>
  );
}
