/** Ids of Acme's things. */
export type Acme = {
  alert: string;
  revision: number;
  event: string;
  exception: string;
  rule: string;
  pack: string;
  user: string;
  token: string;
  review: string;
  person: string;
  appointment: string;
  entry: string;
  exceptionOfPlace: string;
  asset: string;
  /** Of the provider's own system. */
  risk: string;
  collection: string;
};
export type Case = (acme: Acme) => {
  readonly path?: Record<string, string>;
  readonly query?: string;
  readonly body?: unknown;
};

/** Yesterday to tomorrow. */
export const day = {
  from: new Date(Date.now() - 86_400_000).toISOString(),
  to: new Date(Date.now() + 86_400_000).toISOString(),
};

export const none: Case = () => ({});
