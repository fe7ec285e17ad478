import { TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { sessionQuery } from '../../api/session.ts';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { EntryFrame } from './entry-frame.tsx';

/** The last step: the provider itself, or the demonstration. */
export function Choose() {
  const api = useApi();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState('');
  const [id, setId] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<'provider' | 'demo'>();
  const proposed = id ?? slug(name);

  const go = async (what: 'provider' | 'demo', work: () => Promise<unknown>) => {
    setBusy(what);
    setError(undefined);
    try {
      // The page knows the session's token only after asking for it: this may be the first call after enrolment.
      await queryClient.fetchQuery({ ...sessionQuery(api), staleTime: 0 });
      await work();
      queryClient.clear();
      await router.navigate({ to: '/' });
    } catch (failed) {
      setError(failed);
      setBusy(undefined);
    }
  };
  return (
    <EntryFrame step={2} lead="You are signed in. One decision is left.">
      <h1>What is this system for?</h1>
      <FormProblem error={error} />
      <div className="choices">
        <section>
          <h2>Set up the provider</h2>
          <p className="muted">
            The organisation that runs the cloud. It gets two environments, OFFICIAL and PROTECTED, with its
            own internal network in each; customers are added later.
          </p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void go('provider', () =>
                api.send('POST', '/setup/provider', { id: proposed, name: name.trim() }),
              );
            }}
          >
            <TextInput
              label="Name of the provider"
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label="Short name"
              description="Part of tenancy ids, and fixed from now on: a to z, 0 to 9, _ . -"
              required
              maxLength={40}
              pattern="[a-z0-9][a-z0-9_.\-]*"
              value={proposed}
              onChange={(event) => setId(event.currentTarget.value)}
            />
            <button type="submit" className="btn main" disabled={busy !== undefined || !name.trim()}>
              {busy === 'provider' ? 'Setting up…' : 'Set up the provider'}
            </button>
          </form>
        </section>
        <section>
          <h2>Explore the demonstration</h2>
          <p className="muted">
            An invented provider with four organisations: a story of an attack among normal traffic, sent
            through the same doors as real logs, and six weeks of evidence, controls and risk. Everything is
            labelled as demonstration.
          </p>
          <p style={{ marginTop: 12 }}>
            <button
              type="button"
              className="btn"
              disabled={busy !== undefined}
              onClick={() => void go('demo', () => api.send('POST', '/setup/demo', {}))}
            >
              {busy === 'demo' ? 'Building the demonstration, up to a minute…' : 'Explore the demonstration'}
            </button>
          </p>
        </section>
      </div>
    </EntryFrame>
  );
}

const slug = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
