import type { ContentList, PackDetail } from '#contract/platform/content';
import { Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { diffQuery, packQuery, removePack, rollBackPack, setPackActive } from '../../api/content.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Value } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';
import { bytes, count, plural } from '../../parts/words.ts';
import { SignatureMark } from './words.tsx';

type Props = {
  id: string;
  list: ContentList;
  compared: string | undefined;
  compare: (id: string | undefined) => void;
  close: () => void;
};

/** One version: who vouches for it, what is in it, what it changes, when it was active. */
export function PackPane({ id, list, compared, compare, close }: Props) {
  const query = useQuery(packQuery(useApi(), id));
  const pack = query.data;
  return (
    <aside className="pane" aria-label="Pack">
      {query.isError && (
        <Failure
          what="This pack could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the pack" />}
      {pack && (
        <>
          <div className="line apart">
            <HealthMark
              state={pack.active ? 'healthy' : 'unknown'}
              word={pack.active ? 'Active' : 'At rest'}
            />
            <button type="button" className="btn slim bare" onClick={close} aria-label="Close the pack">
              ×
            </button>
          </div>
          <h2 className="pane-title">
            {pack.name} {pack.version}
          </h2>
          <Actions pack={pack} list={list} close={close} />
          <Facts pack={pack} />
          <Compare pack={pack} list={list} compared={compared} compare={compare} />
          {pack.faults.length > 0 && <Faults pack={pack} />}
          <Activations pack={pack} />
          <Files pack={pack} />
        </>
      )}
    </aside>
  );
}

function Actions({ pack, list, close }: { pack: PackDetail; list: ContentList; close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('content.manage');
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['content'] });
      void queryClient.invalidateQueries({ queryKey: ['rules'] });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The pack was not changed.', detail: error.message }),
  });
  if (!may) return null;
  const say = (text: string) => ({ onSuccess: () => notices.show({ tone: 'done', text }) });
  const others = list.packs.filter(
    (one) => one.kind === pack.kind && one.name === pack.name && one.id !== pack.id,
  );
  return (
    <div className="line wrap section">
      {pack.active ? (
        <>
          {others.length > 0 && (
            <button
              type="button"
              className="btn"
              disabled={act.isPending}
              onClick={() =>
                act.mutate(
                  () => rollBackPack(api, pack.kind, pack.name),
                  say('The version before is active again.'),
                )
              }
            >
              Roll back
            </button>
          )}
          <button
            type="button"
            className="btn"
            disabled={act.isPending}
            onClick={() =>
              act.mutate(() => setPackActive(api, pack.id, false), say(`${pack.name} is at rest.`))
            }
          >
            Put at rest
          </button>
        </>
      ) : (
        <>
          <button
            type="button"
            className="btn main"
            disabled={act.isPending}
            onClick={() =>
              act.mutate(
                () => setPackActive(api, pack.id, true, pack.older),
                say(`${pack.name} ${pack.version} is active.`),
              )
            }
          >
            {pack.older ? 'Activate the older version' : 'Activate'}
          </button>
          <button
            type="button"
            className="btn"
            disabled={act.isPending}
            onClick={() =>
              act.mutate(() => removePack(api, pack.id), {
                onSuccess: () => {
                  notices.show({ tone: 'done', text: `${pack.name} ${pack.version} was forgotten.` });
                  close();
                },
              })
            }
          >
            Forget it
          </button>
        </>
      )}
    </div>
  );
}

function Facts({ pack }: { pack: PackDetail }) {
  return (
    <dl className="facts section">
      <dt>Signature</dt>
      <dd>
        <SignatureMark pack={pack} />
        {pack.signature.signedAt && (
          <div className="muted small">
            made <Exact at={pack.signature.signedAt} />
          </div>
        )}
      </dd>
      <dt>Content</dt>
      <dd>
        {Object.entries(pack.facts).map(([what, value]) => (
          <div key={what}>
            {String(value)} {what}
          </div>
        ))}
        {plural(pack.files, 'file')}, {bytes(pack.bytes)}
      </dd>
      <dt>From</dt>
      <dd>{pack.origin}</dd>
      <dt>Imported</dt>
      <dd>
        <Exact at={pack.importedAt} /> by {pack.importedBy}
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <Value text={pack.sha256} most={25} />
      </dd>
    </dl>
  );
}

function Compare({ pack, list, compared, compare }: { pack: PackDetail } & Omit<Props, 'id' | 'close'>) {
  const others = list.packs.filter((one) => one.kind === pack.kind && one.id !== pack.id);
  if (others.length === 0) return null;
  return (
    <section className="section">
      <Select
        label="Compare with"
        placeholder="Another version"
        clearable
        data={others.map(({ id, name, version }) => ({ value: id, label: `${name} ${version}` }))}
        value={compared ?? null}
        onChange={(value) => compare(value ?? undefined)}
      />
      {compared && <Changes id={pack.id} from={compared} />}
    </section>
  );
}

const word = { added: 'Added', removed: 'Removed', changed: 'Changed' } as const;
const tone = { added: 'ok', removed: 'critical', changed: 'medium' } as const;

function Changes({ id, from }: { id: string; from: string }) {
  const query = useQuery(diffQuery(useApi(), id, from));
  if (query.isError)
    return (
      <Failure what="They could not be compared" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Comparing" />;
  const { files, changes, more } = query.data;
  const items = changes ?? files.map(({ change, path }) => ({ change, id: path, title: '', why: undefined }));
  return (
    <>
      <p className="small muted section">
        {plural(files.length, 'file')} and {plural(items.length + more, 'entry', 'entries')} differ
      </p>
      <ul className="changes small" aria-label="What changed">
        {items.slice(0, 300).map((one) => (
          <li key={`${one.change} ${one.id}`}>
            <b className={tone[one.change]}>{word[one.change]}</b>
            <span>
              {one.title} <span className="mono muted">{one.id}</span>
              {one.why && <div className="muted">{one.why}</div>}
            </span>
          </li>
        ))}
      </ul>
      {items.length > 300 && <p className="small muted">and {count(items.length + more - 300)} more</p>}
    </>
  );
}

const Faults = ({ pack }: { pack: PackDetail }) => (
  <section className="section">
    <h3>{plural(pack.faults.length, 'part')} not used</h3>
    <ul className="changes small">
      {pack.faults.slice(0, 100).map((fault) => (
        <li key={`${fault.file}:${fault.line ?? ''} ${fault.what}`}>
          <b>{fault.what}</b>
          <span>
            <span className="mono">
              {fault.file}
              {fault.line === undefined ? '' : `:${fault.line}`}
            </span>
            <div className="muted">{fault.why}</div>
          </span>
        </li>
      ))}
    </ul>
  </section>
);

const Activations = ({ pack }: { pack: PackDetail }) =>
  pack.activations.length === 0 ? null : (
    <section className="section">
      <h3>When versions of {pack.name} were made active</h3>
      <ul className="changes small">
        {pack.activations.slice(0, 20).map((one) => (
          <li key={one.at + one.packId}>
            <b className="mono">{one.version}</b>
            <span>
              <Exact at={one.at} /> by {one.by}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );

const Files = ({ pack }: { pack: PackDetail }) => (
  <section className="section">
    <h3>Files</h3>
    <div className="scroll" tabIndex={0} role="region" aria-label="Files" style={{ maxHeight: 300 }}>
      <table className="table">
        <thead>
          <tr>
            <th>Path</th>
            <th className="number">Size</th>
          </tr>
        </thead>
        <tbody>
          {pack.content.slice(0, 500).map((file) => (
            <tr key={file.path}>
              <td className="mono" title={`sha256 ${file.sha256}`}>
                {file.path}
              </td>
              <td className="number">{bytes(file.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);
