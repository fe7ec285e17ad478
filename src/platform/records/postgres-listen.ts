import pg from 'pg';

/**
 * One connection that listens, made at the first use and made again when it breaks.
 * What was notified while it was broken is lost: after a reconnect every listener is called with '' once,
 * which means "look for yourself".
 */
export function listenOn(config: pg.ClientConfig): {
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
} {
  const channels = new Map<string, Set<(payload: string) => void>>();
  let client: pg.Client | undefined;
  let connecting: Promise<pg.Client> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({
      ...config,
      statement_timeout: 0,
      idle_in_transaction_session_timeout: 0,
      keepAlive: true,
    });
    fresh.on('notification', ({ channel, payload }) => {
      for (const heard of channels.get(channel) ?? []) heard(payload ?? '');
    });
    const broken = (): void => {
      if (client !== fresh) return;
      client = undefined;
      again(250);
    };
    fresh.on('error', broken);
    fresh.on('end', broken);
    await fresh.connect();
    for (const channel of channels.keys()) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = fresh;
    return fresh;
  };

  const connected = (): Promise<pg.Client> => {
    if (client !== undefined) return Promise.resolve(client);
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };

  const again = (waitMilliseconds: number): void => {
    if (closed || channels.size === 0) return;
    retry = setTimeout(() => {
      connected().then(
        () => {
          for (const listeners of channels.values()) for (const heard of listeners) heard('');
        },
        () => again(Math.min(waitMilliseconds * 2, 30_000)),
      );
    }, waitMilliseconds);
  };

  return {
    listen: async (channel, heard) => {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(heard));
      await (await connected()).query(`listen ${pg.escapeIdentifier(channel)}`);
      return async () => {
        listeners.delete(heard);
        if (listeners.size > 0 || channels.get(channel) !== listeners) return;
        channels.delete(channel);
        await client?.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
      };
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      channels.clear();
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
