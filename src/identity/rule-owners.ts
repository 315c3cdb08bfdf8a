/**
 * Programs that write rules of the firewall, by the names of their chains, of their tables of nftables (`inet firewalld`),
 * and by what their rules have in them.
 */
const patterns = {
  docker: [/^DOCKER(-|$)|^ip6? docker-bridges /, /\b(docker0|docker_gwbridge|br-[0-9a-f]{12})\b/],
  podman: [/^NETAVARK|^inet netavark /],
  libvirt: [/^LIBVIRT_|^libvirt-|^[FH][IO]-vnet|^ip6? libvirt_network /, /\bvirbr\d+\b/],
  'kube-router': [/^KUBE-(ROUTER|POD-FW|NWPLCY)-/],
  'kube-proxy': [/^KUBE-|^ip6? kube-proxy /],
  firewalld: [
    /^(inet|ip6?) firewalld |^((INPUT|FORWARD|OUTPUT|POSTROUTING)_(direct|ZONES|IN_ZONES|OUT_ZONES|POLICIES_(pre|post))|(IN|FWDI|FWDO|FWD|POST)_[a-z][\w-]*)$/,
  ],
  ufw: [/^ufw6?-/],
  fail2ban: [/^(f2b|fail2ban)-|^\w+ f2b-table /],
  crowdsec: [/^CROWDSEC|^ip6? crowdsec6? /, /--match-set crowdsec6?-blacklists\b/],
  imunify360: [/imunify360/i, /--match-set i360\.ipv[46]\./],
  opensnitch: [/^opensnitch-|^(inet|ip6?) opensnitch(-filter|-mangle)? /],
  neutron: [/^neutron-/],
  'ovn-kubernetes': [/^OVN-KUBE-|^inet ovn-kubernetes /],
  cilium: [/^(OLD_)?CILIUM_/],
  calico: [/^cali-|^ip6? calico |-cali-/],
  antrea: [/^ANTREA-|^ip6? antrea/],
  weave: [/^WEAVE(-|$)/],
  flannel: [/^FLANNEL-|^ip6? flannel-ipv[46] /, /flanneld (forward|masq)/],
  cni: [/^CNI-/],
  networkmanager: [/^(nm-)?sh-(in|fw)-|^ip6? nm-shared-/],
  lxd: [/^inet (lxd|incus) /, /generated for (LXD|Incus) network/],
  proxmox: [/^PVEFW-|^(inet|bridge) proxmox-firewall/],
  tailscale: [/^(ip6? (filter|nat) )?ts-(input|forward|postrouting)$/],
  mullvad: [/^(inet|ip6?) mullvad(mangle[46])? /],
  'wg-quick': [/^ip6? wg-quick-/, /wg-quick\(8\) rule for /],
  shorewall: [/^shorewall$/],
  nixos: [/^nixos-(fw|drop|nat|filter)|^(inet|ip6?) nixos-(fw|nat) /],
  vyos: [/^(VYOS|VYATTA)_|^(ip6?|inet|bridge|netdev) vyos_/],
  openwrt: [/^inet fw4 /],
  csf: [/^(LOCALINPUT|LOCALOUTPUT|DENYIN|DENYOUT|LOGDROPIN|LOGDROPOUT)$/],
} as const satisfies Readonly<Record<string, readonly [names: RegExp, content?: RegExp]>>;

export type RuleOwner = keyof typeof patterns;

const owners = Object.entries(patterns) as [RuleOwner, readonly [RegExp, RegExp?]][];

export function isRuleOwner(name: string): name is RuleOwner {
  return Object.hasOwn(patterns, name);
}

/**
 * @param chain `FORWARD` of iptables, `inet firewalld filter_INPUT` of nftables
 * @param content the rule itself, in any form
 */
export function ownerOfRule(chain: string, content: string): RuleOwner | undefined {
  const byName = owners.find(([, [names]]) => names.test(chain));
  return (byName ?? owners.find(([, [, inRules]]) => inRules?.test(content)))?.[0];
}

/**
 * Those that replace all rules of iptables when they start, and what is theirs among rules that show no owner. Any name may
 * be that of a chain of Shorewall, which are named after zones.
 */
const whole: readonly (readonly [RuleOwner, RegExp])[] = [
  ['shorewall', /^/],
  ['csf', /^/],
  ['firewalld', /--reject-with icmp6?-(host|adm)-prohibited$/],
];

/** Those that have chains among these. */
export function ownersOfChains(chains: readonly string[]): ReadonlySet<RuleOwner> {
  return new Set(chains.flatMap((name) => ownerOfRule(name, '') ?? []));
}

/** @param present those that have chains of iptables with rules of this family, whatever the table */
export function ownerOfWhole(content: string, present: ReadonlySet<RuleOwner>): RuleOwner | undefined {
  return whole.find(([owner, own]) => present.has(owner) && own.test(content))?.[0];
}

/** Which of them set the policy of a chain of iptables. Docker does so to FORWARD alone. */
const setters: Readonly<Record<string, readonly RuleOwner[]>> = {
  FORWARD: ['docker', 'ufw', 'csf', 'shorewall'],
  INPUT: ['ufw', 'csf', 'shorewall'],
  OUTPUT: ['ufw', 'csf', 'shorewall'],
};

/**
 * Those that may have set the policy of a chain of iptables.
 *
 * @param chains all chains of its table
 */
export function ownersOfPolicy(chain: string, chains: readonly string[]): RuleOwner[] {
  const present = ownersOfChains(chains);
  return (setters[chain] ?? []).filter((owner) => present.has(owner));
}
