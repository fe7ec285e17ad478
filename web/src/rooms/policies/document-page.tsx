import './policies.css';
import type { DocumentDetail } from '#contract/governance/policies';
import { Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import {
  acknowledgeDocument,
  approveVersion,
  documentDiffQuery,
  documentQuery,
  documentsKey,
  myDocumentQuery,
  myDocumentsQuery,
  reviewDocument,
} from '../../api/documents.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Value } from '../../parts/value.tsx';
import { AddVersion } from './add-document.tsx';
import { Distribute, Retire } from './keep-document.tsx';
import { Acknowledged } from './policies-room.tsx';
import { Day, Due, kindWord, OwedMark, ReviewMark } from './words.tsx';

/** One document: read it, acknowledge it; who may, approves and reviews it. */
export function DocumentPage() {
  const { id } = useParams({ from: '/inside/policies/$id' });
  const reads = useMay('governance.read');
  const mine = useQuery(myDocumentsQuery(useApi()));
  const owed = mine.data?.documents.some((one) => one.id === id) ?? false;
  if (mine.isPending) return <Progress what="Loading the document" />;
  return (
    <div className="page">
      <div className="room-head">
        <Link to="/policies" className="btn" activeOptions={{ exact: true }}>
          All documents
        </Link>
      </div>
      {owed && <Reading id={id} textToo={!reads} />}
      {reads && <Register id={id} />}
      {!owed && !reads && (
        <Failure
          what="This document is not for you"
          error={new Error('Ask its owner to put you on its list.')}
        />
      )}
    </div>
  );
}

/** What the one who reads it owes; with the text where they can't see the register. */
function Reading({ id, textToo }: { id: string; textToo: boolean }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const query = useQuery(myDocumentQuery(api, id));
  const acknowledge = useMutation({
    mutationFn: ({ version, sha256 }: { version: number; sha256: string }) =>
      acknowledgeDocument(api, id, version, sha256),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: documentsKey });
      notices.show({ tone: 'done', text: 'You have acknowledged it. The ledger says so.' });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'It was not acknowledged.', detail: error.message }),
  });
  if (query.isError)
    return (
      <Failure
        what="The document could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  const one = query.data;
  if (!one) return <Progress what="Loading the document" />;
  return (
    <>
      <div className="as-at section" role="region" aria-label="Your acknowledgement">
        <span className="line">
          <OwedMark state={one.state} />
          {one.at === null ? (
            <span>
              Read version {one.version}; due <Due at={one.dueAt} />
            </span>
          ) : (
            <span className="muted">
              on <Day at={one.at} />
            </span>
          )}
        </span>
        {one.state !== 'acknowledged' && (
          <button
            type="button"
            className="btn main"
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate(one)}
          >
            I have read version {one.version}
          </button>
        )}
      </div>
      {textToo && (
        <article>
          <h1>{one.title}</h1>
          <p className="muted">
            {kindWord[one.kind]}, current as at <Day at={one.currentAsAt} />, approved by {one.approvedBy}
          </p>
          <Markdown text={one.text} />
        </article>
      )}
    </>
  );
}

function Register({ id }: { id: string }) {
  const api = useApi();
  const search = useSearch({ from: '/inside/policies/$id' });
  const query = useQuery(documentQuery(api, id, search.version));
  if (query.isError)
    return (
      <Failure
        what="The document could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading the document" />;
  return (
    <div className="document section">
      <article>
        <h1>{query.data.title}</h1>
        <p className="muted">
          {kindWord[query.data.kind]}, version {query.data.shown.number}
          {query.data.review.currentAsAt && query.data.shown.number === query.data.version && (
            <>
              , current as at <Day at={query.data.review.currentAsAt} />
            </>
          )}
        </p>
        {search.from === undefined ? (
          <Markdown text={query.data.shown.text} />
        ) : (
          <Differences id={id} from={Number(search.from)} to={query.data.shown.number} />
        )}
      </article>
      <About document={query.data} />
    </div>
  );
}

function Differences({ id, from, to }: { id: string; from: number; to: number }) {
  const query = useQuery(documentDiffQuery(useApi(), id, from, to));
  if (query.isError)
    return (
      <Failure
        what="The versions could not be compared"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Comparing the versions" />;
  return (
    <section aria-label={`What changed since version ${from}`}>
      <h2>
        What changed from version {from} to version {to}
      </h2>
      <div className="differs">
        {query.data.blocks.map((block, at) => (
          <p key={at} className={block.kind}>
            {block.pieces.map((piece, number) => {
              if (piece.kind === 'added') return <ins key={number}>{piece.text}</ins>;
              return piece.kind === 'removed' ? <del key={number}>{piece.text}</del> : piece.text;
            })}
          </p>
        ))}
      </div>
    </section>
  );
}

function About({ document }: { document: DocumentDetail }) {
  const may = useMay('governance.manage');
  const navigate = useNavigate({ from: '/policies/$id' });
  const [doing, setDoing] = useState<'version' | 'review' | 'readers' | 'retire'>();
  const show = (version: number, from?: number) =>
    void navigate({ search: (before) => ({ ...before, version: String(version), from: from?.toString() }) });
  return (
    <aside aria-label="About the document" className="stack">
      <ReviewMark state={document.review.state} />
      <dl className="facts">
        <dt>Owner</dt>
        <dd>{document.owner.name}</dd>
        <dt>For</dt>
        <dd>{document.environments.length === 0 ? 'the organisation' : document.environments.join(', ')}</dd>
        <dt>Controls</dt>
        <dd className="mono">{document.controls.join(', ').toUpperCase() || 'none'}</dd>
        <dt>Approved by</dt>
        <dd>{document.approvedBy ?? 'nobody yet'}</dd>
        <dt>Next review</dt>
        <dd>{document.review.dueAt ? <Due at={document.review.dueAt} /> : 'none'}</dd>
        <dt>Acknowledged</dt>
        <dd>
          <Acknowledged of={document} />
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <Value text={document.shown.sha256} most={17} />
        </dd>
      </dl>
      <Approve document={document} show={show} />
      {may && document.retiredAt === null && (
        <div className="line wrap">
          <button type="button" className="btn" onClick={() => setDoing('version')}>
            New version
          </button>
          {document.version !== null && (
            <button type="button" className="btn" onClick={() => setDoing('review')}>
              Record a review
            </button>
          )}
          <button type="button" className="btn" onClick={() => setDoing('readers')}>
            Distribute
          </button>
          <button type="button" className="btn" onClick={() => setDoing('retire')}>
            Retire
          </button>
        </div>
      )}
      <Versions document={document} show={show} />
      <Readers document={document} />
      {document.reviews.length > 0 && (
        <section>
          <h3>Reviews</h3>
          <ul className="small">
            {document.reviews.map((one) => (
              <li key={one.at}>
                <Day at={one.at} /> {one.by}: {one.outcome === 'stands' ? 'it stands' : 'needs a change'}.{' '}
                {one.note}
              </li>
            ))}
          </ul>
        </section>
      )}
      {doing === 'version' && <AddVersion document={document} close={() => setDoing(undefined)} />}
      {doing === 'readers' && <Distribute document={document} close={() => setDoing(undefined)} />}
      {doing === 'retire' && <Retire document={document} close={() => setDoing(undefined)} />}
      {doing === 'review' && <Review document={document} close={() => setDoing(undefined)} />}
    </aside>
  );
}

function Approve({ document, show }: { document: DocumentDetail; show: (version: number) => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const draft = document.versions.find(({ state }) => state === 'draft');
  const approve = useMutation({
    mutationFn: ({ number, sha256 }: { number: number; sha256: string }) =>
      approveVersion(api, document.id, number, sha256),
    onSuccess: (_, { number }) => {
      void queryClient.invalidateQueries({ queryKey: documentsKey });
      notices.show({ tone: 'done', text: `Version ${number} is approved and holds.` });
    },
    onError: (error) =>
      notices.show({ tone: 'problem', text: 'It was not approved.', detail: error.message }),
  });
  if (draft === undefined) return null;
  return (
    <section className="box" style={{ padding: 12 }} aria-label="Approval">
      <p>
        <b>Version {draft.number} waits for approval.</b> <span className="muted">By {draft.author}.</span>
      </p>
      <p className="small muted">{document.approvable.why}</p>
      <div className="line wrap">
        {document.shown.number !== draft.number && (
          <button type="button" className="btn slim" onClick={() => show(draft.number)}>
            Read it
          </button>
        )}
        {document.approvable.may && document.shown.number === draft.number && (
          <button
            type="button"
            className="btn main"
            disabled={approve.isPending}
            onClick={() => approve.mutate(draft)}
          >
            Approve version {draft.number}
          </button>
        )}
      </div>
    </section>
  );
}

const versionWord = {
  draft: 'draft',
  approved: 'approved, not yet in force',
  'in-force': 'in force',
  superseded: 'superseded',
} as const;

function Versions({
  document,
  show,
}: {
  document: DocumentDetail;
  show: (version: number, from?: number) => void;
}) {
  return (
    <section>
      <h3>Versions</h3>
      <ul className="plain-list">
        {document.versions.map((one) => (
          <li key={one.number} className="small">
            <button
              type="button"
              className="textual"
              aria-current={one.number === document.shown.number}
              onClick={() => show(one.number)}
            >
              Version {one.number}
            </button>
            , {versionWord[one.state]}, by {one.author}
            {one.approvedBy && `, approved by ${one.approvedBy}`}
            <div className="muted">{one.summary}</div>
            {one.number > 1 && (
              <button type="button" className="textual" onClick={() => show(one.number, one.number - 1)}>
                Compare with version {one.number - 1}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Readers({ document }: { document: DocumentDetail }) {
  const open = document.readers.filter(({ state }) => state !== 'acknowledged');
  if (document.readers.length === 0) return null;
  return (
    <section>
      <h3>
        {open.length === 0 ? 'Everybody has acknowledged it' : `${open.length} have not acknowledged it yet`}
      </h3>
      <ul className="plain-list small">
        {open.slice(0, 100).map((one) => (
          <li key={one.person} className="line apart">
            {one.name} <Due at={one.dueAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Review({ document, close }: { document: DocumentDetail; close: () => void }) {
  const api = useApi();
  const [note, setNote] = useState('');
  const [outcome, setOutcome] = useState<'stands' | 'change-needed'>('stands');
  return (
    <FormDialog
      title={`Review of “${document.title}”`}
      verb={outcome === 'stands' ? 'It stands' : 'It needs a change'}
      ready={note.trim() !== ''}
      send={() => reviewDocument(api, document.id, outcome, note.trim())}
      said={() => (outcome === 'stands' ? 'It is current as at today.' : 'Recorded. Add a new version next.')}
      asks={[documentsKey]}
      close={close}
    >
      <div className="line" role="group" aria-label="Outcome">
        {(['stands', 'change-needed'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={outcome === one}
            onClick={() => setOutcome(one)}
          >
            {one === 'stands' ? 'It stands as it is' : 'It needs a change'}
          </button>
        ))}
      </div>
      <Textarea
        label="What you looked at"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
