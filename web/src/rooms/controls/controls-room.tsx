import './controls.css';
import type { ControlList, ControlRow } from '#contract/governance/controls';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { controlsQuery, exportPath, systemsQuery } from '../../api/controls.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { EnvironmentBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { BulkAnswer } from './bulk-answer.tsx';
import { ControlTable } from './control-table.tsx';
import { type ControlSearch, guidelineOf, pickControls } from './filter.ts';
import { ImportAnswers } from './import-answers.tsx';
import { statuses, StatusShape, toneOf } from './marks.tsx';

/** Every control of a system and how it stands. */
export function ControlsRoom() {
  const api = useApi();
  const search = useSearch({ from: '/inside/controls' });
  const navigate = useNavigate({ from: '/controls' });
  const systems = useQuery(systemsQuery(api));
  const system = search.system ?? systems.data?.systems[0]?.environment ?? '';
  const query = useQuery(controlsQuery(api, system));
  const may = useMay('governance.manage');
  const [doing, setDoing] = useState<'import'>();
  const change = (next: Partial<ControlSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const marking = systems.data?.systems.find(({ environment }) => environment === system)?.marking;
  return (
    <section className="list" aria-label="Controls">
      <div className="room-head">
        <h1>Controls</h1>
        <div className="line" role="group" aria-label="Which system">
          {systems.data?.systems.map((one) => (
            <button
              key={one.environment}
              type="button"
              className="chip"
              aria-pressed={one.environment === system}
              title={one.name}
              onClick={() => change({ system: one.environment, at: undefined })}
            >
              {one.environment}
            </button>
          ))}
        </div>
        {marking && <EnvironmentBadge marking={marking} />}
        <Link className="btn" to="/controls/editions" search={{ system }}>
          Editions
        </Link>
        <Link className="btn" to="/controls/exceptions" search={{ system }}>
          Exceptions
        </Link>
        <Link className="btn" to="/controls/tailoring" search={{ system }}>
          Tailoring
        </Link>
        <Link className="btn" to="/controls/mappings" search={{ system }}>
          Mappings
        </Link>
        <Link className="btn" to="/controls/customers" search={{ system }}>
          Customers
        </Link>
        <a className="btn" href={exportPath(system)} download>
          Export
        </a>
        {may && (
          <button type="button" className="btn" onClick={() => setDoing('import')}>
            Import
          </button>
        )}
      </div>
      {(systems.isError || query.isError) && (
        <Failure
          what="The controls could not be loaded"
          error={systems.error ?? query.error}
          retry={() => void (systems.isError ? systems.refetch() : query.refetch())}
        />
      )}
      {systems.data?.systems.length === 0 && (
        <Empty title="There is no system that you may see">
          A system is an environment as a whole, and its posture is the provider’s. What is left to you stands
          with your agreements.
        </Empty>
      )}
      {query.isPending && !query.isError && system !== '' && <Progress what="Loading the controls" />}
      {query.data && query.data.controls.length === 0 && (
        <Empty
          title="It is not assessed against anything yet"
          action={
            <Link className="btn main" to="/controls/editions" search={{ system }}>
              Choose an edition
            </Link>
          }
        >
          Import the ISM or another OSCAL catalogue, or begin with the baseline that ships, and activate it
          for this system.
        </Empty>
      )}
      {query.data && query.data.controls.length > 0 && (
        <Controls list={query.data} search={search} change={change} may={may} />
      )}
      {doing === 'import' && <ImportAnswers system={system} close={() => setDoing(undefined)} />}
    </section>
  );
}

function Controls({
  list,
  search,
  change,
  may,
}: {
  list: ControlList;
  search: ControlSearch;
  change: (next: Partial<ControlSearch>) => void;
  may: boolean;
}) {
  const navigate = useNavigate();
  const rows = useMemo(
    () => pickControls(list.controls, list.groups, search),
    [list, search.text, search.status, search.section, search.level, search.owner, search.only],
  );
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [setting, setSetting] = useState(false);
  const position = rows.findIndex(({ id }) => id === search.at);
  const step = (by: number) => {
    const to = position < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, position + by));
    change({ at: rows[to]?.id });
  };
  const open = (control: string | undefined) => {
    if (control !== undefined)
      void navigate({ to: '/controls/$system/$control', params: { system: list.environment, control } });
  };
  const pick = (id: string) =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  useKeys([
    { keys: 'j', group: 'Controls', says: 'Next control', run: () => step(1) },
    { keys: 'k', group: 'Controls', says: 'Control before', run: () => step(-1) },
    { keys: 'Enter', group: 'Controls', says: 'Open the control', run: () => open(search.at) },
    { keys: 'x', group: 'Controls', says: 'Select it', run: () => search.at && pick(search.at) },
  ]);
  const all = picked.size > 0 ? rows.filter(({ id }) => picked.has(id)) : [];
  return (
    <>
      <p className="muted small">
        {list.editions
          .map(({ framework, version, profile }) => `${framework} ${version}, profile ${profile}`)
          .join('; ')}
        , as of <Ago at={list.at} suffix />
        {list.kept.length > 0 && (
          <>
            {' '}
            · {count(list.kept.length)} answers to controls that are gone are kept (
            {list.kept
              .slice(0, 6)
              .map(({ control }) => control)
              .join(', ')}
            {list.kept.length > 6 && ', …'})
          </>
        )}
      </p>
      <Filters list={list} search={search} change={change} />
      <div className="line wrap control-said">
        <span className="muted small" role="status">
          {count(rows.length)} of {count(list.controls.length)} shown
        </span>
        {may && (
          <>
            <button
              type="button"
              className="btn slim"
              onClick={() =>
                setPicked(all.length === rows.length ? new Set() : new Set(rows.map(({ id }) => id)))
              }
            >
              {all.length === rows.length && rows.length > 0 ? 'Select none' : 'Select what is shown'}
            </button>
            {all.length > 0 && (
              <button type="button" className="btn slim main" onClick={() => setSetting(true)}>
                Set on {count(all.length)}
              </button>
            )}
          </>
        )}
      </div>
      <ControlTable
        rows={rows}
        groups={list.groups}
        at={search.at}
        picked={picked}
        pick={may ? pick : undefined}
        open={open}
      />
      {setting && (
        <BulkAnswer
          system={list.environment}
          controls={all.map(({ id }) => id)}
          close={(done) => {
            setSetting(false);
            if (done) setPicked(new Set());
          }}
        />
      )}
    </>
  );
}

function Filters({
  list,
  search,
  change,
}: {
  list: ControlList;
  search: ControlSearch;
  change: (next: Partial<ControlSearch>) => void;
}) {
  const byStatus = useMemo(() => Map.groupBy(list.controls, ({ status }) => status), [list]);
  const sections = useMemo(
    () => [...new Set(list.controls.map((row) => guidelineOf(list.groups, row)))].filter(Boolean),
    [list],
  );
  const owners = useMemo(
    () => [...new Set(list.controls.map(({ owner }) => owner ?? 'nobody'))].sort(),
    [list],
  );
  const only = (name: string, says: string, wanted: (row: ControlRow) => boolean) => {
    const size = list.controls.filter(wanted).length;
    return size === 0 && search.only !== name ? null : (
      <button
        key={name}
        type="button"
        className="chip"
        aria-pressed={search.only === name}
        onClick={() => change({ only: search.only === name ? undefined : name })}
      >
        {says} <b>{count(size)}</b>
      </button>
    );
  };
  const toggle = (name: 'status' | 'level', value: string) =>
    change({ [name]: search[name] === value ? undefined : value });
  return (
    <div className="control-filters">
      <div className="line wrap" role="group" aria-label="Status">
        {statuses.map((status) => (
          <button
            key={status}
            type="button"
            className="chip"
            aria-pressed={search.status === status}
            onClick={() => toggle('status', status)}
          >
            <span className={toneOf(status)}>
              <StatusShape status={status} />
            </span>
            {status} <b>{count(byStatus.get(status)?.length ?? 0)}</b>
          </button>
        ))}
      </div>
      <div className="line wrap">
        <div className="find control-find">
          <input
            value={search.text ?? ''}
            onChange={(event) => change({ text: event.currentTarget.value || undefined })}
            placeholder="Id, words, owner"
            aria-label="Find controls"
          />
        </div>
        <span className="line" role="group" aria-label="Essential Eight level">
          {['ML1', 'ML2', 'ML3'].map((level) => (
            <button
              key={level}
              type="button"
              className="chip"
              aria-pressed={search.level === level}
              onClick={() => toggle('level', level)}
            >
              {level}
            </button>
          ))}
        </span>
        <span className="line" role="group" aria-label="Only">
          {only('reaffirm', 'To re-affirm', (row) => row.reaffirm)}
          {only('unknown', 'Unknown', (row) => row.unknown)}
          {only('failing', 'Failing evidence', (row) => row.failing > 0)}
          {only('exception', 'Excepted', (row) => row.exception !== null)}
        </span>
        <Select
          aria-label="Section"
          placeholder="Every section"
          size="xs"
          w={260}
          clearable
          searchable
          data={sections}
          value={search.section ?? null}
          onChange={(section) => change({ section: section ?? undefined })}
        />
        <Select
          aria-label="Owner"
          placeholder="Every owner"
          size="xs"
          w={170}
          clearable
          data={owners}
          value={search.owner ?? null}
          onChange={(owner) => change({ owner: owner ?? undefined })}
        />
      </div>
    </div>
  );
}
