import type { Sent } from '#contract/governance/evidence';
import { FileInput, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { evidenceKey, kindsQuery } from '../../api/evidence.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { FactTable } from './collection-detail.tsx';
import { ReportTable } from './report-table.tsx';

type Stated = { kind: string; own: string; source: string; collectedAt: string; population: string };

/** First what would happen, row by row; then all of a file, or nothing of it. One file after the other. */
export function SendFiles({
  environment,
  dropped,
  close,
}: {
  environment: string;
  dropped: readonly File[];
  close: () => void;
}) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [queue, setQueue] = useState<readonly File[]>(dropped);
  const [stated, setStated] = useState<Stated>({
    kind: 'auto',
    own: '',
    source: '',
    collectedAt: '',
    population: '',
  });
  const file = queue[0];
  const call = (dryRun: boolean) => (body: File) =>
    api.send<Sent>('POST', `/evidence?${parameters(environment, body, stated, dryRun)}`, body);
  const check = useMutation({ mutationFn: call(true) });
  const write = useMutation({
    mutationFn: call(false),
    onSuccess: ({ collection, known }) => {
      void queryClient.invalidateQueries({ queryKey: evidenceKey });
      notices.show({
        tone: 'done',
        text: known
          ? 'This file was recorded before; nothing was changed.'
          : `${collection?.title ?? 'The file'} is recorded: ${plural(collection?.facts ?? 0, 'fact')}.`,
      });
      check.reset();
      if (queue.length <= 1) close();
      else setQueue(queue.slice(1));
    },
  });
  const change = (part: Partial<Stated>): void => {
    setStated({ ...stated, ...part });
    check.reset();
    write.reset();
  };
  const result = check.data;
  const good = result !== undefined && result.refused === null && !result.known;
  return (
    <Modal opened onClose={close} title="Send evidence" size={860}>
      <div className="stack">
        <FileInput
          // A new field after each check: a browser does not tell that a file was mended and chosen again.
          key={check.submittedAt}
          label={queue.length > 1 ? `File (1 of ${queue.length})` : 'File'}
          description="Exports as they are: JSON, NDJSON, CSV, XML, also packed with gzip. At most 512 MiB."
          placeholder="Choose a file"
          value={file ?? null}
          onChange={(chosen) => {
            setQueue(chosen ? [chosen] : []);
            check.reset();
            write.reset();
          }}
        />
        <Statement environment={environment} stated={stated} change={change} />
        {check.isPending && <Progress what="Reading every row" />}
        {write.isPending && <Progress what="Recording" />}
        <FormProblem error={check.error ?? write.error} />
        {result && <Result result={result} />}
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className={good ? 'btn' : 'btn main'}
            disabled={!file || check.isPending}
            onClick={() => file && check.mutate(file)}
          >
            Check
          </button>
          <button
            type="button"
            className={good ? 'btn main' : 'btn'}
            disabled={!file || !good || write.isPending}
            onClick={() => file && write.mutate(file)}
          >
            Record
          </button>
        </div>
      </div>
    </Modal>
  );
}

const ownKind = 'own';

function parameters(environment: string, file: File, stated: Stated, dryRun: boolean): string {
  const kind = stated.kind === ownKind ? stated.own.trim() : stated.kind;
  const search = new URLSearchParams({ environment, kind, name: file.name, dryRun: String(dryRun) });
  if (stated.source.trim()) search.set('source', stated.source.trim());
  if (stated.population.trim()) search.set('population', stated.population.trim());
  // The field gives local time without a zone.
  if (stated.collectedAt) search.set('collectedAt', new Date(stated.collectedAt).toISOString());
  return search.toString();
}

function Statement({
  environment,
  stated,
  change,
}: {
  environment: string;
  stated: Stated;
  change: (part: Partial<Stated>) => void;
}) {
  const asked = useQuery(kindsQuery(useApi(), environment));
  const kinds = asked.data?.kinds ?? [];
  const picked = kinds.find(({ kind }) => kind === stated.kind);
  return (
    <>
      <Select
        label="What it is"
        {...(picked && { description: picked.how })}
        data={[
          { value: 'auto', label: 'Find out from the file' },
          ...kinds
            .filter(({ importers }) => importers.length > 0)
            .map(({ kind, title }) => ({ value: kind, label: title })),
          { value: ownKind, label: 'A kind of our own' },
        ]}
        searchable
        allowDeselect={false}
        // The list must not change under somebody's hand.
        disabled={asked.isPending}
        value={stated.kind}
        onChange={(kind) => change({ kind: kind ?? 'auto' })}
      />
      {stated.kind === ownKind && (
        <TextInput
          label="Name of the kind"
          description="Lower-case letters, digits, dots and dashes: acme.hosts"
          value={stated.own}
          onChange={(event) => change({ own: event.currentTarget.value })}
        />
      )}
      <div className="evidence-stated">
        <TextInput
          label="From"
          placeholder="The file says, or the kind"
          value={stated.source}
          onChange={(event) => change({ source: event.currentTarget.value })}
        />
        <TextInput
          label="Collected"
          type="datetime-local"
          value={stated.collectedAt}
          onChange={(event) => change({ collectedAt: event.currentTarget.value })}
        />
        <TextInput
          label="Covers"
          placeholder="40/50"
          value={stated.population}
          onChange={(event) => change({ population: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

function Result({ result }: { result: Sent }) {
  const { collection, refused, known, report, sample } = result;
  return (
    <div className="stack evidence-result" role="status">
      {known ? (
        <HealthMark
          state="degraded"
          word="This very file was recorded before. If it was collected anew, say when."
        />
      ) : refused === null ? (
        <HealthMark
          state="healthy"
          word={`${collection?.title ?? ''}: ${plural(collection?.facts ?? 0, 'fact')} would be recorded.`}
        />
      ) : (
        <HealthMark state="failing" word={`${refused} Nothing would be recorded.`} />
      )}
      <ReportTable report={report} />
      {sample.length > 0 && <FactTable facts={sample} />}
    </div>
  );
}
