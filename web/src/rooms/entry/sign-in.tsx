import { PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { setupQuery } from '../../api/session.ts';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { passkeysWork, signInWithPasskey } from './passkeys.ts';

export function SignIn() {
  const { to } = useSearch({ from: '/sign-in' });
  const api = useApi();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { data: setup } = useQuery(setupQuery(api));
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
            <div className="or">or with password and code</div>
          </>
        )}
      </div>
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
    </EntryFrame>
  );
}
