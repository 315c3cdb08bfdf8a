import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { createNamespace, type Namespace } from '../netlink/namespace.ts';
import { startInNamespace } from '../program.ts';
import { restore } from './restore.ts';
import { falsified, watchTable } from './watch-kernel.ts';

const options = { ...needs('ip', 'conntrack', 'sysctl', 'root', 'network namespaces', 'ctnetlink'), concurrent: true };
const exported = needs('ip', 'conntrack', 'root', 'network namespaces', 'ctnetlink');
const perSecond = 100;
const lifetime = 60;
const limit = 1800;
const never = Number.POSITIVE_INFINITY;

async function withNamespace(name: string, use: (namespace: Namespace) => Promise<void>): Promise<void> {
  const namespace = createNamespace(name);
  try {
    await use(namespace);
  } finally {
    namespace.remove();
  }
}

interface Opening {
  readonly protocol: string;
  /** What an opening is, for `conntrack -R`. */
  readonly words?: string;
  /** The state, and its timeout, where the kernel has a setting for it. */
  readonly state?: { readonly name: string; readonly timer: string };
  /** The timeout of a protocol without states. */
  readonly timer?: string;
}

const openings: readonly Opening[] = [
  { protocol: 'tcp', state: { name: 'SYN_SENT', timer: 'nf_conntrack_tcp_timeout_syn_sent' } },
  { protocol: 'udplite', timer: 'nf_conntrack_udp_timeout' },
  {
    protocol: 'sctp',
    words: '--orig-vtag 1 --reply-vtag 2',
    state: { name: 'COOKIE_WAIT', timer: 'nf_conntrack_sctp_timeout_cookie_wait' },
  },
  {
    protocol: 'dccp',
    words: '--role client',
    state: { name: 'REQUEST', timer: 'nf_conntrack_dccp_timeout_request' },
  },
];

describe('openings over IPv6 of each protocol with ports, without any flow of IPv4', options, () => {
  test.each(openings)('$protocol', async ({ protocol, words = '', state, timer = 'nf_conntrack_generic_timeout' }) => {
    await withNamespace(`protocol-${protocol}`, async (namespace) => {
      // Without support for a protocol, Linux tracks its flows by their addresses alone: DCCP since 6.18.
      const settings = namespace.run('sysctl', '-N', 'net.netfilter').split('\n');
      const known = state !== undefined && settings.includes(`net.netfilter.${state.timer}`) ? state : undefined;
      const name = known?.timer ?? timer;
      namespace.run('sysctl', '-q', '-w', `net.netfilter.${name}=${lifetime}`);
      const as = `-p ${protocol} -d 2001:db8:1::7 --dport 443 -u UNSET ${words} ${state ? `--state ${state.name}` : ''}`;
      let begun = 0;
      /** Those that came since the reading before, each as old as it is by now. */
      const add = (atSeconds: number) => {
        const due = Math.floor(perSecond * atSeconds);
        const flows = Array.from({ length: due - begun }, (_, n) => begun + n).map((n) => {
          const seconds = Math.round(lifetime - (atSeconds - n / perSecond));
          return `${as} -s 2001:db8::${n.toString(16)} --sport ${1024 + n} -t ${seconds}`;
        });
        restore(namespace, flows);
        begun = due;
      };
      const course = { limit, settings: { [name]: lifetime }, seconds: 14, intervalSeconds: 2 };
      const seen = await watchTable(namespace.path, course, add);

      const address = '2001:db8:1::7';
      const states = known ? [expect.objectContaining({ state: known.name })] : [];
      for (const { holder } of seen) {
        expect(holder).toMatchObject({ kind: 'destination', destination: { protocol, address, states } });
      }
      const foretold = seen.filter(({ second, fullInSeconds }) => second > 5 && fullInSeconds < never);
      expect(foretold).not.toEqual([]);
      for (const { live, fullInSeconds, equilibriumEntries } of foretold) {
        const leftSeconds = (limit - live) / perSecond;
        const wrong = falsified(seen);
        expect(fullInSeconds).toBeGreaterThan((0.7 / (1 + wrong)) * leftSeconds);
        expect(fullInSeconds).toBeLessThan(wrong < 1 ? (1.3 / (1 - wrong)) * leftSeconds : never);
        // They stay for their lifetime and until they are collected, 60 s later at most: of a larger table, never.
        expect(equilibriumEntries).toBeLessThan(1.2 * (1 + wrong) * perSecond * (lifetime + 60));
      }
    });
  });
});

/** One zone of twenty has most flows, of many clients and servers. */
function zoned(n: number): string {
  const zone = n < 600 ? 4107 : 4100 + (n % 20);
  const from = `-s 2001:db8:${(n % 250).toString(16)}::1 --sport ${1024 + n}`;
  return `-p tcp -w ${zone} ${from} -d 2001:db8:1::${n.toString(16)} --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 400000`;
}

test(
  'one zone of twenty that has most flows is exported as the largest holder, and nothing is logged',
  exported,
  async () => {
    await withNamespace('zones', async (namespace) => {
      restore(
        namespace,
        Array.from({ length: 980 }, (_, n) => zoned(n)),
      );
      const program = await startInNamespace(
        basename(namespace.path),
        '--collector.conntrack-table.schedule=* * * * * *',
      );
      try {
        await program.ready();
        const metrics = await (await program.get('/metrics')).text();
        const [, labels = '', entries = ''] = /^conntrack_largest_holder_entries\{(.*)\} (.*)$/m.exec(metrics) ?? [];
        expect(labels).toContain('kind="zone"');
        expect(labels).toContain('zone="4107"');
        expect(Number(entries)).toBe(619);
        expect(metrics).toMatch(/^conntrack_full_in_seconds(\{.*\})? \+Inf$/m);
        expect(program.log()).not.toMatch(/"level":"(warn|error)"/);
      } finally {
        program.process.kill();
        await program.ended;
      }
    });
  },
);
