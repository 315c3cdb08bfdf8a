import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The default leaves one processor idle, and many suites wait for a daemon.
    maxWorkers: '100%',
    // Suites that drive a real kernel or daemon take as long as those do.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
