import { defineConfig } from 'vitest/config';
import { LeftOut } from './test/left-out.ts';
import { LongestFirst } from './test/longest-first.ts';

const lab = 'test/lab.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', new LeftOut()],
    globalSetup: ['test/environment.ts', 'test/shared-answers.ts'],
    setupFiles: 'test/declared-programs.ts',
    sequence: { sequencer: LongestFirst },
    // The default leaves one processor idle, and many suites wait for a daemon.
    maxWorkers: '100%',
    // For what hangs: a suite that drives a real kernel or daemon takes ten times as long on a machine that is busy.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000, interval: 100 } },
    projects: [
      { extends: true, test: { name: 'suites', include: ['test/**/*.test.ts'], exclude: [lab] } },
      // After the suites: it needs both processors.
      { extends: true, test: { name: 'lab', include: [lab], sequence: { groupOrder: 1 } } },
    ],
  },
});
