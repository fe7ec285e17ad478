import type { AssetDetail } from '#contract/assets';
import { Link } from '@tanstack/react-router';
import { plural } from '../../parts/words.ts';
import { kindWord } from './words.ts';

type Edge = AssetDetail['dependencies'][number];
type Step = AssetDetail['reaches'][number];

/** What it depends on, what depends on it, and what is reached from it. */
export function Edges({ asset }: { asset: AssetDetail }) {
  return (
    <>
      <div className="asset-facts">
        <Depends title="Depends on" none="Nobody said what it depends on." edges={asset.dependencies} />
        <Depends title="Is needed by" none="Nothing is known to depend on it." edges={asset.dependants} />
      </div>
      {(asset.reaches.length > 0 || asset.reachedFrom.length > 0) && (
        <div className="asset-facts">
          <Reach title="One step from here" steps={asset.reaches} />
          <Reach title="One step to here" steps={asset.reachedFrom} />
        </div>
      )}
      {asset.elsewhere > 0 && (
        <p className="muted small section">
          {plural(asset.elsewhere, 'edge leads', 'edges lead')} to assets outside your scope.
        </p>
      )}
    </>
  );
}

const End = ({ asset }: { asset: Edge['asset'] }) => (
  <td>
    <Link to="/assets/$id" params={{ id: asset.id }}>
      {asset.name}
    </Link>{' '}
    <span className="muted">{kindWord[asset.kind].toLowerCase()}</span>
  </td>
);

function Depends({ title, none, edges }: { title: string; none: string; edges: readonly Edge[] }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      {edges.length === 0 && <p className="muted small">{none}</p>}
      {edges.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Asset</th>
              <th className="number">C</th>
              <th className="number">I</th>
              <th className="number">A</th>
              <th>Gate</th>
              <th>From</th>
            </tr>
          </thead>
          <tbody>
            {edges.slice(0, 200).map((edge) => (
              <tr key={edge.asset.id}>
                <End asset={edge.asset} />
                <td className="number">{edge.c}</td>
                <td className="number">{edge.i}</td>
                <td className="number">{edge.a}</td>
                <td>
                  {edge.gate === null ? (
                    <span className="muted">none</span>
                  ) : (
                    `${edge.gate.name}: ${edge.gate.kind === 'k-of-n' ? `${edge.gate.k} needed` : edge.gate.kind}`
                  )}
                </td>
                <td>{edge.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {edges.length > 200 && <p className="muted small">The first 200 of {edges.length}.</p>}
    </section>
  );
}

function Reach({ title, steps }: { title: string; steps: readonly Step[] }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Asset</th>
            <th>By</th>
            <th className="number">Probability</th>
          </tr>
        </thead>
        <tbody>
          {steps.slice(0, 200).map((step) => (
            <tr key={`${step.asset.id} ${step.via}`}>
              <End asset={step.asset} />
              <td>{step.via}</td>
              <td className="number">{step.probability}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
