import { afterEach, describe, expect, it } from 'vitest';
import { defaultCollectors } from '../../src/collectors/index.ts';
import { needs } from '../needs.ts';
import { type Program, startWithFault } from '../program.ts';

const tracing = needs('strace', 'root', 'system call tracing', 'ctnetlink');
/** Of this machine's own network namespace as well, as if it were another one. */
const namespace = '/proc/self/ns/net';
let program: Program | undefined;

afterEach(async () => {
  program?.process.kill();
  await program?.ended;
});

/**
 * Options for each scheduled collector to run again half a year from now: a call that fails by its number would be one of
 * the second run at some seconds of the clock, or that run would end the failure.
 */
function runningOnce(): string[] {
  const month = ((new Date().getMonth() + 6) % 12) + 1;
  return defaultCollectors
    .filter(({ schedule }) => schedule !== undefined)
    .map(({ name }) => `--collector.${name}.schedule=0 0 0 1 ${month} *`);
}

/** The collectors that fail when the kernel answers a system call so, and its errors in the log. */
async function observe(fault: string) {
  program = await startWithFault(fault, ...runningOnce(), `--collector.conntrack.netns=${namespace}`);
  await program.ready();
  const text = await (await program.get('/metrics')).text();
  const failed = [...text.matchAll(/^lvs_exporter_collector_success\{collector="(.*)"\} 0$/gm)].map(([, one]) => one);
  const errors = program.log().match(/"error":"[A-Z]+: [^"]*"/g) ?? [];
  expect(text).toMatch(/^conntrack_entries \d+$/m);
  program.process.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  return { failed, calls: errors.map((error) => /, (\w+)/.exec(error)?.[1]) };
}

// Faults of strace: a call by its number, or with `+` all from there on.
describe('a system call that fails', tracing, () => {
  it('keeps the program in no other network namespace', async () => {
    // The third one is the way back from the other namespace.
    expect(await observe('setns:error=ENOMEM:when=3')).toEqual({ failed: [], calls: [] });
  });

  it('costs what is of the other network namespace alone where it cannot be entered', async () => {
    const { failed, calls } = await observe('setns:error=EPERM:when=1+');
    expect(failed.sort()).toEqual([`conntrack-table@${namespace}`, `conntrack@${namespace}`]);
    expect(new Set(calls)).toEqual(new Set(['setns']));
  });

  it.each(['connect', 'recvmmsg'])('costs the collectors that need it: %s', async (call) => {
    const { failed, calls } = await observe(`${call}:error=EIO:when=1+`);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed).not.toContain('conntrack');
    expect(new Set(calls)).toEqual(new Set([call]));
  });

  it('costs one collector at most where it fails once', async () => {
    const { failed, calls } = await observe('socket:error=EMFILE:when=3');
    expect([failed.length, calls]).toEqual([1, ['socket']]);
  });

  it('costs nothing where a connection cannot be accepted once', async () => {
    expect(await observe('accept4:error=ECONNABORTED:when=1')).toEqual({ failed: [], calls: [] });
  });
});
