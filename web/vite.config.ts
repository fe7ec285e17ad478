import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fixtureServer } from './dev/fixture-server.ts';

/**
 * `vite build web` makes web/dist, which the server hands out. `vite web` is for working on the page: it passes /api to a
 * running system (IRONBARK_ADDRESS), or answers itself with invented data (IRONBARK_FIXTURE=1).
 */
export default defineConfig(({ command, isPreview }) => ({
  root: import.meta.dirname,
  plugins: [
    react(),
    ...(process.env['IRONBARK_FIXTURE'] && (command === 'serve' || isPreview) ? [fixtureServer()] : []),
  ],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    license: true,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: process.env['IRONBARK_ADDRESS'] ?? 'http://127.0.0.1:7460', changeOrigin: false },
    },
  },
}));
