import './assets.css';
import type { AssetDetail } from '#contract/assets';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { assetQuery } from '../../api/assets.ts';
import { useApi, useMay, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Value } from '../../parts/value.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';
import { AssetDialogs, type Doing } from './asset-dialogs.tsx';
import { Edges } from './edges.tsx';
import { AssetStateMark } from './marks.tsx';
import { useUnmerge } from './merge-dialog.tsx';
import { Software } from './software.tsx';
import { fieldWord, keyWord, kindWord, valueWord } from './words.ts';

/** One asset: what is known of it, who says so and when, what it depends on and what depends on it. */
export function AssetPage() {
  const { id } = useParams({ from: '/inside/assets/$id' });
  const query = useQuery(assetQuery(useApi(), id));
  const asset = query.data;
  return (
    <div className="page">
      <div className="room-head">
        <h1>{asset?.name ?? 'Asset'}</h1>
        <Link to="/assets">Assets</Link>
        {asset && (
          <Link to="/assets" search={{ view: 'graph', at: asset.id }}>
            In the graph
          </Link>
        )}
        {asset && <Actions asset={asset} />}
      </div>
      {query.isError && (
        <Failure
          what="The asset could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the asset" />}
      {asset && (
        <>
          <About asset={asset} />
          <div className="asset-facts">
            <Fields asset={asset} />
            <div>
              <Keys asset={asset} />
              <Sources asset={asset} />
            </div>
          </div>
          <Edges asset={asset} />
          {asset.packages > 0 && <Software asset={asset} />}
        </>
      )}
    </div>
  );
}

function Actions({ asset }: { asset: AssetDetail }) {
  const [doing, setDoing] = useState<Doing>();
  if (!useMay('asset.manage')) return null;
  return (
    <>
      <button type="button" className="btn" onClick={() => setDoing('retire')}>
        {asset.state === 'retired' ? 'Take into use' : 'Retire'}
      </button>
      <button type="button" className="btn" onClick={() => setDoing('merge')}>
        Merge
      </button>
      <button type="button" className="btn" onClick={() => setDoing('depend')}>
        Add a dependency
      </button>
      <button type="button" className="btn" onClick={() => setDoing('reach')}>
        Add a step
      </button>
      <button type="button" className="btn main" onClick={() => setDoing('change')}>
        Change
      </button>
      <AssetDialogs asset={asset} doing={doing} close={() => setDoing(undefined)} />
    </>
  );
}

function About({ asset }: { asset: AssetDetail }) {
  const tenancy = useTenancies().get(asset.tenancy);
  return (
    <div className="stack tight">
      <p className="line wide wrap small">
        <span>{kindWord[asset.kind]}</span>
        <TenancyBadge tenancy={tenancy} id={asset.tenancy} name />
        <AssetStateMark state={asset.state} />
        <span className="muted">
          {asset.seenAt === null ? (
            'entered by hand'
          ) : (
            <>
              seen <Ago at={asset.seenAt} suffix />
            </>
          )}
        </span>
        {asset.retiredWhy !== null && <span className="muted">{asset.retiredWhy}</span>}
      </p>
      <p className="small">
        <span className="muted">Worth:</span> confidentiality {valueWord(asset.values.c)}, integrity{' '}
        {valueWord(asset.values.i)}, availability {valueWord(asset.values.a)}
      </p>
      {asset.alike.map((other) => (
        <p key={other.id} className="high small">
          <Link to="/assets/$id" params={{ id: other.id }}>
            {other.name}
          </Link>{' '}
          also has {other.by}. Merge the two if they are one.
        </p>
      ))}
      <Merged asset={asset} />
    </div>
  );
}

/** What a person made part of it, and the way back. */
function Merged({ asset }: { asset: AssetDetail }) {
  const may = useMay('asset.manage');
  const unmerge = useUnmerge(asset);
  return (
    <>
      <FormProblem error={unmerge.error} />
      {asset.merged.map((one) => (
        <p key={one.id} className="muted small">
          {one.name} was merged into it by {one.by}, <Ago at={one.at} suffix />: {one.why}{' '}
          {may && (
            <button
              type="button"
              className="textual"
              disabled={unmerge.isPending}
              onClick={() => unmerge.mutate(one.id)}
            >
              Make {one.name} an asset of its own again
            </button>
          )}
        </p>
      ))}
    </>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="section">
    <h2>{title}</h2>
    {children}
  </section>
);

function Fields({ asset }: { asset: AssetDetail }) {
  return (
    <Section title="What is known">
      <table className="table">
        <thead>
          <tr>
            <th>Field</th>
            <th>Value</th>
            <th>Says</th>
            <th className="number">Age</th>
          </tr>
        </thead>
        <tbody>
          {asset.fields.map((field) => (
            <tr key={field.name}>
              <td>{fieldWord(field.name)}</td>
              <td>
                {field.value}
                {field.others.map((other) => (
                  <div key={`${other.source} ${other.value}`} className="muted small">
                    {other.source} says {other.value}
                  </div>
                ))}
              </td>
              <td>{field.source}</td>
              <td className="number muted">
                <Ago at={field.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Keys({ asset }: { asset: AssetDetail }) {
  return (
    <Section title="Known by">
      <table className="table">
        <thead>
          <tr>
            <th>Key</th>
            <th>Value</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {asset.keys.map((key) => (
            <tr key={`${key.kind} ${key.value} ${key.source}`}>
              <td>{keyWord[key.kind] ?? key.kind}</td>
              <td>
                <Value text={key.value} />
              </td>
              <td>{key.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Sources({ asset }: { asset: AssetDetail }) {
  return (
    <Section title="Sources">
      <table className="table">
        <thead>
          <tr>
            <th>Source</th>
            <th>First</th>
            <th>Last</th>
            <th className="number">Tells</th>
          </tr>
        </thead>
        <tbody>
          {asset.seenBy.map((one) => (
            <tr key={`${one.source} ${one.firstSeenAt}`}>
              <td>{one.source}</td>
              <td>
                <Exact at={one.firstSeenAt} />
              </td>
              <td>
                <Ago at={one.seenAt} suffix />
              </td>
              <td className="number">{plural(one.fields, 'field')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
