import './search.css';
import { Menu, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Problem } from '../../api/client.ts';
import { eventsQuery, facetsQuery, histogramQuery, type Question } from '../../api/search.ts';
import { useApi, useKeys, usePreferences } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { term } from '../../parts/fields-table.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { count, exact } from '../../parts/words.ts';
import { EventDetail } from './event-detail.tsx';
import { EventList } from './event-list.tsx';
import { FacetList, facetFields } from './facets.tsx';
import { EventHistogram } from './histogram.tsx';
import { useLiveTail } from './live-tail.ts';
import { QueryBar, type QueryFault } from './query-bar.tsx';
import { presets, resolve, usual } from './time-range.ts';

export function SearchRoom() {
  const search = useSearch({ from: '/inside/search' });
  const navigate = useNavigate({ from: '/search' });
  const { tenancies } = useScope();
  const api = useApi();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState(() => Date.now());
  const focusBar = useRef<() => void>(undefined);
  const [paused, setPaused] = useState(false);
  const live = search.live === '1';
  const query = search.q ?? '';

  const question: Question = useMemo(
    () => ({
      query,
      ...resolve(search.from, search.to, asked),
      ...(tenancies ? { tenancies: [...tenancies] } : {}),
      asked,
    }),
    [query, search.from, search.to, tenancies, asked],
  );
  const events = useInfiniteQuery({ ...eventsQuery(api, question), enabled: !live });
  const histogram = useQuery({ ...histogramQuery(api, question), enabled: !live });
  const facets = useQuery({
    ...facetsQuery(
      api,
      question,
      facetFields.map((one) => one.field),
    ),
    enabled: !live,
  });
  const tail = useLiveTail(live, query, tenancies, paused);

  const change = (next: Partial<typeof search>) => {
    setAsked(Date.now());
    void navigate({ search: (before) => ({ ...before, at: undefined, ...next }) });
  };
  const add = (field: string, value: string, not: boolean) => {
    const next = `${not ? 'NOT ' : ''}${term(field, value)}`;
    if (!query.includes(next))
      change({ q: query ? `${/\bOR\b/.test(query) ? `(${query})` : query} ${next}` : next });
  };
  const open = useCallback(
    (at: string | undefined) => void navigate({ search: (before) => ({ ...before, at }), replace: true }),
    [navigate],
  );
  const rows = useMemo(
    () => (live ? tail.rows : (events.data?.pages.flatMap((page) => page.events) ?? [])),
    [live, tail.rows, events.data],
  );
  const position = rows.findIndex((row) => row.uid === search.at);
  const step = (by: number) => {
    const next = rows[position < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, position + by))];
    if (next) open(next.uid);
  };
  const more = useCallback(() => {
    if (events.hasNextPage && !events.isFetchingNextPage) void events.fetchNextPage();
  }, [events.hasNextPage, events.isFetchingNextPage, events.fetchNextPage]);
  const cancel = () => void queryClient.cancelQueries({ queryKey: ['events'] });

  useKeys([
    {
      keys: '/',
      group: 'Search',
      says: 'Write the query',
      run: () => focusBar.current?.(),
    },
    { keys: 'j', group: 'Search', says: 'Next event', run: () => step(1) },
    { keys: 'k', group: 'Search', says: 'Event before', run: () => step(-1) },
    { keys: 'r', group: 'Search', says: 'Ask again', run: () => setAsked(Date.now()) },
    {
      keys: 'l',
      group: 'Search',
      says: 'Live tail on or off',
      run: () => change({ live: live ? undefined : '1' }),
    },
    {
      keys: 'p',
      group: 'Search',
      says: 'Pause the live tail, or go on',
      run: () => live && setPaused(!paused),
    },
    { keys: 'Escape', group: 'Search', says: 'Close the event', run: () => open(undefined) },
  ]);

  const fault = faultOf(events.error);
  const shown = rows[position];
  const took = events.data?.pages[0]?.tookMilliseconds;
  return (
    <div className={shown ? 'split' : 'split single'}>
      <section className="list" aria-label="Event search">
        <h1 className="unseen">Search</h1>
        <div className="search-bar">
          <QueryBar
            value={query}
            run={(q) => (q === query ? setAsked(Date.now()) : change({ q: q || undefined }))}
            fault={fault}
            focus={focusBar}
          />
          <RangePicker
            from={search.from}
            to={search.to}
            change={(from, to) => change({ from, to, live: undefined })}
            disabled={live}
          />
          <button
            type="button"
            className="btn"
            aria-pressed={live}
            onClick={() => change({ live: live ? undefined : '1' })}
          >
            Live
          </button>
        </div>
        {fault && (
          <p className="critical small" role="alert" style={{ margin: '6px 0 0' }}>
            {events.error?.message}
          </p>
        )}
        {live ? (
          <div className="line small live-line" role="status">
            <span className={tail.state === 'live' ? 'ok' : 'unknown'}>
              {tail.state === 'live' ? (paused ? 'Paused' : 'Live') : 'Connecting'}
            </span>
            <span className="muted">
              {tail.perSecond.toFixed(tail.perSecond < 10 ? 1 : 0)} events/s, the newest {count(rows.length)}{' '}
              shown
              {tail.skipped > 0 && `, ${count(tail.skipped)} more matched and were not sent`}
            </span>
            <button type="button" className="btn slim" onClick={() => setPaused(!paused)}>
              {paused ? `Go on${tail.behind ? ` (${count(tail.behind)} wait)` : ''}` : 'Pause'}
            </button>
          </div>
        ) : (
          <>
            {histogram.data && (
              <EventHistogram
                data={histogram.data}
                narrow={(from, to) => change({ from: from.toISOString(), to: to.toISOString() })}
              />
            )}
            {histogram.isPending && !histogram.isError && <div style={{ height: 134 }} />}
          </>
        )}
        <div className="search-body">
          {!live && <FacetList facets={facets.data} add={add} />}
          <div className="search-rows">
            <p className="small muted search-sum">
              {!live && histogram.data && `${count(histogram.data.total)} events`}
              {!live && took !== undefined && `, answered in ${count(took)} ms`}
            </p>
            {!live && events.isError && !fault && (
              <Failure
                what="The search could not be answered"
                error={events.error}
                retry={() => setAsked(Date.now())}
              />
            )}
            {!live && events.isFetching && !events.isFetchingNextPage && (
              <Progress what="Searching" cancel={cancel} />
            )}
            {!live && events.isPending && !events.isFetching && !events.isError && (
              <Empty
                title="The search was cancelled"
                action={
                  <button type="button" className="btn" onClick={() => setAsked(Date.now())}>
                    Ask again
                  </button>
                }
              >
                A shorter range or a field with its value is answered faster than a word anywhere.
              </Empty>
            )}
            {!live && events.isSuccess && rows.length === 0 && (
              <Empty
                title="No event matches"
                action={
                  <button
                    type="button"
                    className="btn"
                    onClick={() => change({ from: '-30d', to: undefined })}
                  >
                    Look back 30 days
                  </button>
                }
              >
                From {question.from.slice(0, 16).replace('T', ' ')} to{' '}
                {question.to.slice(0, 16).replace('T', ' ')} UTC. A wider range or fewer words may find it.
              </Empty>
            )}
            {live && rows.length === 0 && (
              <Empty title="Waiting for events">
                What is stored from now on and matches the query appears here.
              </Empty>
            )}
            {rows.length > 0 && (
              <EventList rows={rows} at={search.at} open={open} more={more} follow={live} />
            )}
          </div>
        </div>
      </section>
      {shown && <EventDetail event={shown} add={add} close={() => open(undefined)} />}
    </div>
  );
}

/** Where the server says the query goes wrong. */
function faultOf(error: unknown): QueryFault | undefined {
  if (!(error instanceof Problem)) return undefined;
  const { position, length } = error.facts;
  return typeof position === 'number'
    ? { at: position, length: typeof length === 'number' ? length : 1 }
    : undefined;
}

function RangePicker({
  from,
  to,
  change,
  disabled,
}: {
  from: string | undefined;
  to: string | undefined;
  change: (from: string | undefined, to: string | undefined) => void;
  disabled: boolean;
}) {
  const { clock } = usePreferences();
  const preset = to === undefined ? presets.find((one) => one.from === (from ?? usual)) : undefined;
  const range = resolve(from, to, Date.now());
  const words = (iso: string) => exact(new Date(iso), clock).slice(5, 16);
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const parsed = (text: string) => {
    const at = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.trim().replace(' ', 'T')}Z`);
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const fits = parsed(start) !== undefined && (end === '' || parsed(end) !== undefined);
  return (
    <Menu disabled={disabled} closeOnItemClick>
      <Menu.Target>
        <button type="button" className="btn" disabled={disabled}>
          {preset ? preset.name : `${words(range.from)} to ${to ? words(range.to) : 'now'}`}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {presets.map((one) => (
          <Menu.Item
            key={one.from}
            onClick={() => change(one.from === usual ? undefined : one.from, undefined)}
            rightSection={preset?.from === one.from ? '✓' : null}
          >
            {one.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <form
          className="range-form"
          onKeyDown={(event) => event.stopPropagation()}
          onSubmit={(event) => {
            event.preventDefault();
            if (fits) change(parsed(start), end ? parsed(end) : undefined);
          }}
        >
          <TextInput
            label="From (UTC)"
            placeholder="2026-03-12 14:00"
            value={start}
            onChange={(event) => setStart(event.currentTarget.value)}
          />
          <TextInput
            label="To (UTC)"
            placeholder="now"
            value={end}
            onChange={(event) => setEnd(event.currentTarget.value)}
          />
          <button type="submit" className="btn" disabled={!fits}>
            Use this range
          </button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
