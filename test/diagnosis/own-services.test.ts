import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { remedyOf, samplesOf } from './samples.ts';

const at = (seconds: number) => `lvs_exporter_collector_last_success_timestamp_seconds{collector="network"} ${seconds}`;

/** Ten seconds in which a counter rises by so much. */
function rise(counter: string, by: number, ...others: readonly string[]) {
  const sample = (value: number) => `${counter} ${value}`;
  return diagnose(samplesOf(at(1010), sample(500 + by), ...others), samplesOf(at(1000), sample(500), ...others));
}

describe('a listen queue', () => {
  it('is full from one refused connection per second on', () => {
    expect(rise('network_listen_overflows_total', 9)).toEqual([]);
    expect(rise('network_listen_overflows_total', 10)).toMatchObject([
      { id: 'listen-queue-full', severity: 'critical', numbers: { refusedConnections: 10, refusedPerSecond: 1 } },
    ]);
  });
});

describe('SYN cookies', () => {
  it('that are sent are reported, with how many clients completed theirs', () => {
    expect(rise('network_syn_cookies_sent_total', 9)).toEqual([]);
    expect(rise('network_syn_cookies_sent_total', 20)).toMatchObject([
      { id: 'syn-cookies-sent', severity: 'warning', numbers: { sentPackets: 20, completedConnections: 0 } },
    ]);
  });
});

describe('source ports of this host', () => {
  const destination = 'protocol="tcp",address="198.51.100.10",port="80",zone="0"';
  const own = 'address="198.51.100.1",zone="0"';
  const find = (open: number, { destinations = 1, entries = open, ports = [40_000, 40_199] } = {}) =>
    diagnose(
      samplesOf(`conntrack_entries ${open}
        network_local_port{bound="first"} ${ports[0]}
        network_local_port{bound="last"} ${ports[1]}
        prerequisites_own_address_info{address="198.51.100.1"} 1
        conntrack_destination_entries{${destination}} ${open}
        conntrack_destination_state_entries{${destination},state="ESTABLISHED"} ${open}
        conntrack_source_entries{${own}} ${entries}
        conntrack_source_destinations{${own}} ${destinations}`),
    ).filter(({ id }) => id === 'local-ports-used-up');

  it('are used up from nine tenths on', () => {
    expect(find(179)).toEqual([]);
    expect(find(180)).toMatchObject([{ severity: 'critical', numbers: { openConnections: 180, localPorts: 200 } }]);
  });

  it.each([
    ['of another source', { entries: 100 }],
    ['for many destinations', { destinations: 40 }],
  ])('are not, with connections %s', (_what, more) => {
    expect(find(200, more)).toEqual([]);
  });

  it.each([
    [[40_000, 40_199], "sysctl -w net.ipv4.ip_local_port_range='32768 60999'"],
    [[32_768, 60_999], "sysctl -w net.ipv4.ip_local_port_range='10240 65535'"],
  ])('of the range %j are extended, and the range is put back', (ports, command) => {
    const remedy = remedyOf(find(40_000, { ports })[0], 'more-local-ports');
    expect([remedy.commands, remedy.undo]).toEqual([
      [command],
      [`sysctl -w net.ipv4.ip_local_port_range='${ports.join(' ')}'`],
    ]);
  });

  it('cannot be extended beyond all of them', () => {
    expect(find(60_000, { ports: [1024, 65_535] })[0]?.remedies.map(({ id }) => id)).toEqual(['look-at-port-users']);
  });
});
