import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { remedyOf, samplesOf } from './samples.ts';

const at = (seconds: number) => `lvs_exporter_collector_last_success_timestamp_seconds{collector="network"} ${seconds}`;

/** Ten seconds in which a counter rises by so much. */
function rise(counter: string, by: number, ...others: readonly string[]) {
  const sample = (value: number) => `${counter} ${value}`;
  return diagnose(samplesOf(at(1010), sample(500 + by), ...others), samplesOf(at(1000), sample(500), ...others));
}

const limit = (name: string) => `network_limit_exceeded_total{limit="${name}"}`;

describe.each([
  ['receive_queue', 'receive-queue-full', 'critical'],
  ['neighbours_ipv4', 'neighbour-table-full', 'critical'],
  ['neighbours_ipv6', 'neighbour-table-full', 'critical'],
  ['udp_send_queue', 'udp-send-queue-full', 'warning'],
  ['time_wait', 'time-wait-overflow', 'warning'],
])('%s', (name, id, severity) => {
  it('is exceeded from once per second on', () => {
    expect(rise(limit(name), 9)).toEqual([]);
    expect(rise(limit(name), 10)).toMatchObject([{ id, severity }]);
  });
});

describe('packets that are too long', () => {
  it('are worth knowing from 1 per second on, and a warning from 10', () => {
    const severities = [9, 10, 99, 100].map((by) => rise('network_packets_too_long_total', by)[0]?.severity);
    expect(severities).toEqual([undefined, 'info', 'info', 'warning']);
  });
});

describe('a UDP buffer', () => {
  const lost = 'network_udp_receive_buffer_errors_total';
  const find = (received: number, dropped: string, more = '') =>
    diagnose(
      samplesOf(at(1010), `${lost} 100`, `network_udp_received_total ${received}`, dropped, more),
      samplesOf(at(1000), `${lost} 0`, 'network_udp_received_total 0', 'network_udp_port_drops{port="53"} 40', more),
    );

  it('is full from one lost packet per second on', () => {
    expect(rise(lost, 9)).toEqual([]);
    expect(rise(lost, 10)).toMatchObject([{ id: 'udp-buffer-full', severity: 'critical', details: { ports: [] } }]);
  });

  it('is critical from 1 % of the packets on', () => {
    expect(find(9900, '')).toMatchObject([{ severity: 'critical', numbers: { lostRatio: 0.01 } }]);
    expect(find(10_000, '')).toMatchObject([{ severity: 'warning' }]);
  });

  it('is that of the ports whose sockets dropped packets since, the worst first', () => {
    const ports = 'network_udp_port_drops{port="53"} 45\nnetwork_udp_port_drops{port="123"} 95';
    expect(find(0, ports)).toMatchObject([{ details: { ports: ['123', '53'] } }]);
    expect(find(0, 'network_udp_port_drops{port="53"} 40')).toMatchObject([{ details: { ports: [] } }]);
  });

  it('that only loses connections of another director is another finding', () => {
    const backup = 'ipvs_sync_daemon_running{role="backup"} 1';
    const ids = (dropped: string) => find(0, dropped, backup).map(({ id }) => id);
    expect(ids('network_udp_port_drops{port="8848"} 99')).toEqual(['ipvs-sync-behind']);
    expect(ids('network_udp_port_drops{port="514"} 99')).toContain('udp-buffer-full');
  });
});

describe('the remedies of limits', () => {
  it('raise each setting, and put it back', () => {
    const [finding] = rise(
      limit('neighbours_ipv6'),
      99,
      'network_limit{limit="neighbours_ipv6"} 1024',
      'network_setting{name="ipv6.neigh.default.gc_thresh2"} 512',
    );
    const { commands, undo } = remedyOf(finding, 'more-neighbours');
    expect([commands, undo]).toEqual([
      ['sysctl -w net.ipv6.neigh.default.gc_thresh3=4096', 'sysctl -w net.ipv6.neigh.default.gc_thresh2=2048'],
      ['sysctl -w net.ipv6.neigh.default.gc_thresh2=512', 'sysctl -w net.ipv6.neigh.default.gc_thresh3=1024'],
    ]);
  });

  it('do not change what only the host itself can change, in another namespace', () => {
    const inContainer = 'lvs_host_network_namespace 0';
    const [finding] = rise(limit('receive_queue'), 99, 'network_limit{limit="receive_queue"} 1000', inContainer);
    expect(finding?.remedies.map(({ id }) => id)).toEqual([]);
  });

  it.each([
    [
      'longer-receive-queue',
      limit('receive_queue'),
      'network_limit{limit="receive_queue"} 1000',
      'sysctl -w net.core.netdev_max_backlog=4000',
    ],
    ['look-at-send-queues', limit('udp_send_queue'), '', 'tc -s qdisc show'],
    [
      'look-at-long-packets',
      'network_packets_too_long_total',
      '',
      "timeout 10 tcpdump -n -i any -c 40 'icmp[0] == 3 and icmp[1] == 4 or icmp6 and ip6[40] == 2'",
    ],
  ] as const)('are the commands of %s', (id, counter, more, command) => {
    expect(remedyOf(rise(counter, 999, more)[0], id).commands[0]).toBe(command);
  });

  it('do not offer buffers that are large already', () => {
    const [finding] = rise(
      'network_udp_receive_buffer_errors_total',
      99,
      'network_setting{name="core.rmem_default"} 212992',
      'network_setting{name="core.rmem_max"} 33554432',
    );
    expect(remedyOf(finding, 'larger-udp-buffers').commands).toEqual(['sysctl -w net.core.rmem_default=851968']);
  });
});
