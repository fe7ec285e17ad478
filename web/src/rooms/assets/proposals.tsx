import type { Proposal } from '#contract/assets';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { assetsKey } from '../../api/assets.ts';
import { useApi, useNotices, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, FormProblem } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, plural } from '../../parts/words.ts';

/** What one request decides; more go in several. */
const atOnce = 500;
const keyOf = ({ tenancy, hostname }: Proposal): string => `${tenancy} ${hostname}`;
type Decision = 'accept' | 'ignore';

/** Hosts that sent events and are in no inventory: taken in by a person, or put out of sight; one by one or many. */
export function Proposals({
  all,
  tenancies,
  may,
}: {
  all: readonly Proposal[];
  tenancies: readonly string[] | undefined;
  may: boolean;
}) {
  const known = useTenancies();
  const decide = useDecision();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [why, setWhy] = useState('');
  const shown = all.filter(
    ({ state, tenancy }) => state !== 'accepted' && (tenancies === undefined || tenancies.includes(tenancy)),
  );
  if (shown.length === 0)
    return (
      <Empty title="No host is proposed">
        Every host that sent events in the last day is in the inventory. This is looked at every five minutes.
      </Empty>
    );
  const chosen = shown.filter((one) => picked.has(keyOf(one)));
  const run = (hosts: readonly Proposal[], decision: Decision): void =>
    decide.mutate(
      { hosts, decision, why },
      {
        onSuccess: () => {
          setPicked(new Set());
          setWhy('');
        },
      },
    );
  const toggle = (key: string): void =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  return (
    <>
      {may && (
        <div className="graph-bar" role="group" aria-label="The chosen hosts">
          <span className="muted small">
            {chosen.length === 0
              ? 'Choose hosts to decide on many at once.'
              : `${plural(chosen.length, 'host')} chosen`}
          </span>
          <TextInput
            aria-label="Why"
            placeholder="Why, for the ledger"
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          <button
            type="button"
            className="btn main"
            disabled={chosen.length === 0 || decide.isPending}
            onClick={() => run(chosen, 'accept')}
          >
            Accept the chosen
          </button>
          <button
            type="button"
            className="btn"
            disabled={chosen.every(({ state }) => state === 'ignored') || decide.isPending}
            onClick={() =>
              run(
                chosen.filter(({ state }) => state === 'proposed'),
                'ignore',
              )
            }
          >
            Ignore the chosen
          </button>
        </div>
      )}
      <FormProblem error={decide.error} />
      <div className="scroll bleed" tabIndex={0} role="region" aria-label="Proposed hosts">
        <table className="table">
          <thead>
            <tr>
              {may && (
                <th>
                  <input
                    type="checkbox"
                    aria-label="Choose all"
                    checked={chosen.length === shown.length}
                    onChange={() =>
                      setPicked(new Set(chosen.length === shown.length ? [] : shown.map(keyOf)))
                    }
                  />
                </th>
              )}
              <th>Host</th>
              <th>Tenancy</th>
              <th>First seen</th>
              <th>Last seen</th>
              <th className="number">Events in a day</th>
              <th>State</th>
              {may && <th>Decide</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={keyOf(one)}>
                {may && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Choose ${one.hostname}`}
                      checked={picked.has(keyOf(one))}
                      onChange={() => toggle(keyOf(one))}
                    />
                  </td>
                )}
                <td className="mono">{one.hostname}</td>
                <td>
                  <TenancyBadge tenancy={known.get(one.tenancy)} id={one.tenancy} name />
                </td>
                <td>
                  <Ago at={one.firstSeenAt} suffix />
                </td>
                <td>
                  <Ago at={one.lastSeenAt} suffix />
                </td>
                <td className="number">{count(one.events)}</td>
                <td className={one.state === 'ignored' ? 'muted' : ''}>
                  {one.state === 'ignored'
                    ? `Ignored by ${one.decidedBy ?? 'somebody'}${one.why ? `: ${one.why}` : ''}`
                    : 'Proposed'}
                </td>
                {may && (
                  <td>
                    <span className="line">
                      <button
                        type="button"
                        className="btn slim"
                        disabled={decide.isPending}
                        onClick={() => run([one], 'accept')}
                      >
                        Accept<span className="unseen"> {one.hostname}</span>
                      </button>
                      {one.state === 'proposed' && (
                        <button
                          type="button"
                          className="btn slim"
                          disabled={decide.isPending}
                          onClick={() => run([one], 'ignore')}
                        >
                          Ignore<span className="unseen"> {one.hostname}</span>
                        </button>
                      )}
                    </span>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Each tenancy's in requests of its own: all of a request, or none of it. */
function useDecision() {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({
      hosts,
      decision,
      why,
    }: {
      hosts: readonly Proposal[];
      decision: Decision;
      why: string;
    }) => {
      for (const [tenancy, own] of Map.groupBy(hosts, (one) => one.tenancy))
        for (let at = 0; at < own.length; at += atOnce)
          await api.send('POST', '/assets/proposals/decision', {
            tenancy,
            hostnames: own.slice(at, at + atOnce).map(({ hostname }) => hostname),
            decision,
            why: why.trim(),
          });
    },
    onSuccess: (_answer, { hosts, decision }) => {
      const [first] = hosts;
      const what = hosts.length === 1 && first ? first.hostname : plural(hosts.length, 'host');
      const are = hosts.length === 1 ? 'is' : 'are';
      notices.show({
        tone: 'done',
        text:
          decision === 'accept'
            ? `${what} ${are} in the inventory.`
            : `${what} ${are} ignored. Accept later what is needed after all.`,
      });
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: assetsKey }),
  });
}
