import type { RuleException, RuleSummary } from '#contract/soc/detect';
import { Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addException, endException, exceptionsQuery } from '../../api/rules.ts';
import { useApi, useMay, useNotices, useNow, useSession, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { duration } from '../../parts/words.ts';

export function Exceptions({ rules }: { rules: readonly RuleSummary[] }) {
  const query = useQuery(exceptionsQuery(useApi()));
  if (query.isError)
    return (
      <Failure
        what="The exceptions could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading exceptions" />;
  if (query.data.exceptions.length === 0)
    return (
      <Empty title="No exceptions">
        An exception keeps one rule quiet for one tenancy and one value, with an owner, and ends by itself.
        Add one from a rule.
      </Empty>
    );
  return (
    <div className="scroll bleed-rules" tabIndex={0} role="region" aria-label="Exceptions">
      <ExceptionTable
        exceptions={query.data.exceptions}
        titles={new Map(rules.map((rule) => [rule.id, rule.title]))}
      />
    </div>
  );
}

export function ExceptionTable({
  exceptions,
  titles,
}: {
  exceptions: readonly RuleException[];
  titles?: ReadonlyMap<string, string>;
}) {
  const api = useApi();
  const tenancies = useTenancies();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const may = useMay('rule.manage');
  const now = useNow(60);
  const changed = () => queryClient.invalidateQueries({ queryKey: ['rules', 'exceptions'] });
  const end = useMutation({
    mutationFn: (exception: RuleException) => endException(api, exception.id),
    onSuccess: (_, { id: _id, owner: _owner, ...again }) => {
      void changed();
      notices.show({
        tone: 'done',
        text: 'The exception has ended: the rule alerts on that value again.',
        undo: () => void addException(api, again).then(changed),
      });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'The exception stands.', detail: error.message }),
  });
  return (
    <table className="table">
      <thead>
        <tr>
          {titles && <th>Rule</th>}
          <th>Tenancy</th>
          <th>Where</th>
          <th>Owner and reason</th>
          <th>Ends</th>
          {may && (
            <th>
              <span className="unseen">Action</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {exceptions.map((exception) => {
          const left = (Date.parse(exception.expiresAt) - now) / 1000;
          return (
            <tr key={exception.id}>
              {titles && <td>{titles.get(exception.ruleId) ?? exception.ruleId}</td>}
              <td>
                <TenancyBadge tenancy={tenancies.get(exception.tenancy)} id={exception.tenancy} />
              </td>
              <td className="mono">
                {exception.field} = {exception.value}
              </td>
              <td>
                {exception.owner}
                <div className="muted">{exception.reason}</div>
              </td>
              <td>
                {left > 0 ? `in ${duration(left)}` : <span className="muted">ended</span>}
                <div className="muted">
                  <Exact at={exception.expiresAt} />
                </div>
              </td>
              {may && (
                <td>
                  <button
                    type="button"
                    className="btn slim"
                    disabled={end.isPending}
                    onClick={() => end.mutate(exception)}
                  >
                    End it
                  </button>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const spans: readonly { value: string; label: string }[] = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
];

export function AddException({
  rule,
  close,
}: {
  rule: Pick<RuleSummary, 'id' | 'title'>;
  close: () => void;
}) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { tenancies } = useSession();
  const [tenancy, setTenancy] = useState<string | null>(
    tenancies.length === 1 ? (tenancies[0]?.id ?? null) : null,
  );
  const [field, setField] = useState('');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<string | null>('30');
  const add = useMutation({
    mutationFn: () =>
      addException(api, {
        ruleId: rule.id,
        tenancy: tenancy ?? '',
        field: field.trim(),
        value,
        reason: reason.trim(),
        expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['rules', 'exceptions'] });
      close();
    },
  });
  const ready = tenancy && field.trim() && value && reason.trim().length >= 3;
  return (
    <Modal opened onClose={close} title="Add an exception" size={480}>
      <form
        className="entry-like"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) add.mutate();
        }}
      >
        <p className="muted small">
          “{rule.title}” will not alert for this tenancy where the field has this value. You are its owner.
        </p>
        <div className="stack section">
          <Select
            label="Tenancy"
            required
            searchable
            data={tenancies.map((one) => ({
              value: one.id,
              label: `${one.organisationName}, ${one.marking}`,
            }))}
            value={tenancy}
            onChange={setTenancy}
          />
          <TextInput
            label="Field"
            placeholder="Image"
            required
            value={field}
            onChange={(event) => setField(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
          />
          <TextInput
            label="Value"
            description="The whole value; letters of either case."
            required
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            maxLength={2000}
          />
          <TextInput
            label="Reason"
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={2000}
          />
          <Select
            label="Ends after"
            allowDeselect={false}
            data={[...spans]}
            value={days}
            onChange={setDays}
          />
          <FormProblem error={add.error} />
        </div>
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!ready || add.isPending}>
            Add the exception
          </button>
        </div>
      </form>
    </Modal>
  );
}
