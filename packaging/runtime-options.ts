/** Options of Node.js and variables of glibc: less memory that is soon free again, as docs/performance.md measures it. */
export const runtimeOptions = ['--max-semi-space-size=2'] as const;

/** Beside them, more threads: a file system that hangs holds those that read from it. */
export const runtimeEnvironment: Readonly<Record<string, string>> = {
  UV_THREADPOOL_SIZE: '16',
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};
