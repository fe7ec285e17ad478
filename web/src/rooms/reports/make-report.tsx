import type { Preview, ReportKind } from '#contract/governance/reports';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { askForReport, kindsQuery, previewQuery, reportsKey } from '../../api/reports.ts';
import { useApi } from '../../app/context.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';

/** The kinds, and of the chosen one what it will contain and what was not seen, before it is made. */
export function MakeReport({
  environment,
  kind,
  choose,
  asked,
}: {
  environment: string;
  kind: ReportKind;
  choose: (kind: ReportKind) => void;
  asked: (id: string) => void;
}) {
  const api = useApi();
  const queryClient = useQueryClient();
  const kinds = useQuery(kindsQuery(api));
  const preview = useQuery(previewQuery(api, environment, kind));
  const make = useMutation({
    mutationFn: () => askForReport(api, { environment, kind, tenancy: null }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: [...reportsKey, 'list'] });
      asked(id);
    },
  });
  return (
    <div className="report-make">
      <fieldset className="report-kinds">
        <legend className="muted">What to make</legend>
        {kinds.data?.kinds.map((one) => (
          <label key={one.kind} className={one.kind === kind ? 'report-kind picked' : 'report-kind'}>
            <input
              type="radio"
              name="kind"
              checked={one.kind === kind}
              onChange={() => {
                make.reset();
                choose(one.kind);
              }}
            />
            <span>
              <b>{one.title}</b> <span className="muted small mono">.{one.format}</span>
              <span className="muted small report-about">{one.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <section className="report-preview" aria-label="What it will say">
        {preview.isError && <Failure what="There is nothing to report on yet" error={preview.error} />}
        {preview.isPending && !preview.isError && <Progress what="Looking at what it will contain" />}
        {preview.data && (
          <>
            <Contents of={preview.data} />
            <FormProblem error={make.error} />
            <button
              type="button"
              className="btn main"
              disabled={make.isPending}
              onClick={() => make.mutate()}
            >
              Make the{' '}
              {preview.data.title
                .toLowerCase()
                .replace(/^oscal/, 'OSCAL')
                .replace(/^ssp/, 'SSP')}
            </button>
          </>
        )}
      </section>
    </div>
  );
}

function Contents({ of }: { of: Preview }) {
  const parts = [
    { word: 'on evidence', count: of.byEvidence, tone: 'ok' },
    { word: 'on somebody’s word', count: of.byAnswer, tone: 'word' },
    { word: 'not seen', count: of.unknown, tone: 'unknown' },
    { word: 'do not apply', count: of.notApplicable, tone: 'none' },
  ].filter(({ count }) => count > 0);
  return (
    <>
      <h2 className="report-title">{of.title}</h2>
      <p className="muted">
        {plural(of.controls, 'control')} of {of.edition}, as they stand now (<Exact at={of.asAt} />
        ). {plural(of.collections, 'piece')} of evidence, {of.recorded} recorded in the ledger.
      </p>
      <div className="report-bar" aria-hidden="true">
        {parts.map(({ word, count, tone }) => (
          <i key={word} className={tone} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="report-parts" aria-label="What the controls rest on">
        {parts.map(({ word, count, tone }) => (
          <li key={word}>
            <i className={tone} aria-hidden="true" /> <b>{count}</b> {word}
          </li>
        ))}
      </ul>
      {of.notSeen.length > 0 && (
        <details>
          <summary>What was not seen, and why ({of.notSeen.length})</summary>
          <dl className="report-gaps">
            {of.notSeen.map(({ what, why }) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd className="muted">{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <details>
        <summary>Files it will contain</summary>
        <ul className="report-files mono small">
          {[...of.files, 'manifest.json, signature.json, README.txt', 'proofs/'].map((file) => (
            <li key={file}>{file}</li>
          ))}
        </ul>
      </details>
    </>
  );
}
