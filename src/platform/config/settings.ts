import { z } from 'zod';

/** `host:port`; an IPv6 host stands in brackets. Port 0: any free one. */
const address = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[^:\s/]+):\d{1,5}$/, 'Use host:port, for example 127.0.0.1:7460.')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
  })
  .refine(({ port }) => port <= 65_535, 'A port is at most 65535.');
export type Address = z.output<typeof address>;

/** As `address`, or "off". */
const door = z.union([z.literal('off').transform(() => null), address], {
  error: 'Use host:port, for example 127.0.0.1:9200, or "off".',
});

const sizes = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const;
const sizeBytes = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?\s*[kmgt]?i?b?$/i)], {
    error: 'Use a size such as 500M or 20G.',
  })
  .transform((value) => {
    if (typeof value === 'number') return value;
    // The pattern above lets only these letters through.
    const unit = (/[kmgt]/i.exec(value)?.[0].toLowerCase() ?? '') as keyof typeof sizes;
    return Math.round(Number.parseFloat(value) * sizes[unit]);
  })
  .pipe(z.number().int().positive());

const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)], {
  error: 'Use a whole number.',
});
const url = (schemes: readonly string[]) =>
  z.url({
    protocol: new RegExp(`^(${schemes.join('|')})$`),
    error: `Use a URL that begins with ${schemes[0]}://`,
  });
const origin = url(['https', 'http']).refine(
  (text) => new URL(text).origin === text,
  'Use scheme, host and port only, without a path or a slash at the end.',
);

/** Origins, with commas between: https, or http on this machine. */
const mirrors = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(
    z.array(
      origin.refine(
        (text) => /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(text),
        'A mirror is reached by https://, or is on this machine.',
      ),
    ),
  );

/** CIDR notation, with commas between. */
const networks = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(
    z.array(
      z.union([z.cidrv4(), z.cidrv6()], {
        error: 'Use networks in CIDR notation, for example 10.20.0.0/16.',
      }),
    ),
  );

export type Setting = {
  readonly schema: z.ZodType;
  readonly env: string;
  readonly about: string;
  readonly fallback?: string | number;
  /** Not shown. */
  readonly secret?: boolean;
};

/**
 * Everything that can be set: by the environment, or by `name: value` in the file. The order is the order they are shown in.
 */
export const settings = {
  data: {
    schema: z.string().min(1),
    env: 'IRONBARK_DATA',
    fallback: 'data',
    about: 'Folder for everything that is kept. Relative to the project.',
  },
  listen: {
    schema: address,
    env: 'IRONBARK_LISTEN',
    fallback: '127.0.0.1:7460',
    about: 'Where the page and the API listen.',
  },
  origin: {
    schema: origin,
    env: 'IRONBARK_ORIGIN',
    about:
      'How browsers reach the page. Passkeys are bound to it. Left out: http(s)://localhost and the port.',
  },
  tlsCertificate: {
    schema: z.string().min(1),
    env: 'IRONBARK_TLS_CERTIFICATE',
    about: 'PEM file with the certificate chain, for page, API and syslog over TLS.',
  },
  tlsKey: {
    schema: z.string().min(1),
    env: 'IRONBARK_TLS_KEY',
    about: 'PEM file with its private key.',
  },
  bulkListen: {
    schema: door,
    env: 'IRONBARK_BULK_LISTEN',
    fallback: '127.0.0.1:9200',
    about: 'Where shippers send to (Elasticsearch _bulk), or "off".',
  },
  syslogListen: {
    schema: door,
    env: 'IRONBARK_SYSLOG_LISTEN',
    fallback: '127.0.0.1:5514',
    about: 'Syslog over UDP and TCP, or "off".',
  },
  syslogTlsListen: {
    schema: door,
    env: 'IRONBARK_SYSLOG_TLS_LISTEN',
    fallback: 'off',
    about: 'Syslog over TLS, or "off". Needs a certificate and key.',
  },
  sshListen: {
    schema: door,
    env: 'IRONBARK_SSH_LISTEN',
    fallback: 'off',
    about: 'The SSH gateway for remote support, for example 0.0.0.0:7422, or "off".',
  },
  sshHost: {
    schema: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.:-]{0,252}$/, 'Use a host name or an address.'),
    env: 'IRONBARK_SSH_HOST',
    about: 'How engineers reach the SSH gateway. Left out: where it listens.',
  },
  managedNetworks: {
    schema: networks,
    env: 'IRONBARK_MANAGED_NETWORKS',
    fallback: '',
    about:
      'Networks that only managed devices have an address in, as 10.20.0.0/16,fd00:1::/48. From elsewhere remote support is denied.',
  },
  databaseUrl: {
    schema: url(['postgres', 'postgresql']),
    env: 'IRONBARK_DATABASE_URL',
    secret: true,
    about: 'PostgreSQL 15 or newer. Left out: PGlite in the data folder.',
  },
  clickhouseUrl: {
    schema: url(['http', 'https']),
    env: 'IRONBARK_CLICKHOUSE_URL',
    secret: true,
    about: 'A ClickHouse server. Left out: chDB in the data folder.',
  },
  agreementKey: {
    schema: z.string().min(1),
    env: 'IRONBARK_AGREEMENT_KEY',
    about:
      'File with the key that counter-signs agreements: a private JWK on P-384. Left out: one of its own, in the data folder.',
  },
  spoolCap: {
    schema: sizeBytes,
    env: 'IRONBARK_SPOOL_CAP',
    fallback: '4G',
    about: 'How much the spool may hold before senders are told to wait.',
  },
  workers: {
    schema: count.pipe(z.number().int().min(1).max(64)),
    env: 'IRONBARK_WORKERS',
    about: 'Worker threads that normalise and detect. Left out: one for each core but one, at least one.',
  },
  ledgerOrigin: {
    schema: z
      .string()
      .max(200)
      .regex(/^[^\s+\p{Cc}]+$/u, 'Use a name without spaces and plus, for example ironbark.example/ledger.'),
    env: 'IRONBARK_LEDGER_ORIGIN',
    about:
      "The ledger's name in receipts and to witnesses, fixed at the first start. Left out: the host of the origin, or a random one.",
  },
  ledgerKeys: {
    schema: z.string().min(1),
    env: 'IRONBARK_LEDGER_KEYS',
    about: "File with the ledger's keys. Left out: made in the data folder at the first start.",
  },
  ledgerPolicy: {
    schema: z.string().min(1),
    env: 'IRONBARK_LEDGER_POLICY',
    about: 'Policy file (c2sp.org/tlog-policy) with the witnesses that are asked to cosign. Left out: none.',
  },
  trustedProxies: {
    schema: z.string().max(2000),
    env: 'IRONBARK_TRUSTED_PROXIES',
    fallback: '',
    about:
      "Addresses and networks of proxies whose X-Forwarded-For the gate believes, with commas. Left out: nobody's.",
  },
  contentPlain: {
    schema: z.enum(['allowed', 'refused'], { error: 'Use "allowed" or "refused".' }),
    env: 'IRONBARK_CONTENT_PLAIN',
    fallback: 'allowed',
    about: 'Whether content packs that nobody signed are taken: allowed or refused.',
  },
  contentTrust: {
    schema: z.string().min(1),
    env: 'IRONBARK_CONTENT_TRUST',
    about:
      'PEM file with public keys (Ed25519 or P-384) whose signatures on content packs are taken, beside those added with "content trust add".',
  },
  contentMirrors: {
    schema: mirrors,
    env: 'IRONBARK_CONTENT_MIRRORS',
    fallback: '',
    about:
      'Where the server may fetch content packs from when a person asks, as https://mirror.example, with commas. Left out: nowhere.',
  },
  logLevel: {
    schema: z.enum(['debug', 'info', 'warn', 'error']),
    env: 'IRONBARK_LOG_LEVEL',
    fallback: 'info',
    about: 'debug, info, warn or error.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
type Fixed<Name extends SettingName> = z.output<(typeof settings)[Name]['schema']>;
type WithFallback = {
  [Name in SettingName]: (typeof settings)[Name] extends { fallback: unknown } ? Name : never;
}[SettingName];

/** Every setting by name; those without a fallback may be missing. */
export type Config = { readonly [Name in WithFallback]: Fixed<Name> } & {
  readonly [Name in Exclude<SettingName, WithFallback>]?: Fixed<Name>;
};
