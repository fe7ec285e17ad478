import type { LedgerLog, LedgerPage } from '#contract/ledger';

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const origin = 'ledger.wattle.example';

/** A log that one witness follows and another does not answer for. */
export const ledgerNow = (): LedgerLog => ({
  origin,
  keys: [
    { vkey: `${origin}+5c3b714a+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs`, sinceSize: 0, at: ago(9e6) },
  ],
  size: 184_201,
  waiting: 3,
  lagSeconds: 0.2,
  checkpoint: {
    size: 184_201,
    root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    at: ago(2),
    note: `${origin}\n184201\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 ${origin} XDtxSltv6YpQHRHcAV5adVgY\n`,
  },
  witnesses: [
    { name: 'Auditor', state: 'cosigns', detail: 'saw 184201 entries', size: 184_201, at: ago(2) },
    { name: 'Acme', state: 'silent', detail: 'it answered 502', size: 184_020, at: ago(600) },
  ],
  state: 'degraded',
  detail: 'No answer from Acme: it answered 502.',
});

export const ledgerEntries = (): LedgerPage => ({
  entries: Array.from({ length: 12 }, (_, nth) => ({
    sequence: 184_204 - nth,
    id: `0196f6a0-0000-7000-8000-0000000000${String(nth).padStart(2, '0')}`,
    index: nth < 3 ? null : 184_203 - nth,
    at: ago(nth * 40),
    action: nth % 2 === 0 ? 'alert.closed' : 'session.opened',
    tenancy: nth % 3 === 0 ? null : 'agri-pdce',
    actor: nth === 5 ? null : { kind: 'user' as const, id: 'u1', name: 'Mara Lindqvist' },
    subject: nth === 5 ? null : `alert/5ef9853e-4d0e-4a70-846f-0000000000${nth}`,
    facts: nth === 5 ? null : { outcome: 'benign' },
    erased: nth === 5,
  })),
  next: null,
});
