import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Keepalived } from '../../src/host/host.ts';
import type { DetailedService, IpvsDetail } from '../../src/netlink/ipvs/ipvs.ts';
import type { IpvsTraffic } from '../../src/netlink/ipvs/traffic.ts';
import type { InterfaceAddress } from '../../src/netlink/route/address-message.ts';
import { type IpVsTable, parseIpVs, type VirtualServer } from '../../src/parsers/procfs/ipvs/ip-vs.ts';
import type { RealServer } from '../../src/parsers/procfs/ipvs/ip-vs-row.ts';
import { makeTree } from '../ipvs-tree.ts';

export interface DirectorSize {
  readonly services: number;
  /** Of each service. */
  readonly realServers: number;
}

/** Connections a second for each unit of weight. */
const connectionRate = 2;

/**
 * A director with more services than the recorded one has: its table, what netlink reports of it, and a keepalived that
 * checks every real server, all in order, and the addresses of its interfaces. Everything else is as it was recorded.
 */
export function enlargeDirector(
  recorded: Host,
  { services, realServers }: DirectorSize,
  addresses: readonly InterfaceAddress[],
  now: () => number,
): Host {
  const tree = makeTree(services, realServers);
  const text = readFileSync(join(tree, 'net/ip_vs'), 'utf8');
  rmSync(tree, { recursive: true });
  // Direct server return keeps the port. A weight of 0 would be a finding.
  const file = text.replaceAll(':1F90 ', ':0050 ').replaceAll('Route   0 ', 'Route   5 ');
  const table = parseIpVs(file);
  const check = writeCheckDump(table);
  return {
    ...recorded,
    addresses: async () => addresses,
    // The lab's directors share a kernel: each has a network namespace that is not the host's.
    listDirectory: async (path) =>
      path === '/proc/sys/net' ? ['nf_conntrack_max'] : await recorded.listDirectory(path),
    readFile: async (path) => (path === '/proc/net/ip_vs' ? file : await recorded.readFile(path)),
    ipvs: async () => detail(table, now()),
    keepalived: async () => (await recorded.keepalived()).map((one) => withCheckDump(one, check, now())),
  };
}

/** All its dumps are of now. */
function withCheckDump(keepalived: Keepalived, check: string, modifiedSeconds: number): Keepalived {
  const texts = [...Object.entries(keepalived.dumps).map(([kind, { text }]) => [kind, text]), ['check', check]];
  return { ...keepalived, dumps: Object.fromEntries(texts.map(([kind, text]) => [kind, { text, modifiedSeconds }])) };
}

function detail({ virtualServers }: IpVsTable, seconds: number): IpvsDetail {
  return {
    timeouts: { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 },
    daemons: [],
    services: virtualServers.map((one) => describeService(one, seconds)),
  };
}

function describeService(server: VirtualServer, seconds: number): DetailedService {
  const { protocol, address, port, scheduler } = server;
  return {
    ...{ family: 'ipv4', protocol, address, port, fwmark: '', scheduler, flags: 2, netmask: '255.255.255.255' },
    traffic: traffic(sumOfWeights(server), seconds),
    realServers: server.realServers.map((real) => ({
      ...{ family: 'ipv4', upperThreshold: 0, lowerThreshold: 0, persistentConnections: 0 },
      ...{ address: real.address, port: real.port, forward: real.forward, weight: real.weight },
      ...{ activeConnections: real.activeConnections, inactiveConnections: real.inactiveConnections },
      traffic: traffic(real.weight, seconds),
    })),
  };
}

/** As many connections as its weight is worth. */
function traffic(weight: number, seconds: number): IpvsTraffic {
  const connections = Math.floor(connectionRate * weight * seconds);
  return {
    connections,
    ...{ incomingPackets: connections * 9, outgoingPackets: 0, incomingBytes: connections * 900, outgoingBytes: 0 },
  };
}

function sumOfWeights({ realServers }: VirtualServer): number {
  return realServers.reduce((sum, { weight }) => sum + weight, 0);
}

/** keepalived_check.data of a keepalived 2.2.7, without what is not read of it. */
function writeCheckDump({ virtualServers }: IpVsTable): string {
  const checkers = virtualServers.flatMap((server) => server.realServers.map((real) => writeChecker(server, real)));
  return [
    '------< Global definitions >------\n Network namespace ipvs = (main namespace)\n',
    '------< LVS Topology >------\n',
    ...virtualServers.map(writeVirtualServer),
    '------< Health checkers >------\n',
    ...checkers,
    '------< Checker track files >------\n',
  ].join('');
}

function writeVirtualServer({ address, port, protocol, scheduler, realServers }: VirtualServer): string {
  const title = ` ------< Virtual server >------
 VS VIP = ${address}, VPORT = ${port}
   Address family = inet
   lvs_sched = ${scheduler}
   protocol = ${protocol.toUpperCase()}
   quorum = 1, hysteresis = 0
   default forwarding method = DR
   alive = 1
   quorum_state_up = 1
   reloaded = 0
`;
  return [title, ...realServers.map(writeRealServer)].join('');
}

function writeRealServer({ address, port, weight }: RealServer): string {
  return `   ------< Real server >------
   RIP = ${address}, RPORT = ${port}, WEIGHT = ${weight} EFF WEIGHT = ${weight}
   forwarding method = DR
   initial weight = ${weight}
   effective weight = ${weight}
   alive = 1
   num failed checkers = 0
   RS set = 1
   reloaded = 0
`;
}

function writeChecker({ address, port, protocol }: VirtualServer, real: RealServer): string {
  return ` [${address}]:${protocol}:${port} -> [${real.address}]:${protocol}:${real.port}
   Enabled = yes
   Up = yes
   Has run = yes
   Keepalive method = TCP_CHECK
`;
}
