import { PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { issuersQuery, setupQuery } from '../../api/session.ts';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { BreakGlassForm } from './break-glass.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { passkeysWork, signInWithPasskey } from './passkeys.ts';

export function SignIn() {
  const { to, problem } = useSearch({ from: '/sign-in' });
  const api = useApi();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { data: setup } = useQuery(setupQuery(api));
  const { data: choices } = useQuery(issuersQuery(api));
  const [glass, setGlass] = useState(false);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      queryClient.clear();
      await router.invalidate();
      // Only an address of this page: a link must not send anybody elsewhere.
      router.history.push(to?.startsWith('/') && !to.startsWith('//') && !to.startsWith('/\\') ? to : '/');
    } catch (failed) {
      setError(failed);
      setCode('');
      setBusy(false);
    }
  };
  return (
    <EntryFrame
      lead={
        setup?.providerName
          ? `Security operations of ${setup.providerName}.`
          : 'Security operations for a sovereign cloud.'
      }
    >
      <h1>Sign in</h1>
      {to && <p className="muted">You come back to the page you were on.</p>}
      {problem && !busy && <FormProblem error={new Error(problemWord(problem))} />}
      <div className="entry-form">
        {passkeysWork() && (
          <>
            <button
              type="button"
              className="btn main"
              disabled={busy}
              onClick={() => void attempt(() => signInWithPasskey(api))}
            >
              Sign in with a passkey
            </button>
          </>
        )}
        {choices?.issuers.map((issuer) => (
          <a key={issuer.id} className="btn" href={`/api/session/issuers/${encodeURIComponent(issuer.id)}`}>
            Sign in with {issuer.name}
          </a>
        ))}
        {(passkeysWork() || (choices?.issuers.length ?? 0) > 0) && !glass && (
          <div className="or">or with password and code</div>
        )}
      </div>
      {glass ? (
        <>
          <BreakGlassForm
            busy={busy}
            open={(given) => void attempt(() => api.send('POST', '/session/break-glass', given))}
          />
          <FormProblem error={error} />
        </>
      ) : (
        <form
          style={{ marginTop: 8 }}
          onSubmit={(event) => {
            event.preventDefault();
            void attempt(() =>
              api.send('POST', '/session/password', { email: email.trim(), password, code: code.trim() }),
            );
          }}
        >
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            maxLength={254}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            maxLength={256}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <TextInput
            label="Code"
            description="Six digits, from your authenticator app."
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            maxLength={12}
          />
          <FormProblem error={error} />
          <button type="submit" className={passkeysWork() ? 'btn' : 'btn main'} disabled={busy}>
            Sign in
          </button>
        </form>
      )}
      <p className="section">
        <button type="button" className="btn slim" onClick={() => setGlass(!glass)}>
          {glass ? 'Sign in as usual' : 'Nobody can sign in: break the glass'}
        </button>
      </p>
    </EntryFrame>
  );
}

/** Why an issuer sent the browser back with nothing: the server's codes (docs/problems.md). */
const problemWord = (code: string): string =>
  code === 'issuer-unreachable'
    ? 'The other sign-in page does not answer. Try again, or sign in here.'
    : 'The sign-in did not work: there may be no account here for that person, or two factors were not checked. Begin again, or ask an administrator.';
