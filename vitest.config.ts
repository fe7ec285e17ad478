import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,packages,test,content,scripts}/**/*.test.ts'],
    // Two cores: two files at a time, each in a process of its own (chDB may not be opened in a worker thread).
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes when it comes: a busy machine is not a fault.
    expect: { poll: { timeout: 20_000 } },
  },
});
