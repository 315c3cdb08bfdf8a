import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DumpOptions,
  dumpFlows,
  readCpuStatistics,
  readTableSize,
} from '../../../src/netlink/conntrack/ctnetlink.ts';
import { exchange } from '../../../src/netlink/exchange.ts';
import { withSocket } from '../../../src/netlink/socket.ts';
import { parseNfConntrack } from '../../../src/parsers/procfs/conntrack/nf-conntrack.ts';
import { parseNfConntrackStat } from '../../../src/parsers/procfs/conntrack/nf-conntrack-stat.ts';
import { needs } from '../../needs.ts';
import { describeListing } from '../conntrack-listing.ts';
import { type Described, describeAll } from '../describe-flow.ts';
import { createNamespace, fill, load, type Namespace } from '../namespace.ts';

const NETLINK_NETFILTER = 12;

const tracking = needs(
  'bash',
  'conntrack',
  'ip',
  'iptables',
  'sysctl',
  'root',
  'network namespaces',
  'ctnetlink',
  'IPv6',
);

describe('ctnetlink on this kernel', tracking, () => {
  let namespace: string;
  let full: Namespace;
  let many: Namespace;

  beforeAll(() => {
    many = createNamespace('many');
    load(many, 20_000);
    full = createNamespace('full');
    fill(full);
    namespace = full.path;
  });

  afterAll(() => {
    full?.remove();
    many?.remove();
  });

  it('dumpFlows() reads what conntrack -L lists', async () => {
    const flows = await dump({ namespace });
    expect(flows.length).toBeGreaterThan(15);
    expectSame(flows, describeListing(full.run('conntrack', '-L', '-o', 'extended')));
  });

  it('dumpFlows() reads what parseNfConntrack() does', needs('/proc/net/nf_conntrack'), async () => {
    const { visit, flows } = describeAll();
    const text = full.run('cat', '/proc/net/nf_conntrack');
    const reading = await parseNfConntrack(Readable.from([text]), visit);
    expect(reading).toEqual({ entries: flows.length, complete: true, interrupted: false });
    expectSame(await dump({ namespace }), flows);
  });

  it('dumpFlows() reads one IP version', async () => {
    const flows = await dump({ namespace });
    for (const family of [4, 6] as const) {
      const expected = flows.filter(({ text }) => text.startsWith(`ipv${family}`));
      expectSame(await dump({ namespace, family }), expected);
    }
  });

  it('dumpFlows() stops at the limit', async () => {
    const flows = await dump({ namespace });
    expectSame(await dump({ namespace, limit: 5 }), flows.slice(0, 5));
    const count = (limit: number) => dumpFlows(() => {}, { namespace, limit });
    expect(await count(5)).toEqual({ entries: 5, complete: false, interrupted: false });
    expect(await count(flows.length)).toEqual({ entries: flows.length, complete: true, interrupted: false });
  });

  it('dumpFlows() neither misses nor repeats a flow of a table of many datagrams', async () => {
    const ports = new Set<number>();
    const reading = await dumpFlows((flow) => ports.add(flow.source.port), { namespace: many.path });
    expect(reading).toEqual({ entries: 20_000, complete: true, interrupted: false });
    expect(ports.size).toBe(20_000);
  });

  it('readTableSize() reads the count of the namespace and the limit of the kernel', async () => {
    const [entries, limit] = ['count', 'max'].map((name) =>
      Number(full.run('sysctl', '-n', `net.netfilter.nf_conntrack_${name}`)),
    );
    expect(await readTableSize({ namespace })).toEqual({ entries, limit });
    expect(await readTableSize({ namespace: many.path })).toEqual({ entries: 20_000, limit });
  });

  it('readCpuStatistics() counts as /proc does', needs('/proc/net/stat/nf_conntrack'), async () => {
    const statistics = await readCpuStatistics({ namespace });
    const rows = parseNfConntrackStat(full.run('cat', '/proc/net/stat/nf_conntrack'));
    expect(statistics).toEqual(
      rows.map((row, cpu) => ({
        cpu,
        counters: new Map([...row].filter(([column]) => !/^(entries|new|ignore|delete|expect_.*)$/.test(column))),
      })),
    );
    expect(statistics.some(({ counters }) => (counters.get('insert') ?? 0) > 0)).toBe(true);
  });

  it.each([
    ['a file that is no namespace', '/dev/null', 'EINVAL'],
    ['no file', '/run/netns/lvs-test-nonexistent', 'ENOENT'],
  ])('reads %s as what it is and stays at home', async (_what, path, code) => {
    const home = readlinkSync('/proc/thread-self/ns/net');
    await expect(readTableSize({ namespace: path })).rejects.toMatchObject({ code });
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(home);
  });

  it('comes home from another namespace', async () => {
    const home = readlinkSync('/proc/thread-self/ns/net');
    const [own, other] = [await readTableSize(), await readTableSize({ namespace: many.path })];
    expect(other.entries).toBe(20_000);
    expect(await readTableSize()).toMatchObject({ limit: own.limit });
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(home);
    expect(readlinkSync('/proc/self/ns/net')).toBe(home);
  });

  it('rejects with EPERM without CAP_NET_ADMIN', needs('setpriv'), () => {
    const without = ['--bounding-set=-net_admin', '--inh-caps=-net_admin'];
    const refusal = (request: string) => ({
      code: 'EPERM',
      message: `EPERM: operation not permitted, ctnetlink ${request}`,
    });
    expect(runProgram('setpriv', ...without)).toEqual([
      refusal('get'),
      refusal('get'),
      refusal('getStats'),
      refusal('getStatsCpu'),
    ]);
  });

  it('refuses to leave a namespace that it may not come back to', needs('unshare', 'user namespaces'), () => {
    // Root of a user namespace may enter a network namespace that belongs to it, but not the host's, where it is.
    const script = `
      unshare --net sleep 60 & other=$!
      trap "kill $other" EXIT
      until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
      "$@" /proc/$other/ns/net`;
    const outcomes = runProgram('unshare', '--user', '--map-root-user', 'bash', '-c', script, 'bash');
    const refusal = { code: 'EPERM', message: 'EPERM: operation not permitted, setns' };
    expect(outcomes).toEqual([refusal, refusal, refusal, refusal]);
  });

  it('sends nothing but GETs', needs('strace', 'system call tracing'), () => {
    const log = join(tmpdir(), `lvs-test-strace-${process.pid}`);
    try {
      const options = ['--follow-forks', '--trace=%network', `--output=${log}`];
      const inNamespace = ['bash', '-c', `exec "$@" ${namespace}`, 'bash'];
      expect(runProgram('strace', ...options, ...inNamespace)).toMatchObject([
        { complete: true },
        { entries: 1 },
        {},
        expect.any(Array),
      ]);
      const sent = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => /\bsend\w*\(.*nlmsg_/.test(line));
      // NFNL_SUBSYS_CTNETLINK and IPCTNL_MSG_CT_GET, _GET_STATS or _GET_STATS_CPU: strace has names for those of a
      // socket in its own namespace alone.
      const types = sent.map((line) => /nlmsg_type=(0x\d+)/.exec(line)?.[1]);
      expect(types).toEqual(['0x101', '0x101', '0x105', '0x104']);
    } finally {
      rmSync(log, { force: true });
    }
  });

  it('closes its sockets on every path', async () => {
    await readTableSize();
    const before = descriptors();
    const failure = new Error('visit');
    const visit = () => {
      throw failure;
    };
    await dumpFlows(() => {}, { namespace: many.path });
    await dumpFlows(() => {}, { namespace: many.path, limit: 1 });
    await expect(dumpFlows(visit, { namespace: many.path })).rejects.toBe(failure);
    await expect(readTableSize({ namespace: '/dev/null' })).rejects.toThrow();
    await Promise.all([1, 2, 3, 4].map(() => dumpFlows(() => {}, { namespace: many.path })));
    expect(descriptors()).toEqual(before);
  });

  it('gives up a kernel that falls silent', async () => {
    // Without NLM_F_ACK nothing follows the answer to IPCTNL_MSG_CT_GET_STATS, though it is marked NLM_F_MULTI.
    const answers: number[] = [];
    const visit = (_bytes: DataView, start: number, stop: number) => answers.push(stop - start) > 0;
    const request = { operation: 'wait', type: 0x105, answerType: 0x105, flags: 0, payload: new Uint8Array(4), visit };
    await expect(withSocket(NETLINK_NETFILTER, namespace, (socket) => exchange(socket, request))).rejects.toMatchObject(
      {
        code: 'ETIMEDOUT',
        message: 'ETIMEDOUT: connection timed out, wait',
      },
    );
    expect(answers).toEqual([20]);
  });

  it("gives the kernel's reason for a refusal", async () => {
    // CTA_MARK_MASK (21) must be four bytes long.
    const payload = new Uint8Array([0, 0, 0, 0, 6, 0, 21, 0, 1, 2, 0, 0]);
    const request = { operation: 'ask', type: 0x101, answerType: 0x100, flags: 0x300, payload, visit: () => true };
    await expect(withSocket(NETLINK_NETFILTER, namespace, (socket) => exchange(socket, request))).rejects.toThrow(
      /^(ERANGE|EINVAL): .*, ask: .+/,
    );
  });
});

async function dump(options: DumpOptions): Promise<readonly Described[]> {
  const { visit, flows } = describeAll();
  await dumpFlows(visit, options);
  return flows;
}

/** Compares whole tables. Their clocks run on from one reading to the next. */
function expectSame(actual: readonly Described[], expected: readonly Described[]): void {
  const [left, right] = [actual, expected].map((flows) => flows.toSorted((a, b) => (a.text < b.text ? -1 : 1)));
  expect(left?.map(({ text }) => text)).toEqual(right?.map(({ text }) => text));
  for (const [index, flow] of (left ?? []).entries()) {
    for (const clock of ['remainingSeconds', 'ageSeconds'] as const) {
      const [one, other] = [flow[clock], right?.[index]?.[clock]];
      expect(typeof one).toBe(typeof other);
      expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThan(60);
    }
  }
}

/** Runs dump-program.ts under a command, which may add the path of a namespace, and gives what it printed. */
function runProgram(command: string, ...parameters: readonly string[]): unknown {
  const program = fileURLToPath(new URL('../dump-program.ts', import.meta.url));
  const all = [...parameters, process.execPath, '--import', 'tsx', program];
  return JSON.parse(execFileSync(command, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
}

function descriptors(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });
}
