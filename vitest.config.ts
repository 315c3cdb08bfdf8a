import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Suites that drive a real kernel or daemon take as long as those do.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
