import { PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { Enrol, type Enrolment } from './enrol.tsx';
import { EntryFrame } from './entry-frame.tsx';

const shortest = 12;

/** Where a one-time link leads: the first administrator, and everybody who was invited. */
export function FirstSignIn() {
  const { token } = useSearch({ from: '/first-sign-in' });
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const [enrolment, setEnrolment] = useState<Enrolment>();

  const enrolled = async () => {
    await queryClient.invalidateQueries();
    queryClient.removeQueries({ queryKey: ['session'] });
    queryClient.removeQueries({ queryKey: ['setup'] });
    await router.invalidate();
    await navigate({ to: '/setup' });
  };
  const lead =
    'Security operations for a sovereign cloud. Nothing on this machine talks to the internet unless you tell it to.';
  if (!token)
    return (
      <EntryFrame lead={lead}>
        <h1>Open the first sign-in link</h1>
        <p className="muted">
          It was printed where Ironbark was started, and works once. If it is lost, print another with{' '}
          <span className="mono">ironbark user link</span>.
        </p>
      </EntryFrame>
    );
  return (
    <EntryFrame step={enrolment ? 1 : 0} lead={lead}>
      {enrolment ? (
        <Enrol enrolment={enrolment} done={() => void enrolled()} />
      ) : (
        <Account
          create={async (body) => {
            const answer = await api.send<Enrolment>('POST', '/first-sign-in', { token, ...body });
            api.setCsrfToken(answer.csrfToken);
            setEnrolment(answer);
          }}
        />
      )}
    </EntryFrame>
  );
}

function Account({
  create,
}: {
  create: (body: { name: string; email: string; password: string }) => Promise<void>;
}) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const missing = shortest - password.length;
  const send = async () => {
    setTried(true);
    if (!name.trim() || !email.trim() || missing > 0) return;
    setBusy(true);
    setError(undefined);
    await create({ name: name.trim(), email: email.trim(), password }).catch(setError);
    setBusy(false);
  };
  return (
    <>
      <h1>Set up your account</h1>
      <p className="muted">This link works once. The first account administers the system.</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextInput
          label="Your name"
          autoComplete="name"
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && !name.trim() ? 'Others see this on alerts you work on.' : undefined}
          maxLength={120}
        />
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && !email.trim() ? 'You sign in with it.' : undefined}
          maxLength={254}
        />
        <PasswordInput
          label="Password"
          description={
            missing > 0 && password
              ? `${missing} more ${missing === 1 ? 'character' : 'characters'}`
              : `At least ${shortest} characters; a few words are easy to keep in mind.`
          }
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={tried && missing > 0 ? `Use at least ${shortest} characters.` : undefined}
          maxLength={256}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        />
        <FormProblem error={error} />
        <button type="submit" className="btn main" disabled={busy}>
          Continue
        </button>
      </form>
    </>
  );
}
