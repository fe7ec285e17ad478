import type { Command } from './command.ts';

type Load = () => Promise<{ command: Command }>;

/** Every command by its name: loaded when it is called, so that each starts fast. The order is the help's. */
export const commands: Readonly<Record<string, Load>> = {
  up: () => import('./up.ts'),
  'config check': () => import('./config-check.ts'),
  'config show': () => import('./config-show.ts'),
  'community setup': () => import('./community-setup.ts'),
  'community show': () => import('./community-show.ts'),
  'organisation add': () => import('./organisation-add.ts'),
  'tenancy add': () => import('./tenancy-add.ts'),
  'environment add': () => import('./environment-add.ts'),
  'user list': () => import('./user-list.ts'),
  'user add': () => import('./user-add.ts'),
  'user link': () => import('./user-link.ts'),
  'user lock': () => import('./user-lock.ts'),
  'user unlock': () => import('./user-unlock.ts'),
  'user enrol': () => import('./user-enrol.ts'),
  'token list': () => import('./token-list.ts'),
  'token create': () => import('./token-create.ts'),
  'token revoke': () => import('./token-revoke.ts'),
  'ledger list': () => import('./ledger-list.ts'),
  'ledger verify': () => import('./ledger-verify.ts'),
  'source add': () => import('./source-add.ts'),
  'source list': () => import('./source-list.ts'),
  'source pause': () => import('./source-pause.ts'),
  'source resume': () => import('./source-resume.ts'),
  'source secret': () => import('./source-secret.ts'),
  'source rejected': () => import('./source-rejected.ts'),
  'source replay': () => import('./source-replay.ts'),
  send: () => import('./send.ts'),
  detect: () => import('./detect.ts'),
  version: () => import('./version.ts'),
};
