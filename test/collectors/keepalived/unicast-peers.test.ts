import { describe, expect, it } from 'vitest';
import { keepalived } from '../../../src/collectors/keepalived/keepalived.ts';
import { keepalivedVrrpUnicastPeerReachable } from '../../../src/collectors/keepalived/metrics.ts';
import { createHost } from '../../machine.ts';

const dumpOf = (state: string, peer: string) =>
  `------< Global definitions >------
------< VRRP Topology >------
 VRRP Instance = VI_1
   VRRP Version = 2
   State = ${state}
   Last transition = 1
   Interface = eth0
   Virtual Router ID = 51
   Priority = 150
   Unicast Peer :
     ${peer} min_ttl 0 max_ttl 255
`;
const arp = (flags: string, more = '') =>
  `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.2        0x1         ${flags}         02:00:00:00:00:02     *        eth0
${more}`;
const routes = (...rows: readonly string[]) =>
  ['Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask', ...rows, ''].join('\n');
const elsewhere = 'eth0\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF';
const onLink = 'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF';
const byDefault = 'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000';

async function reachOf(text: string, files: Readonly<Record<string, string>>): Promise<number[]> {
  const dumps = { data: { text, modifiedSeconds: 1 } };
  const host = createHost({ files, keepalived: [{ daemon: '', running: true, dumps }] });
  const samples = await keepalived.collect(host);
  return samples.filter(({ metric }) => metric === keepalivedVrrpUnicastPeerReachable).map(({ value }) => value);
}

const own = '192.0.2.2';
const remote = '203.0.113.2';
const other = arp('0x2');

describe('keepalived.collect() of a unicast peer', () => {
  it.each([
    ['answers ARP', 'MASTER', own, { '/proc/net/arp': arp('0x2') }, [1]],
    ['does not answer ARP', 'MASTER', own, { '/proc/net/arp': arp('0x0') }, [0]],
    [
      'answers on another interface',
      'MASTER',
      own,
      { '/proc/net/arp': arp('0x2', `${own} 0x1 0x0 00:00:00:00:00:00 * eth1\n`) },
      [1],
    ],
    ['is behind a router', 'MASTER', remote, { '/proc/net/arp': other, '/proc/net/route': routes(byDefault) }, []],
    [
      'is behind a router, and was not before',
      'MASTER',
      own,
      { '/proc/net/arp': arp('0x0'), '/proc/net/route': routes(byDefault) },
      [],
    ],
    [
      'does not answer ARP, on a network of its own beside the default route',
      'MASTER',
      own,
      { '/proc/net/arp': arp('0x0'), '/proc/net/route': routes(byDefault, onLink) },
      [0],
    ],
    ['has no route', 'MASTER', remote, { '/proc/net/arp': other, '/proc/net/route': routes(elsewhere) }, [0]],
    ['has no route at all', 'MASTER', remote, { '/proc/net/arp': other, '/proc/net/route': '' }, [0]],
    ['is of a machine that shows neither', 'MASTER', remote, {}, []],
    ['is that of a backup', 'BACKUP', own, { '/proc/net/arp': arp('0x0') }, []],
    ['has an address of IPv6', 'MASTER', 'fd00::2', { '/proc/net/arp': other, '/proc/net/route': '' }, []],
  ])('that %s', async (_, state, peer, files, expected) => {
    expect(await reachOf(dumpOf(state, peer), files)).toEqual(expected);
  });
});
