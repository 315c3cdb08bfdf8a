import { createIpvs, type IpvsOptions } from '../../src/collectors/ipvs/ipvs.ts';
import { render } from '../../src/http/exposition.ts';
import type { IpvsDestination } from '../../src/netlink/ipvs/destination.ts';
import type { DetailedService, IpvsDetail } from '../../src/netlink/ipvs/ipvs.ts';
import { createHost, type Machine } from '../machine.ts';

const title = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;
/** One service with a real server of each of two kinds, as /proc/net/ip_vs has it. */
export const web = `TCP  0A000065:0050 sh  persistent 30000 FFFFFFFF
  -> 0A00000B:0050      Route   3      2          5
  -> 0A00000C:0050      Tunnel  1      1          0
`;
const stats = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
      12       12        0              3F6                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0                0                0
`;

/** A machine with these services. */
export const machine = (table: string, rest: Machine = {}): Machine => ({
  ...rest,
  files: { '/proc/net/ip_vs': `${title}${table}`, '/proc/net/ip_vs_stats': stats, ...rest.files },
});

export const traffic = (connections: number) => {
  return { connections, incomingPackets: 2, outgoingPackets: 3, incomingBytes: 2 ** 40, outgoingBytes: 5 };
};
export const destination = (address: string, rest: Partial<IpvsDestination> = {}): IpvsDestination => ({
  ...{ family: 'ipv4', address, port: '80', forward: 'direct', weight: 1, upperThreshold: 0, lowerThreshold: 0 },
  ...{ activeConnections: 0, inactiveConnections: 0, persistentConnections: 7, traffic: traffic(1) },
  ...rest,
});
export const service = (rest: Partial<DetailedService>): DetailedService => ({
  ...{ family: 'ipv4', protocol: 'tcp', address: '10.0.0.101', port: '80', fwmark: '', scheduler: 'sh', flags: 2 },
  ...{ netmask: '255.255.255.255', traffic: traffic(9), realServers: [] },
  ...rest,
});
export const detail = (...services: DetailedService[]): IpvsDetail => ({
  timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
  daemons: [{ role: 'backup', interface: 'eth1', syncId: 7 }],
  services,
});
/** What netlink reports of `web`. */
export const webDetail = detail(
  service({
    ...{ flags: 0x1b, persistenceSeconds: 300 },
    realServers: [
      destination('10.0.0.11', { upperThreshold: 1000, lowerThreshold: 500 }),
      destination('10.0.0.12', { forward: 'tunnel', tunnel: { type: 'gue', port: '6080' } }),
    ],
  }),
);

/** The series that the collector gives, as text. */
export async function collect(one: Machine, options: Partial<IpvsOptions> = {}): Promise<string[]> {
  const collector = createIpvs({ maxSeries: 1000, aggregate: false, upstreamConntrackLimit: undefined, ...options });
  const text = await render(await collector.collect(createHost(one)), 'text');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The labels of `web`. */
export const virtualServer = 'protocol="tcp",address="10.0.0.101",port="80",fwmark=""';
export const direct = `${virtualServer},real_address="10.0.0.11",real_port="80",forward="direct"`;
export const tunnel = `${virtualServer},real_address="10.0.0.12",real_port="80",forward="tunnel"`;
