import { deleteAll } from '../../commands/conntrack.ts';
import { keepRules } from '../../commands/rule-files.ts';
import { commandInNamespace } from '../../commands/shell.ts';
import { iptablesFor, isIPv6, type Target, targetOf } from '../../commands/target.ts';
import type { Endpoint } from '../../finding.ts';
import { ownerOf } from '../../owner.ts';
import type { RemedyKind } from '../../remedy.ts';

/** UDP ports of VXLAN (RFC 7348), Geneve (RFC 8926) and VXLAN as Linux had it at first. */
const tunnelPorts: ReadonlySet<string> = new Set(['4789', '6081', '8472']);
/** GRE, ESP, and IPIP by number: what conntrack prints for them. */
const tunnelProtocols: ReadonlySet<string> = new Set(['gre', '47', 'esp', '50', 'ipip', '4']);

/** Tunnels choose a source port for each inner flow and have no replies: each is a one-way flow. */
export function isTunnel({ protocol, port }: Pick<Endpoint, 'protocol' | 'port'>): boolean {
  return (protocol === 'udp' && tunnelPorts.has(port)) || tunnelProtocols.has(protocol);
}

const tradeOff =
  'Tunnel packets become UNTRACKED: the firewall must accept them by port or protocol. The traffic inside the tunnels is tracked as before.';

/** To any address: a host has one tunnel for each peer. What the host itself sends passes OUTPUT alone. */
export const notrackTunnels: RemedyKind = {
  docs: 'tunnels',
  effect: 'cure',
  preconditions: ['iptables-installed', 'not-exempt-yet', 'no-nat', 'stateless-firewall'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || !isTunnel(target)) return undefined;
    const rule = `${matchOf(target)} -j CT --notrack`;
    const run = (options: string) => commandInNamespace(target.netns, `${iptablesFor(target)} -t raw ${options}`);
    return {
      owner: ownerOf(readings),
      title: `Do not track tunnels (${nameTunnel(target)}) to any address, with iptables`,
      commands: [run(`-I PREROUTING 1 ${rule}`), run(`-I OUTPUT 1 ${rule}`), deleteAll(target.netns, filterOf(target))],
      tradeOff,
      undo: [run(`-D PREROUTING ${rule}`), run(`-D OUTPUT ${rule}`)],
      persistent: keepRules(readings, [
        {
          tool: iptablesFor(target),
          table: 'raw',
          lines: [`-I PREROUTING 1 ${rule}`, `-I OUTPUT 1 ${rule}`],
        },
      ]),
      verify: [run('-L -n -v'), commandInNamespace(target.netns, `conntrack -L ${filterOf(target)}`)],
    };
  },
};

/** The same with nft. */
export const notrackTunnelsNftables: RemedyKind = {
  docs: 'tunnels',
  effect: 'cure',
  preconditions: ['nft-installed', 'not-exempt-yet', 'no-nat', 'stateless-firewall'],
  plan: (readings, found) => {
    const target = targetOf(found);
    if (target === undefined || !isTunnel(target)) return undefined;
    const table = `lvs_notrack_tunnels_${target.protocol}${target.port}`;
    const match = target.protocol === 'udp' ? `udp dport ${target.port}` : `meta l4proto ${target.protocol}`;
    const run = (command: string) => commandInNamespace(target.netns, `nft ${command}`);
    const lines = ['prerouting', 'output'].flatMap((hook) => [
      `add chain inet ${table} ${hook} { type filter hook ${hook} priority raw; policy accept; }`,
      `add rule inet ${table} ${hook} ${match} counter notrack`,
    ]);
    return {
      owner: ownerOf(readings),
      title: `Do not track tunnels (${nameTunnel(target)}) to any address, with nftables`,
      commands: [
        run(`add table inet ${table}`),
        ...lines.map((line) => run(`'${line}'`)),
        deleteAll(target.netns, filterOf(target)),
      ],
      tradeOff,
      undo: [run(`delete table inet ${table}`)],
      persistent: keepRules(readings, [{ tool: 'nft', lines: [`add table inet ${table}`, ...lines] }]),
      verify: [run(`list table inet ${table}`), commandInNamespace(target.netns, `conntrack -L ${filterOf(target)}`)],
    };
  },
};

function matchOf({ protocol, port }: Target): string {
  return `-p ${protocol}${protocol === 'udp' ? ` --dport ${port}` : ''}`;
}

function filterOf(target: Target): string {
  return `${isIPv6(target) ? '-f ipv6 ' : ''}${matchOf(target)}`;
}

function nameTunnel({ protocol, port }: Target): string {
  return protocol === 'udp' ? `UDP port ${port}` : `protocol ${protocol}`;
}
