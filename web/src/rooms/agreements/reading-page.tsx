import type { AcceptanceView, ReadingView } from '#contract/community/agreements';
import { startAuthentication } from '@simplewebauthn/browser';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { agreementsKey, agreementsQuery } from '../../api/agreements.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Comparison } from './comparison.tsx';
import { SectionText } from './policy-text.tsx';
import './agreements.css';

type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Section by section, each opened and agreed to for good; then the passkey. */
export function ReadingPage() {
  const { environment } = useParams({ from: '/inside/agreements/$environment' });
  const api = useApi();
  const query = useQuery({
    queryKey: [...agreementsKey, 'reading', environment],
    queryFn: () => api.send<ReadingView>('POST', '/agreements/readings', { environment }),
    retry: false,
    refetchOnWindowFocus: false,
  });
  if (query.isError)
    return (
      <div className="page">
        <Failure
          what="The text can't be opened for signing"
          error={query.error}
          retry={() => void query.refetch()}
        />
      </div>
    );
  if (!query.data) return <Progress what="Opening the text" />;
  return <Read key={query.data.id} first={query.data} />;
}

function Read({ first }: { first: ReadingView }) {
  const api = useApi();
  const [reading, setReading] = useState(first);
  const start = first.sections.find(({ agreedAt }) => agreedAt === null) ?? first.sections[0];
  const [shown, setShown] = useState(start?.id ?? '');
  const before = useQuery(agreementsQuery(api)).data?.standings.find(
    ({ environment }) => environment === first.environment,
  )?.state.version;
  const step = useMutation({
    mutationFn: (given: { section: string; do: 'open' | 'agree' }) =>
      api.send<ReadingView>('POST', `/agreements/readings/${reading.id}/sections/${given.section}`, {
        do: given.do,
      }),
    onSuccess: (next, given) => {
      setReading(next);
      if (given.do === 'agree') setShown(nextOpen(next, given.section));
    },
  });
  const section = reading.sections.find(({ id }) => id === shown);
  const { mutate } = step;
  const unopened = section !== undefined && section.openedAt === null;
  useEffect(() => {
    if (unopened) mutate({ section: shown, do: 'open' });
  }, [unopened, shown, mutate]);
  const agreed = reading.sections.filter(({ agreedAt }) => agreedAt !== null).length;
  const complete = agreed === reading.sections.length;
  return (
    <div className="page">
      <div className="room-head">
        <h1>
          {reading.terms.title}, version {reading.version}
        </h1>
        <span className="muted">
          {reading.marking} · {agreed} of {reading.sections.length} sections agreed to
        </span>
      </div>
      <div className="reading">
        <nav aria-label="Sections">
          <ol>
            {reading.sections.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="btn"
                  aria-current={one.id === shown ? 'step' : undefined}
                  onClick={() => setShown(one.id)}
                >
                  <span>
                    {one.number} {one.title}
                  </span>
                  <span className={one.agreedAt === null ? 'muted' : 'healthy'}>
                    {one.agreedAt === null ? (one.openedAt === null ? 'to read' : 'opened') : '✓ agreed'}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          {complete && <Sign reading={reading} />}
        </nav>
        <div>
          {before != null && before < reading.version && <Changes from={before} to={reading.version} />}
          {section && (
            <section aria-label={section.title}>
              <h2>
                {section.number} {section.title}
              </h2>
              <SectionText section={section} />
              <FormProblem error={step.error} />
              {section.agreedAt === null && (
                <div className="line">
                  <button
                    type="button"
                    className="btn main"
                    disabled={section.openedAt === null || step.isPending}
                    onClick={() => step.mutate({ section: section.id, do: 'agree' })}
                  >
                    Agree to this section
                  </button>
                  <span className="muted small">This can't be taken back.</span>
                </div>
              )}
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

function nextOpen({ sections }: ReadingView, from: string): string {
  const at = sections.findIndex(({ id }) => id === from);
  const next = [...sections.slice(at + 1), ...sections].find(({ agreedAt }) => agreedAt === null);
  return next?.id ?? from;
}

function Changes({ from, to }: { from: number; to: number }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="chip" aria-pressed={open} onClick={() => setOpen(!open)}>
        What changed since version {from}
      </button>
      {open && <Comparison from={from} to={to} />}
    </>
  );
}

function Sign({ reading }: { reading: ReadingView }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigate();
  const sign = useMutation({
    mutationFn: async () => {
      const path = `/agreements/readings/${reading.id}`;
      const { options } = await api.send<{ options: AuthenticationOptions }>('POST', `${path}/record`, {});
      const answer = await startAuthentication({ optionsJSON: options }).catch((cause: unknown) => {
        throw new Error('No passkey was used. Try again.', { cause });
      });
      return api.send<AcceptanceView>('POST', `${path}/signature`, answer);
    },
    onSuccess: async (acceptance) => {
      await navigate({ to: '/agreements' });
      queryClient.removeQueries({ queryKey: [...agreementsKey, 'reading'] });
      void queryClient.invalidateQueries({ queryKey: agreementsKey });
      notices.show({
        tone: 'done',
        text: `Version ${acceptance.version} is agreed to for ${acceptance.environment}. The receipt is below.`,
      });
    },
  });
  return (
    <div className="stack">
      <p className="small">
        Signing says: I have read each section, I agree for my organisation, I am authorised to do so, and I
        consent to signing electronically with my passkey.
      </p>
      <p className="muted small">
        SHA-256 of the text: <span className="mono">{reading.sha256.slice(0, 16)}…</span>
      </p>
      <FormProblem error={sign.error} />
      <button type="button" className="btn main" disabled={sign.isPending} onClick={() => sign.mutate()}>
        Sign with your passkey
      </button>
    </div>
  );
}
