/**
 * Commands that make the rules by which Neutron's iptables_hybrid driver has a port tracked in a zone
 * (`_get_jump_rules()` in neutron/agent/linux/iptables_firewall.py), with those of a port that is not tracked.
 */
export function neutronRules(iptables: string, stem: string, target: `--zone ${number}` | '--notrack'): string[] {
  const comment = target === '--notrack' ? `Make ${stem} stateless` : `Set zone for ${stem}`;
  return [`-m physdev --physdev-in qvb${stem}`, `-i qvb${stem}`, `-m physdev --physdev-in tap${stem}`].map(
    (match) =>
      `${iptables} -t raw -A neutron-openvswi-PREROUTING ${match} -m comment --comment "${comment}" -j CT ${target}`,
  );
}

/** Commands that make Neutron's chain in the raw table. */
export function neutronChain(iptables: string): string[] {
  return [
    `${iptables} -t raw -N neutron-openvswi-PREROUTING`,
    `${iptables} -t raw -A PREROUTING -j neutron-openvswi-PREROUTING`,
  ];
}
