import type { AssetDetail } from '#contract/assets';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { assetsKey } from '../../api/assets.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { Depend, Reach } from './edge-dialogs.tsx';
import { gateText, kindWord, viaWord } from './words.ts';

type Edge = AssetDetail['dependencies'][number];
type Step = AssetDetail['reaches'][number];

/** What it depends on, what depends on it, and what is reached from it; its own edges can be changed and taken away. */
export function Edges({ asset }: { asset: AssetDetail }) {
  const may = useMay('asset.manage');
  const [edge, setEdge] = useState<Edge>();
  const [step, setStep] = useState<Step>();
  const end = useEnd(asset);
  return (
    <>
      <FormProblem error={end.error} />
      <div className="asset-facts">
        <Depends
          title="Depends on"
          none="Nobody said what it depends on."
          edges={asset.dependencies}
          {...(may && { change: setEdge, remove: (one: Edge) => end.mutate({ edge: one }) })}
        />
        <Depends title="Is needed by" none="Nothing is known to depend on it." edges={asset.dependants} />
      </div>
      {(asset.reaches.length > 0 || asset.reachedFrom.length > 0) && (
        <div className="asset-facts">
          <Steps
            title="One step from here"
            steps={asset.reaches}
            {...(may && { change: setStep, remove: (one: Step) => end.mutate({ step: one }) })}
          />
          <Steps title="One step to here" steps={asset.reachedFrom} />
        </div>
      )}
      {asset.elsewhere > 0 && (
        <p className="muted small section">
          {plural(asset.elsewhere, 'edge leads', 'edges lead')} to assets outside your scope.
        </p>
      )}
      {edge && <Depend key={edge.asset.id} asset={asset} edge={edge} close={() => setEdge(undefined)} />}
      {step && <Reach asset={asset} step={step} close={() => setStep(undefined)} />}
    </>
  );
}

type Ended = { readonly edge: Edge } | { readonly step: Step };

/** Takes an edge away; the notice offers to put it back as it was. */
function useEnd(asset: AssetDetail) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const asked = () => void queryClient.invalidateQueries({ queryKey: assetsKey });
  const back = useMutation({
    mutationFn: (one: Ended) =>
      'edge' in one
        ? api.send('PUT', `/assets/${asset.id}/dependencies`, {
            on: one.edge.asset.id,
            c: one.edge.c,
            i: one.edge.i,
            a: one.edge.a,
            note: one.edge.note,
            ...(one.edge.gate !== null && {
              gate: {
                name: one.edge.gate.name,
                kind: one.edge.gate.kind,
                ...(one.edge.gate.k !== null && { k: one.edge.gate.k }),
              },
            }),
          })
        : api.send('PUT', `/assets/${asset.id}/reach`, {
            to: one.step.asset.id,
            via: one.step.via,
            probability: one.step.probability,
            note: one.step.note,
          }),
    onSuccess: asked,
  });
  return useMutation({
    mutationFn: (one: Ended) =>
      'edge' in one
        ? api.send('DELETE', `/assets/${asset.id}/dependencies/${one.edge.asset.id}`)
        : api.send('DELETE', `/assets/${asset.id}/reach/${one.step.asset.id}?via=${one.step.via}`),
    onSuccess: (_answer, one) => {
      asked();
      notices.show({
        tone: 'done',
        text:
          'edge' in one
            ? `${asset.name} depends on ${one.edge.asset.name} no more.`
            : `${one.step.asset.name} is not reached from ${asset.name} any more.`,
        undo: () => back.mutate(one),
      });
    },
  });
}

const End = ({ asset }: { asset: Edge['asset'] }) => (
  <td>
    <Link to="/assets/$id" params={{ id: asset.id }}>
      {asset.name}
    </Link>{' '}
    <span className="muted">{kindWord[asset.kind].toLowerCase()}</span>
  </td>
);

type Acts<One> = { change?: (one: One) => void; remove?: (one: One) => void };

function ActsCell<One>({ one, name, change, remove }: Acts<One> & { one: One; name: string }) {
  if (change === undefined || remove === undefined) return null;
  return (
    <td>
      <span className="line">
        <button type="button" className="btn slim" onClick={() => change(one)}>
          Change<span className="unseen"> the edge to {name}</span>
        </button>
        <button type="button" className="btn slim" onClick={() => remove(one)}>
          Remove<span className="unseen"> the edge to {name}</span>
        </button>
      </span>
    </td>
  );
}

const actsHead = ({ change }: Acts<never>) =>
  change !== undefined && (
    <th>
      <span className="unseen">Do</span>
    </th>
  );

function Depends({
  title,
  none,
  edges,
  ...acts
}: { title: string; none: string; edges: readonly Edge[] } & Acts<Edge>) {
  return (
    <section className="section">
      <h2>{title}</h2>
      {edges.length === 0 && <p className="muted small">{none}</p>}
      {edges.length > 0 && (
        <table className="table" aria-label={title}>
          <thead>
            <tr>
              <th>Asset</th>
              <th className="number">C</th>
              <th className="number">I</th>
              <th className="number">A</th>
              <th>Gate</th>
              <th>From</th>
              {actsHead(acts)}
            </tr>
          </thead>
          <tbody>
            {edges.slice(0, 200).map((edge) => (
              <tr key={edge.asset.id}>
                <End asset={edge.asset} />
                <td className="number">{edge.c}</td>
                <td className="number">{edge.i}</td>
                <td className="number">{edge.a}</td>
                <td>{edge.gate === null ? <span className="muted">none</span> : gateText(edge.gate)}</td>
                <td>{edge.source}</td>
                <ActsCell one={edge} name={edge.asset.name} {...acts} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {edges.length > 200 && <p className="muted small">The first 200 of {edges.length}.</p>}
    </section>
  );
}

function Steps({ title, steps, ...acts }: { title: string; steps: readonly Step[] } & Acts<Step>) {
  return (
    <section className="section">
      <h2>{title}</h2>
      {steps.length === 0 && <p className="muted small">None is known.</p>}
      {steps.length > 0 && (
        <table className="table" aria-label={title}>
          <thead>
            <tr>
              <th>Asset</th>
              <th>By</th>
              <th className="number">Probability</th>
              {actsHead(acts)}
            </tr>
          </thead>
          <tbody>
            {steps.slice(0, 200).map((step) => (
              <tr key={`${step.asset.id} ${step.via}`}>
                <End asset={step.asset} />
                <td>{viaWord[step.via]}</td>
                <td className="number">{Math.round(step.probability * 1000) / 10} %</td>
                <ActsCell one={step} name={step.asset.name} {...acts} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
