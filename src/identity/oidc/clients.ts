import * as oidc from 'openid-client';
import type { IdentityDeps } from '../deps.ts';
import { IssuerUnreachable } from '../errors.ts';
import { isLoopbackUrl } from './issuers.ts';
import type { StoredIssuer } from './store.ts';

const timeoutSeconds = 5;
const rememberedMilliseconds = 10 * 60 * 1000;
const maxAnswerBytes = 1024 * 1024;

/** What each issuer said about itself, remembered for a while. */
export type IssuerClients = {
  /** @throws {IssuerUnreachable} */
  of(issuer: StoredIssuer): Promise<oidc.Configuration>;
};

export function issuerClients(deps: Pick<IdentityDeps, 'clock' | 'sealer'>): IssuerClients {
  const known = new Map<string, { at: number; config: oidc.Configuration }>();
  return {
    async of(issuer) {
      const now = deps.clock.now().getTime();
      const key = `${issuer.id} ${issuer.url} ${issuer.clientId}`;
      const held = known.get(key);
      if (held !== undefined && Math.abs(now - held.at) < rememberedMilliseconds) return held.config;
      const url = new URL(issuer.url);
      try {
        const config = await oidc.discovery(url, issuer.clientId, {}, authentication(deps, issuer), {
          timeout: timeoutSeconds,
          [oidc.customFetch]: cappedFetch,
          ...(isLoopbackUrl(url) && { execute: [oidc.allowInsecureRequests] }),
        });
        config.timeout = timeoutSeconds;
        known.set(key, { at: now, config });
        return config;
      } catch (error) {
        throw new IssuerUnreachable(issuer.name, error);
      }
    },
  };
}

function authentication(deps: Pick<IdentityDeps, 'sealer'>, issuer: StoredIssuer): oidc.ClientAuth {
  if (issuer.clientSecretSealed === null) return oidc.None();
  return oidc.ClientSecretBasic(deps.sealer.open(issuer.clientSecretSealed, `issuer/${issuer.id}`));
}

/** An issuer's answers are small; one that does not end is cut off. */
const cappedFetch: oidc.CustomFetch = async (url, options) => {
  const answer = await fetch(url, { ...options, redirect: 'error' } as RequestInit); // the library's options are fetch's
  if (answer.body === null) return answer;
  let left = maxAnswerBytes;
  const capped = answer.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.length;
        if (left < 0) controller.error(new Error('The answer of the issuer is too large.'));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(capped, answer);
};
