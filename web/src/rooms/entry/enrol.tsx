import type { totpEnrolment } from '#contract/identity';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { encode } from 'uqr';
import type { z } from 'zod';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { CopyButton } from '../../parts/value.tsx';
import { passkeysWork, registerPasskey } from './passkeys.ts';

export type Enrolment = z.infer<typeof totpEnrolment>;

/** The second factor: a passkey, or codes from an authenticator. The account works after either. */
export function Enrol({ enrolment, done }: { enrolment: Enrolment; done: () => void }) {
  const api = useApi();
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      done();
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <h1>Add a second factor</h1>
      <p className="muted">Scan this with an authenticator app, then type the code it shows.</p>
      <div className="line wide" style={{ marginTop: 20, alignItems: 'flex-start' }}>
        <QrCode text={enrolment.otpauthUrl} />
        <div className="stack">
          <div>
            <h3>Or type the secret</h3>
            <p className="mono" style={{ margin: '4px 0 8px', maxWidth: 220, overflowWrap: 'anywhere' }}>
              {enrolment.secret.replace(/(.{4})/g, '$1 ').trim()}
            </p>
            <CopyButton text={enrolment.secret} what="secret" />
          </div>
          <p className="muted small">It is shown this once.</p>
        </div>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => api.send('POST', '/totp/confirm', { code: code.trim() }));
        }}
      >
        <TextInput
          className="code-input"
          label="Code"
          description="Six digits, from the app."
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
        />
        <FormProblem error={error} />
        <button type="submit" className="btn main" disabled={busy || code.length !== 6}>
          Confirm the code
        </button>
        {passkeysWork() && (
          <>
            <div className="or">or</div>
            <button
              type="button"
              className="btn"
              disabled={busy}
              onClick={() => void attempt(() => registerPasskey(api))}
            >
              Use a passkey or security key
            </button>
          </>
        )}
      </form>
    </>
  );
}

/** Drawn here, in the page: the secret goes to nobody else. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 0 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="Code to scan with an authenticator app"
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
