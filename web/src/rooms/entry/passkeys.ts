import type { Session } from '#contract/identity';
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import type { Api } from '../../api/client.ts';

export const passkeysWork = (): boolean => browserSupportsWebAuthn();

type RegistrationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];
type AuthenticationOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];

export async function registerPasskey(api: Api): Promise<void> {
  const optionsJSON = await api.send<RegistrationOptions>('POST', '/passkeys/options', {});
  await api.send('POST', '/passkeys', await asked(() => startRegistration({ optionsJSON })));
}

export async function signInWithPasskey(api: Api): Promise<Session> {
  const optionsJSON = await api.send<AuthenticationOptions>('POST', '/session/passkey/options', {});
  return api.send<Session>(
    'POST',
    '/session/passkey',
    await asked(() => startAuthentication({ optionsJSON })),
  );
}

/** What the browser says when the person closes its window is no help; say what to do instead. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
      throw new Error('This passkey is registered already.', { cause: error });
    throw new Error('No passkey was used. Try again, or use your password and a code.', { cause: error });
  }
}
