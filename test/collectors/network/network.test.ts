import { describe, expect, it } from 'vitest';
import { network } from '../../../src/collectors/network/network.ts';
import { render } from '../../../src/http/exposition.ts';
import { createHost, type Machine } from '../../machine.ts';

const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF
eth0.7\t00000000\t0100000A\t0003\t0\t0\t0\t00000000
*\t006433C6\t00000000\t0201\t0\t0\t0\t00FFFFFF
`;
const settings = (device: string, ...values: readonly number[]) => {
  const names = ['rp_filter', 'arp_ignore', 'arp_announce', 'send_redirects'];
  return Object.fromEntries(
    names.map((name, index) => [`/proc/sys/net/ipv4/conf/${device}/${name}`, `${values[index]}\n`]),
  );
};
const realServer: Machine = {
  files: {
    '/proc/net/route': route,
    '/proc/net/netstat':
      'TcpExt: IPReversePathFilter ListenOverflows SyncookiesSent SyncookiesRecv\nTcpExt: 17 3 8 5\n',
    '/proc/net/snmp': 'Icmp: OutMsgs OutDestUnreachs\nIcmp: 9 4\nUdp: InDatagrams RcvbufErrors\nUdp: 7 2\n',
    '/proc/sys/net/ipv4/ip_forward': '1\n',
    '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
    '/proc/sys/net/ipv4/tcp_keepalive_time': '7200\n',
    ...settings('all', 0, 1, 2, 1),
    ...settings('eth0', 1, 0, 0, 1),
    ...settings('lo', 0, 0, 0, 0),
  },
  addresses: [
    { interface: 'lo', address: '127.0.0.1' },
    { interface: 'lo', address: '10.0.0.100' },
    { interface: 'lo', address: '10.0.1.100' },
    { interface: 'lo', address: 'fd00::100' },
    { interface: 'dummy0', address: '10.0.0.101' },
    { interface: 'eth0', address: '10.0.0.11' },
  ],
};

async function collect(machine: Machine): Promise<string[]> {
  const text = await render(await network.collect(createHost(machine)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('network.collect()', () => {
  it('exports the settings of routed interfaces, and addresses that another host could ask for', async () => {
    expect(await collect(realServer)).toEqual([
      'network_setting{name="ipv4.ip_forward"} 1',
      'network_setting{name="ipv4.tcp_keepalive_time"} 7200',
      'network_interface_setting{interface="all",name="rp_filter"} 0',
      'network_interface_setting{interface="all",name="arp_ignore"} 1',
      'network_interface_setting{interface="all",name="arp_announce"} 2',
      'network_interface_setting{interface="all",name="send_redirects"} 1',
      'network_interface_setting{interface="eth0",name="rp_filter"} 1',
      'network_interface_setting{interface="eth0",name="arp_ignore"} 0',
      'network_interface_setting{interface="eth0",name="arp_announce"} 0',
      'network_interface_setting{interface="eth0",name="send_redirects"} 1',
      'network_reverse_path_filtered_total 17',
      'network_icmp_unreachable_sent_total 4',
      'network_udp_receive_buffer_errors_total 2',
      'network_listen_overflows_total 3',
      'network_syn_cookies_sent_total 8',
      'network_syn_cookies_received_total 5',
      'network_local_port{bound="first"} 32768',
      'network_local_port{bound="last"} 60999',
      'network_hidden_address_info{address="10.0.0.100",interface="eth0"} 1',
      'network_hidden_address_info{address="10.0.1.100",interface="eth0.7"} 1',
      'network_hidden_address_info{address="10.0.0.101",interface="eth0"} 1',
    ]);
  });

  const hiddenOn = async (machine: Partial<Machine>) =>
    (await collect({ ...realServer, ...machine })).filter((line) => line.startsWith('network_hidden_address_info'));
  const running = (...names: string[]): Partial<Machine> => ({
    files: {
      ...realServer.files,
      ...Object.fromEntries(names.map((name, index) => [`/proc/${index + 7}/comm`, name])),
    },
  });

  it.each([['bird'], ['bgpd'], ['exabgp'], ['gobgpd']])(
    'leaves addresses to routers where %s announces them',
    async (name) => {
      expect(await hiddenOn(running('sshd', `${name}\n`))).toEqual([]);
    },
  );

  it('treats the BIRD of Calico as one that announces pods only', async () => {
    expect(await hiddenOn(running('bird\n', 'calico-node\n'))).toHaveLength(3);
    expect(await hiddenOn(running('bird\n', 'calico-node\n', 'exabgp\n'))).toEqual([]);
  });

  it('leaves out link-local addresses, which no router asks for', async () => {
    const files = {
      ...realServer.files,
      '/proc/net/route': `${realServer.files?.['/proc/net/route']}eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n`,
    };
    const at = (address: string) => hiddenOn({ files, addresses: [{ interface: 'lo', address }] });
    expect(await at('169.254.169.254')).toEqual([]);
    expect(await at('203.0.113.9')).toHaveLength(1);
  });

  it('leaves out what a recording or a kernel does not have', async () => {
    expect(await collect({ files: { '/proc/net/route': '' } })).toEqual([]);
  });
});
