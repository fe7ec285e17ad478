import './controls.css';
import type { MappingInput, MappingView } from '#contract/governance/frameworks';
import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { controlsKey } from '../../api/controls.ts';
import { addMapping, endMapping, mappingsQuery } from '../../api/tailoring.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { count } from '../../parts/words.ts';

const relations = {
  equal: 'asks the same as',
  superset: 'asks more than',
  subset: 'is a part of',
  intersects: 'overlaps',
} as const;

/** Which control answers which of another framework, by whose judgement and why. */
export function MappingsPage() {
  const { system = '', text = '' } = useSearch({ from: '/inside/controls/mappings' });
  const navigate = useNavigate({ from: '/controls/mappings' });
  const query = useQuery(mappingsQuery(useApi()));
  const may = useMay('governance.manage');
  const [adding, setAdding] = useState(false);
  const all = query.data?.mappings ?? [];
  const wanted = text.trim().toLowerCase();
  const rows = all.filter((one) =>
    `${one.source} ${one.target} ${one.rationale} ${one.author}`.toLowerCase().includes(wanted),
  );
  return (
    <div className="page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system }}>
          All controls
        </Link>
        <h1>Mappings between frameworks</h1>
        {may && (
          <button type="button" className="btn main" onClick={() => setAdding(true)}>
            Add a mapping
          </button>
        )}
      </div>
      <p className="muted">
        A control that nobody answered stands as those do that are mapped to it. A part shows that it is not
        met, never that it is; low confidence shows nothing.
      </p>
      {query.isError && (
        <Failure
          what="The mappings could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the mappings" />}
      {query.data && all.length === 0 && (
        <Empty title="Nothing is mapped">Map a control to one of another framework, with a reason.</Empty>
      )}
      {all.length > 0 && (
        <>
          <div className="line section">
            <TextInput
              aria-label="Find mappings"
              placeholder="Control, word or author"
              value={text}
              onChange={(event) => {
                const found = event.currentTarget.value;
                void navigate({
                  search: (before) => ({ ...before, text: found || undefined }),
                  replace: true,
                });
              }}
            />
            <span className="muted">
              {count(rows.length)} of {count(all.length)} shown
            </span>
          </div>
          <Rows rows={rows} system={system} may={may} />
        </>
      )}
      {adding && <AddMapping close={() => setAdding(false)} />}
    </div>
  );
}

function Rows({ rows, system, may }: { rows: readonly MappingView[]; system: string; may: boolean }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: (id: string) => endMapping(api, id),
    onSuccess: (one) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({ tone: 'done', text: `${one.source} no longer answers ${one.target}.` });
    },
  });
  const link = (control: string) =>
    system === '' ? (
      <span className="mono">{control}</span>
    ) : (
      <Link className="mono" to="/controls/$system/$control" params={{ system, control }}>
        {control}
      </Link>
    );
  return (
    <>
      <FormProblem error={end.error} />
      <table className="table">
        <thead>
          <tr>
            <th>Control</th>
            <th>How</th>
            <th>Of</th>
            <th>Confidence</th>
            <th>Why</th>
            <th>Author</th>
            <th>
              <span className="unseen">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <td>{link(one.source)}</td>
              <td>
                {relations[one.relation]}
                {one.together && <div className="muted small">together with others</div>}
              </td>
              <td>{link(one.target)}</td>
              <td>{one.confidence}</td>
              <td>{one.rationale}</td>
              <td>{one.author}</td>
              <td>
                {may && (
                  <button
                    type="button"
                    className="btn slim"
                    disabled={end.isPending}
                    onClick={() => end.mutate(one.id)}
                  >
                    End it
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const sure = ['high', 'medium', 'low'] as const;

function AddMapping({ close }: { close: () => void }) {
  const api = useApi();
  const [given, setGiven] = useState<MappingInput>({
    source: '',
    target: '',
    relation: 'subset',
    together: false,
    confidence: 'medium',
    rationale: '',
    author: '',
  });
  const set = (next: Partial<MappingInput>) => setGiven((before) => ({ ...before, ...next }));
  const part = given.relation === 'subset' || given.relation === 'intersects';
  return (
    <FormDialog
      title="Map a control to another"
      verb="Add it"
      ready={[given.source, given.target, given.rationale, given.author].every((one) => one.trim() !== '')}
      send={() =>
        addMapping(api, {
          ...given,
          source: given.source.trim().toLowerCase(),
          target: given.target.trim().toLowerCase(),
          together: part && given.together,
        })
      }
      said={(one) => `${one.source} answers ${one.target} now.`}
      asks={[controlsKey]}
      close={close}
    >
      <TextInput
        label="Control that is answered"
        placeholder="ism-1511"
        required
        value={given.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
      />
      <Select
        label="How"
        allowDeselect={false}
        data={Object.entries(relations).map(([value, label]) => ({ value, label }))}
        value={given.relation}
        onChange={(value) => {
          const relation = (['equal', 'superset', 'subset', 'intersects'] as const).find(
            (one) => one === value,
          );
          if (relation) set({ relation });
        }}
      />
      <TextInput
        label="Of this control"
        placeholder="iso27001-a.8.13"
        required
        value={given.target}
        onChange={(event) => set({ target: event.currentTarget.value })}
      />
      {part && (
        <Checkbox
          label="Together with the others that say so it covers the whole"
          checked={given.together}
          onChange={(event) => set({ together: event.currentTarget.checked })}
        />
      )}
      <Select
        label="Confidence"
        allowDeselect={false}
        data={[...sure]}
        value={given.confidence}
        onChange={(value) => set({ confidence: sure.find((one) => one === value) ?? 'medium' })}
      />
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={given.rationale}
        onChange={(event) => set({ rationale: event.currentTarget.value })}
      />
      <TextInput
        label="Whose judgement it is"
        required
        maxLength={120}
        value={given.author}
        onChange={(event) => set({ author: event.currentTarget.value })}
      />
    </FormDialog>
  );
}
