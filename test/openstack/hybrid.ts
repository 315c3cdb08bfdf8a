import { execFileSync } from 'node:child_process';
import { neutronChain, neutronRules } from './neutron-rules.ts';

/** A compute node under Neutron's iptables_hybrid driver with one port, and a client of it, in network namespaces. */
export interface HybridNode {
  /** Runs a shell command on the compute node. */
  run(command: string): string;
  /** The client sends one packet to each virtual address. */
  send(protocol: 'tcp' | 'udp', port: number): void;
  /** The namespaces, as `ip netns exec` has them. */
  readonly names: { readonly node: string; readonly client: string };
  remove(): void;
}

export const virtualAddress = '203.0.113.80';
export const virtualAddress6 = '2001:db8::80';

/**
 * client -- qvb…, the bridge qbr…, tap… -- director. The bridge hands its packets to iptables, where Neutron's rules give
 * them a zone. The director has the virtual addresses and does not answer by this way.
 */
export function makeHybridNode(stem: string, zone: number): HybridNode {
  const nameOf = (role: string) => `lvs-hybrid-${role}-${process.pid}`;
  const [node, client, director] = [nameOf('node'), nameOf('client'), nameOf('director')];
  for (const name of [node, client, director]) execFileSync('ip', ['netns', 'add', name]);
  for (const [device, peer] of [
    [`qvb${stem}`, client],
    [`tap${stem}`, director],
  ]) {
    execFileSync('ip', `link add ${device} netns ${node} type veth peer name eth0 netns ${peer}`.split(' '));
  }
  run(node, bridge(stem));
  for (const iptables of ['iptables', 'ip6tables']) {
    const accept = `${iptables} -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED,NEW,INVALID -j ACCEPT`;
    const rules = [...neutronChain(iptables), ...neutronRules(iptables, stem, `--zone ${zone}`), accept];
    run(node, rules.join('\n'));
  }
  run(client, plug('203.0.113.7', '2001:db8::7'));
  run(director, `${plug(virtualAddress, virtualAddress6)}\n${silence}`);
  return {
    run: (command) => run(node, command),
    send(protocol, port) {
      for (const to of [virtualAddress, virtualAddress6]) {
        run(client, `timeout 0.2 bash -c 'echo x >/dev/${protocol}/${to}/${port}' 2>/dev/null || true`);
      }
    },
    names: { node, client },
    remove() {
      for (const name of [node, client, director]) execFileSync('ip', ['netns', 'delete', name]);
    },
  };
}

function run(netns: string, commands: string): string {
  return execFileSync('ip', ['netns', 'exec', netns, 'bash', '-ec', commands], { encoding: 'utf8', stdio: 'pipe' });
}

function bridge(stem: string): string {
  return `ip link add qbr${stem} type bridge
    for device in qvb${stem} tap${stem}; do ip link set $device master qbr${stem}; ip link set $device up; done
    ip link set qbr${stem} up
    sysctl -q -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1`;
}

function plug(address: string, address6: string): string {
  return `ip link set eth0 up
    ip address add ${address}/24 dev eth0
    ip address add ${address6}/64 dev eth0 nodad`;
}

const silence = `nft add table inet silent
  nft 'add chain inet silent output { type filter hook output priority -350; }'
  nft add rule inet silent output meta l4proto { tcp, udp, icmp } drop
  nft add rule inet silent output icmpv6 type destination-unreachable drop`;
