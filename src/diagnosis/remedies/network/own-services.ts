import { readLocalPorts } from '../../../readings/network/local-ports.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { ownerOf } from '../../owner.ts';
import { onlyLooks, type RemedyKind } from '../../remedy.ts';

export const lookAtListeners: RemedyKind = {
  docs: 'listen-queues',
  effect: 'look',
  preconditions: [],
  plan: (readings) => ({
    ...onlyLooks,
    owner: ownerOf(readings),
    title:
      'Show the listen queue of each service: one whose Recv-Q is at its Send-Q accepts too slowly. Make the program faster or start more of it, then raise its backlog and net.core.somaxconn',
    commands: [
      commandInNamespace(readings.netns, 'ss -H -ltnp | sort -k2,2nr | head'),
      commandInNamespace(readings.netns, 'nstat -az TcpExtListenOverflows TcpExtSyncookiesSent TcpExtSyncookiesRecv'),
    ],
    verify: ['lvs-exporter diagnose'],
  }),
};

const setting = 'net.ipv4.ip_local_port_range';
/** What Linux has by default, and the widest range that leaves the ports of usual services alone. */
const ranges = { usual: '32768 60999', usualPorts: 28_232, wide: '10240 65535', widePorts: 55_296 };

export const moreLocalPorts: RemedyKind = {
  docs: 'source-ports-of-programs',
  effect: 'cure',
  preconditions: ['sysctl-writable'],
  plan: (readings, found) => {
    const ports = readLocalPorts(readings);
    if (found.id !== 'local-ports-used-up' || ports === undefined || ports.count >= ranges.widePorts) return undefined;
    const to = ports.count < ranges.usualPorts ? ranges.usual : ranges.wide;
    const set = (range: string) => commandInNamespace(readings.netns, `sysctl -w ${setting}='${range}'`);
    return {
      owner: ownerOf(readings),
      title: `Use the source ports ${to.replace(' ', ' to ')} for connections of this host`,
      commands: [set(to)],
      tradeOff:
        'A service that listens on a port of the range may find it in use when it starts: list it in net.ipv4.ip_local_reserved_ports. More servers, or more addresses of this host for them, help beyond that.',
      undo: [set(`${ports.first} ${ports.last}`)],
      persistent: [{ file: '/etc/sysctl.d/90-lvs-exporter.conf', lines: [`${setting} = ${to}`] }],
      verify: ['ss -s', 'lvs-exporter diagnose'],
    };
  },
};

export const lookAtPortUsers: RemedyKind = {
  docs: 'source-ports-of-programs',
  effect: 'look',
  preconditions: [],
  plan: (readings, { subject: { destination } }) =>
    destination && {
      ...onlyLooks,
      owner: ownerOf(readings),
      title: 'Show which program of this host has these connections. Let it keep connections open and use them again',
      commands: [`ss -H -tnp dst ${destination.address} | grep -o 'users:(("[^"]*' | sort | uniq -c | sort -rn | head`],
      verify: ['lvs-exporter diagnose'],
    },
};
