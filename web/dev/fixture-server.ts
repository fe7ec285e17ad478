import type { Plugin } from 'vite';
export const fixtureServer = (): Plugin => ({ name: 'fixture' });
