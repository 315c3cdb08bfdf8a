import { prerequisitesToolInstalled } from '../../../collectors/prerequisites/metrics.ts';
import type { Readings } from '../../../readings/readings.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { ownerOf } from '../../owner.ts';
import { mapSome, type RemedyKind, type Some } from '../../remedy.ts';

const rule = 'FORWARD 1 -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu';
const title = 'Announce to both sides of each new TCP connection how long its packets may be';
const tradeOff =
  'Open connections keep their length: clients must connect again. UDP is not helped: a program must send shorter packets, or the link needs a larger MTU.';

/** A firewall on the way may drop the message that asks for shorter packets; what the handshake announces always arrives. */
export const clampSegments: RemedyKind = {
  docs: 'packets-that-are-too-long',
  effect: 'cure',
  preconditions: ['iptables-installed'],
  plan: (readings) => {
    const programs = programsOf(readings);
    return {
      owner: ownerOf(readings),
      title: `${title}, with iptables`,
      commands: mapSome(programs, (tool) => `${tool} -t mangle -I ${rule}`),
      tradeOff,
      undo: mapSome(programs, (tool) => `${tool} -t mangle -D ${rule.replace(' 1 ', ' ')}`),
      persistent: keepRules(
        readings,
        mapSome(programs, (tool) => ({ tool, table: 'mangle', lines: [`-I ${rule}`] })),
      ),
      verify: ['nstat -az IpFragFails Ip6FragFails', 'iptables -t mangle -L FORWARD -n -v'],
    };
  },
};

function programsOf(readings: Readings): Some<string> {
  const ipv6 = 'ip6tables';
  return readings.is(prerequisitesToolInstalled, { tool: ipv6 }) ? ['iptables', ipv6] : ['iptables'];
}

const table = 'inet lvs_clamp_segments';
const lines: Some<string> = [
  `add table ${table}`,
  `add chain ${table} forward { type filter hook forward priority -150; policy accept; }`,
  `add rule ${table} forward tcp flags & (syn|rst) == syn counter tcp option maxseg size set rt mtu`,
];

export const clampSegmentsNftables: RemedyKind = {
  docs: 'packets-that-are-too-long',
  effect: 'cure',
  preconditions: ['nft-installed'],
  plan: (readings) => ({
    owner: ownerOf(readings),
    title: `${title}, with nftables`,
    commands: mapSome(lines, (line) => `nft '${line}'`),
    tradeOff,
    undo: [`nft delete table ${table}`],
    persistent: keepRules(readings, [{ tool: 'nft', lines }]),
    verify: ['nstat -az IpFragFails Ip6FragFails', `nft list table ${table}`],
  }),
};
