import type { PolicyVersion } from '#contract/community/agreements';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agreementsKey, versionQuery, versionsQuery } from '../../api/agreements.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { Comparison } from './comparison.tsx';
import { classWord } from './marks.tsx';
import { Blocks, SectionText } from './policy-text.tsx';
import { Publishing, WhatIf } from './publishing.tsx';

/** The text in its versions: to read and compare; for the provider, to draft, approve and publish. */
export function Versions() {
  const query = useQuery(versionsQuery(useApi()));
  const may = useMay('agreement.manage');
  const [drafting, setDrafting] = useState(false);
  const [shown, setShown] = useState<number>();
  if (query.isError)
    return (
      <Failure
        what="The versions could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading versions" />;
  const { versions } = query.data;
  const draft = may && (
    <button type="button" className="btn main" onClick={() => setDrafting(true)}>
      Draft the next version
    </button>
  );
  const current = versions.find(({ number }) => number === shown) ?? versions.at(-1);
  return (
    <>
      {versions.length === 0 ? (
        <Empty title="No version yet" action={draft}>
          Begin from the policy that ships with Ironbark, change what is not yours, and publish it.
        </Empty>
      ) : (
        <>
          <div className="line apart">
            <span className="line">
              {versions.map(({ number }) => (
                <button
                  type="button"
                  className="chip"
                  key={number}
                  aria-pressed={number === current?.number}
                  onClick={() => setShown(number)}
                >
                  Version {number}
                </button>
              ))}
            </span>
            {draft}
          </div>
          {current && <Version key={current.number} version={current} may={may} />}
        </>
      )}
      {drafting && (
        <Draft
          next={(versions.findLast(({ state }) => state === 'published')?.number ?? 0) + 1}
          close={() => setDrafting(false)}
        />
      )}
    </>
  );
}

function Version({ version, may }: { version: PolicyVersion; may: boolean }) {
  const api = useApi();
  const detail = useQuery(versionQuery(api, version.number, undefined));
  const [comparing, setComparing] = useState(false);
  return (
    <section className="section">
      <p>
        {classWord[version.changeClass]} change, {version.state}. {version.summary}
      </p>
      <p className="muted small">
        {version.effectiveAt && (
          <>
            Takes effect <Exact at={version.effectiveAt} />.{' '}
          </>
        )}
        {version.mandatoryAt && (
          <>
            To be agreed to before <Exact at={version.mandatoryAt} />.{' '}
          </>
        )}
        SHA-256 <span className="mono">{version.sha256.slice(0, 16)}…</span>
      </p>
      {may && version.state !== 'published' && <Publishing version={version} />}
      {may && <WhatIf version={version} />}
      {version.number > 1 && (
        <p className="section">
          <button
            type="button"
            className="chip"
            aria-pressed={comparing}
            onClick={() => setComparing(!comparing)}
          >
            What changed since version {version.number - 1}
          </button>
        </p>
      )}
      {comparing && <Comparison from={version.number - 1} to={version.number} />}
      {detail.data && (
        <>
          <Blocks blocks={detail.data.terms.preamble} />
          {detail.data.sections.map((section) => (
            <details key={section.id} className="policy-section">
              <summary>
                {section.number} {section.title}
              </summary>
              <SectionText section={section} />
            </details>
          ))}
        </>
      )}
    </section>
  );
}

function Draft({ next, close }: { next: number; close: () => void }) {
  const api = useApi();
  const [source, setSource] = useState('');
  const [changeClass, setChangeClass] = useState<string | null>('material');
  const [summary, setSummary] = useState('');
  const template = useMutation({
    mutationFn: () => api.get<{ sources: string[] }>('/agreements/template'),
    onSuccess: ({ sources }) => setSource(sources[Math.min(next, sources.length) - 1] ?? ''),
  });
  return (
    <FormDialog
      title={`Draft version ${next}`}
      verb="Keep the draft"
      ready={source.trim() !== '' && summary.trim() !== '' && changeClass !== null}
      send={() => api.send<PolicyVersion>('POST', '/agreements/versions', { source, changeClass, summary })}
      said={(made) => `Version ${made.number} is drafted.`}
      asks={[agreementsKey]}
      close={close}
    >
      <button type="button" className="btn" onClick={() => template.mutate()}>
        Begin from the policy that ships
      </button>
      <Textarea
        label="Markdown"
        required
        minRows={10}
        maxRows={16}
        autosize
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <Select
        label="Kind of change"
        allowDeselect={false}
        data={Object.entries(classWord).map(([value, label]) => ({ value, label }))}
        value={changeClass}
        onChange={setChangeClass}
      />
      <TextInput
        label="What changes, in a sentence"
        required
        maxLength={500}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
