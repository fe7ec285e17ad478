import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,packages,test,content,scripts}/**/*.test.ts'],
    // Two cores: two files at a time, each in a process of its own (chDB may not be opened in a worker thread).
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
