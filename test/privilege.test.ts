import { afterEach, describe, expect, it } from 'vitest';
import { needs } from './needs.ts';
import { type Program, startWithPrivilege } from './program.ts';

const programs = needs('setpriv', 'root', 'ctnetlink', '/proc/net/nf_conntrack', '/proc/net/stat/nf_conntrack');
/** One that ran on this machine may have left dumps in /tmp. */
const withoutKeepalived = ['keepalived', 'keepalived-checkers', 'keepalived-dumps'].map(
  (one) => `--no-collector.${one}`,
);
let program: Program | undefined;

afterEach(async () => {
  program?.process.kill();
  await program?.ended;
});

/** What the program reports of its sources, and the errors that it logs, when it runs with less privilege. */
async function observe(...setpriv: string[]) {
  program = await startWithPrivilege(setpriv, ...withoutKeepalived);
  await program.ready();
  const text = await (await program.get('/metrics')).text();
  const errors = program
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'));
  return {
    sources: [...text.matchAll(/^lvs_exporter_source_info\{collector="(.*)",source="(.*)"\} 1$/gm)].map(
      ([, collector, source]) => `${collector} ${source}`,
    ),
    failed: [...text.matchAll(/^lvs_exporter_collector_success\{collector="(.*)"\} 0$/gm)].map(
      ([, collector]) => collector,
    ),
    errors: errors.map((line) => JSON.parse(line).error),
    hasCount: /^conntrack_entries \d+$/m.test(text),
  };
}

// The files of connection tracking in /proc are there on the kernels that these tests run on.
describe('with less privilege', programs, () => {
  it('has everything as root', async () => {
    expect(await observe()).toEqual({
      sources: ['conntrack sysctl', 'conntrack procfs', 'conntrack-table netlink'],
      failed: [],
      errors: [],
      hasCount: true,
    });
  });

  it('reads the table from /proc without CAP_NET_ADMIN', async () => {
    expect(await observe('--bounding-set=-net_admin', '--inh-caps=-net_admin')).toEqual({
      sources: ['conntrack sysctl', 'conntrack procfs', 'conntrack-table procfs'],
      failed: [],
      errors: [],
      hasCount: true,
    });
  });

  it('serves the rest without privilege, and one line names the capability', async () => {
    expect(await observe('--reuid=65534', '--regid=65534', '--clear-groups')).toEqual({
      sources: ['conntrack sysctl', 'conntrack procfs'],
      failed: ['conntrack-table'],
      errors: [
        'Cannot read the connection tracking table: netlink is refused (EPERM: operation not permitted, ctnetlink get) and /proc/net/nf_conntrack is not readable; grant CAP_NET_ADMIN',
      ],
      hasCount: true,
    });
  });
});
