import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { isNone } from '../../../src/diagnosis/remedy.ts';
import { needs } from '../../needs.ts';
import { remedyOf, samplesOf } from '../samples.ts';
import { createHop, type Hop, neededByHop, serverPort } from './hop.ts';

interface Host {
  readonly owners?: string;
  readonly position?: string;
  readonly rule?: string;
  /** Packets that arrived for others, beside 100 refused ones. */
  readonly routed?: number;
  readonly more?: string;
}

function find({ owners = 'docker', position = 'policy', rule = '', routed = 10, more = '' }: Host) {
  const place = `tool="iptables",chain="filter FORWARD",position="${position}"`;
  const text = `lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"} 20
    network_setting{name="bridge.bridge-nf-call-iptables"} 1
    firewall_refusal_info{${place},rule="${rule}",paths="forward",owners="${owners}"} 1
    firewall_refused_packets_total{${place}} 100
    firewall_kernel_packets_total{family="ipv4",counter="InReceives"} ${routed}
    firewall_kernel_packets_total{family="ipv4",counter="InDelivers"} 0
    firewall_kernel_packets_total{family="ipv4",counter="OutRequests"} 0
    firewall_kernel_packets_total{family="ipv4",counter="OutForwDatagrams"} 0
    ${more}`;
  const earlier = text.replaceAll(/(_total(?:\{[^}]*\})?) \d+/g, '$1 0').replace('} 20', '} 10');
  return diagnose(samplesOf(text), samplesOf(earlier)).find(({ id }) => id === 'packets-refused');
}

describe("'accept-bridged' is for what only crosses a bridge, where no program filters there", () => {
  const offered = (host: Host) => find(host)?.remedies.map(({ id }) => id);

  it.each<[string, Host, readonly string[]]>([
    ['of Docker', {}, ['accept-bridged', 'look-at-refusal']],
    ['of a rule for all', { position: '3', rule: '-j DROP' }, ['accept-bridged', 'look-at-refusal']],
    ['of a rule for some', { position: '3', rule: '-o br0 -j DROP' }, ['look-at-refusal']],
    ['of routed packets', { routed: 90 }, ['look-at-refusal']],
    [
      'beside security groups',
      {
        more: 'firewall_refusal_info{tool="iptables",chain="filter neutron-openvswi-sg-fallback",position="1",rule="-j DROP",paths="forward",owners="neutron"} 1',
      },
      ['look-at-refusal'],
    ],
  ])('%s', (_what, host, expected) => {
    expect(offered(host)).toEqual(expected);
  });
});

const routed = '203.0.113.10';

const bridging = needs('ip', 'sysctl', 'root', 'network namespaces', 'br_netfilter');

describe('packets over a bridge', neededByHop, () => {
  describe('with br_netfilter', bridging, () => {
    let hop: Hop;
    beforeAll(async () => {
      hop = await createHop('bridged', 'ipv4');
      hop.type([
        'ip address flush dev near; ip address flush dev far; ip link add br0 type bridge',
        'ip link set near master br0; ip link set far master br0; ip link set br0 up',
        'sysctl -qw net.bridge.bridge-nf-call-iptables=1',
        'iptables -P FORWARD DROP; iptables -N DOCKER-USER; iptables -A FORWARD -j DOCKER-USER',
      ]);
      hop.run('client', 'ip address flush dev eth0; ip address add 198.51.100.1/24 dev eth0');
      // Two addresses that the hop routes: in over the bridge and out over it again.
      hop.type([
        'sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0',
        'ip address add 198.51.100.2/24 dev br0',
        `ip route add 203.0.113.1 via 198.51.100.1; ip route add ${routed} via ${hop.addresses.server}`,
      ]);
      hop.run(
        'client',
        `ip address add 203.0.113.1/32 dev lo; ip route add ${routed} via 198.51.100.2 src 203.0.113.1`,
      );
      hop.run('server', `ip address add ${routed}/32 dev lo; ip route add 203.0.113.1 via 198.51.100.2`);
    });
    afterAll(() => hop.end());

    const replied = () => [hop.addresses.server, routed].map((address) => hop.request(address, serverPort, 5));

    it('get through with the remedy, and not after its undo, and routed ones never', () => {
      expect(replied()).toEqual([0, 0]);
      const remedy = remedyOf(find({}), 'accept-bridged');
      hop.type(remedy.commands);
      expect(replied()).toEqual([5, 0]);
      if (isNone(remedy.undo)) throw new Error('Expected an undo');
      hop.type(remedy.undo);
      expect(replied()).toEqual([0, 0]);
      hop.type(['iptables -P FORWARD ACCEPT']);
      expect(replied()).toEqual([5, 5]);
      hop.type(['iptables -P FORWARD DROP']);
    });
  });
});
