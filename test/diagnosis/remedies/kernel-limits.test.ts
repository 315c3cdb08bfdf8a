import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

/** Ten seconds in which a counter rises by 100, beside other samples. */
function find(counter: string, ...others: readonly string[]): Finding | undefined {
  const seen = (seconds: number, value: number) =>
    samplesOf(
      `lvs_exporter_collector_last_success_timestamp_seconds{collector="network"} ${seconds}`,
      `${counter} ${value}`,
      ...others,
    );
  return diagnose(seen(1010, 100), seen(1000, 0))[0];
}

describe('remedies of limits outside connection tracking', neededByHop, () => {
  let hop: Hop;
  beforeAll(async () => {
    hop = await createHop('limits', 'ipv4');
  });
  afterAll(() => hop.end());

  it('more-time-wait keeps connections that the kernel forgot before', () => {
    hop.run('server', 'sysctl -qw net.ipv4.tcp_max_tw_buckets=5');
    const overflows = () =>
      Number(/TCPTimeWaitOverflow +(\d+)/.exec(hop.run('server', 'nstat -az TcpExtTCPTimeWaitOverflow'))?.[1]);
    const rise = () => {
      const before = overflows();
      hop.request(hop.addresses.server, serverPort, 12);
      return overflows() - before;
    };
    const remedy = remedyOf(
      find('network_limit_exceeded_total{limit="time_wait"}', 'network_limit{limit="time_wait"} 5'),
      'more-time-wait',
    );
    expect(rise()).toBeGreaterThan(0);
    for (const command of remedy.commands) hop.run('server', command);
    expect(rise()).toBe(0);
    for (const command of isNone(remedy.undo) ? [] : remedy.undo) hop.run('server', command);
    expect(rise()).toBeGreaterThan(0);
  });

  it('look-at-neighbours counts those that do not answer', () => {
    hop.run('hop', 'ip neighbour add 198.51.100.77 dev far nud failed');
    const [show = ''] = remedyOf(
      find('network_limit_exceeded_total{limit="neighbours_ipv4"}'),
      'look-at-neighbours',
    ).commands;
    expect(hop.run('hop', show)).toMatch(/^ +1 far FAILED$/m);
  });

  it('look-at-udp-sockets names the program whose socket dropped packets', () => {
    const [show = ''] = remedyOf(find('network_udp_receive_buffer_errors_total'), 'look-at-udp-sockets').commands;
    const listener = `${process.execPath} -e 'require("dgram").createSocket("udp4").bind(5353, () => {
      process.stdout.write("bound\\n"); for (const end = Date.now() + 60000; Date.now() < end; ); })'`;
    const flood = `for i in $(seq 2000); do echo x >/dev/udp/127.0.0.1/5353; done`;
    const shown = hop.run('hop', `coproc ${listener}; read -u "\${COPROC[0]}"; ${flood}; ${show}; kill %1`);
    expect(shown).toMatch(/:5353 .*"node".*,d[1-9]\d*\)/);
    expect(hop.run('server', `${show} || true`)).toBe('');
  });
});
