import './rules.css';
import type { RuleList, RuleSummary } from '#contract/soc/detect';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { rulesQuery } from '../../api/rules.ts';
import { useApi, useKeys } from '../../app/context.tsx';
import { SeverityMark, SeverityShape } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, severities, severityWord } from '../../parts/words.ts';
import { Exceptions } from './exceptions.tsx';
import { Packs } from './packs.tsx';
import { RulePane } from './rule-pane.tsx';
import { undecidedWhy } from './undecided.ts';

type View = 'rules' | 'faults' | 'exceptions' | 'packs';

export function RulesRoom() {
  const search = useSearch({ from: '/inside/detections' });
  const navigate = useNavigate({ from: '/detections' });
  const query = useQuery(rulesQuery(useApi()));
  const list = query.data;
  const views: readonly { view: View; name: string; size: number | undefined }[] = [
    { view: 'rules', name: 'Rules', size: list?.rules.length },
    { view: 'faults', name: 'Faults', size: list?.faults.length },
    { view: 'exceptions', name: 'Exceptions', size: undefined },
    { view: 'packs', name: 'Packs', size: list?.packs.length },
  ];
  const view = views.find((one) => one.view === search.view)?.view ?? 'rules';
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const shown = view === 'rules' && search.at ? search.at : undefined;
  return (
    <div className={shown ? 'split' : 'split single'}>
      <section className="list" aria-label="Detections">
        <div className="room-head">
          <h1>Detections</h1>
          <div className="line" role="group" aria-label="What to show">
            {views.map((one) => (
              <button
                key={one.view}
                type="button"
                className="chip"
                aria-pressed={view === one.view}
                onClick={() => change({ view: one.view === 'rules' ? undefined : one.view, at: undefined })}
              >
                {one.name}
                {one.size !== undefined && <b>{count(one.size)}</b>}
              </button>
            ))}
          </div>
        </div>
        {query.isError && (
          <Failure
            what="The rules could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        )}
        {query.isPending && !query.isError && <Progress what="Loading rules" />}
        {list && view === 'rules' && <RuleTable list={list} search={search} change={change} />}
        {list && view === 'faults' && <Faults list={list} />}
        {list && view === 'exceptions' && <Exceptions rules={list.rules} />}
        {list && view === 'packs' && <Packs packs={list.packs} />}
      </section>
      {shown && <RulePane key={shown} id={shown} close={() => change({ at: undefined })} />}
    </div>
  );
}

type Search = { text?: string | undefined; level?: string | undefined; at?: string | undefined };

function RuleTable({
  list,
  search,
  change,
}: {
  list: RuleList;
  search: Search;
  change: (next: Search) => void;
}) {
  const rules = useMemo(() => pickRules(list.rules, search), [list.rules, search]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rules.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 12,
  });
  const position = rules.findIndex((rule) => rule.id === search.at);
  const step = (by: number) => {
    const to = position < 0 ? 0 : Math.min(rules.length - 1, Math.max(0, position + by));
    change({ at: rules[to]?.id });
    if (rules.length > 0) virtual.scrollToIndex(to, { align: 'auto' });
  };
  useKeys([
    { keys: 'j', group: 'Detections', says: 'Next rule', run: () => step(1) },
    { keys: 'k', group: 'Detections', says: 'Rule before', run: () => step(-1) },
    { keys: 'Escape', group: 'Detections', says: 'Close the pane', run: () => change({ at: undefined }) },
  ]);
  if (list.rules.length === 0)
    return (
      <Empty title="No rules are loaded">
        Import a pack of Sigma rules under Packs, or with{' '}
        <span className="mono">ironbark content add FOLDER --activate</span>.
      </Empty>
    );
  return (
    <>
      <div className="line wrap rule-filters">
        {severities.map((level) => (
          <button
            key={level}
            type="button"
            className="chip"
            aria-pressed={search.level === level}
            onClick={() => change({ level: search.level === level ? undefined : level, at: undefined })}
          >
            <span className={level}>
              <SeverityShape severity={level} />
            </span>
            {severityWord[level]}
          </button>
        ))}
        <div className="find rule-find">
          <input
            value={search.text ?? ''}
            onChange={(event) => change({ text: event.currentTarget.value || undefined, at: undefined })}
            placeholder="Title, id, author, technique, product"
            aria-label="Filter the rules"
          />
        </div>
        <span className="muted small">{count(rules.length)} shown</span>
      </div>
      <div className="rule-grid" role="grid" aria-label="Rules" aria-rowcount={rules.length + 1}>
        <div className="rule-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">Level</span>
          <span role="columnheader">Rule</span>
          <span role="columnheader">For</span>
          <span role="columnheader">Author</span>
          <span role="columnheader" className="number">
            Hits
          </span>
          <span role="columnheader" className="number">
            Last hit
          </span>
          <span role="columnheader" className="number">
            Mean
          </span>
        </div>
        <div ref={scroller} className="scroll" tabIndex={0} role="rowgroup" aria-label="Rows">
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const rule = rules[item.index];
              return rule ? (
                <RuleRow
                  key={rule.id}
                  rule={rule}
                  index={item.index}
                  top={item.start}
                  here={rule.id === search.at}
                  open={() => change({ at: rule.id })}
                />
              ) : null;
            })}
          </div>
        </div>
      </div>
    </>
  );
}

function RuleRow({
  rule,
  index,
  top,
  here,
  open,
}: {
  rule: RuleSummary;
  index: number;
  top: number;
  here: boolean;
  open: () => void;
}) {
  const { product, category, service } = rule.logsource;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={here}
      className={`rule-row ${here ? 'here' : ''} ${rule.enabled ? '' : 'off'}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={open}
    >
      <span role="gridcell">
        <SeverityMark severity={rule.level} />
      </span>
      <span role="gridcell" className="line">
        <span className="clip" title={rule.title}>
          {rule.title}
        </span>
        {!rule.enabled && <span className="chip-off">Disabled</span>}
        {rule.undecided > 0 && (
          <span className="chip-off" title={undecidedWhy(rule.undecided)}>
            {count(rule.undecided)} undecided
          </span>
        )}
      </span>
      <span role="gridcell" className="clip muted">
        {[product, category, service].filter(Boolean).join(' / ')}
      </span>
      <span role="gridcell" className="clip muted" title={rule.author}>
        {rule.author}
      </span>
      <span role="gridcell" className={rule.hits > 0 ? 'number' : 'number muted'}>
        {count(rule.hits)}
      </span>
      <span role="gridcell" className="number muted">
        {rule.lastHitAt ? <Ago at={rule.lastHitAt} /> : ''}
      </span>
      <span role="gridcell" className="number muted">
        {rule.meanMicroseconds === null ? '' : `${rule.meanMicroseconds.toFixed(1)} µs`}
      </span>
    </div>
  );
}

/** What fired most stands first; then the graver. */
function pickRules(rules: readonly RuleSummary[], { text, level }: Search): RuleSummary[] {
  const words = text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const hay = (rule: RuleSummary) =>
    `${rule.title} ${rule.id} ${rule.author} ${rule.attack.join(' ')} ${Object.values(rule.logsource).join(' ')} ${rule.status}`.toLowerCase();
  return rules
    .filter((rule) => (!level || rule.level === level) && words.every((word) => hay(rule).includes(word)))
    .sort(
      (a, b) =>
        b.hits - a.hits ||
        severities.indexOf(a.level) - severities.indexOf(b.level) ||
        a.title.localeCompare(b.title),
    );
}

function Faults({ list }: { list: RuleList }) {
  if (list.faults.length === 0)
    return (
      <Empty title="Every rule compiled">
        A rule that cannot be used would be listed here with the file, the line and the reason.
      </Empty>
    );
  return (
    <div className="scroll bleed-rules" tabIndex={0} role="region" aria-label="Rules that cannot be used">
      <table className="table">
        <thead>
          <tr>
            <th>File</th>
            <th className="number">Line</th>
            <th>What</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {list.faults.map((fault) => (
            <tr key={`${fault.file}:${fault.line} ${fault.what}`}>
              <td className="mono">{fault.file}</td>
              <td className="number">{fault.line}</td>
              <td>{fault.what}</td>
              <td className="muted">{fault.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
