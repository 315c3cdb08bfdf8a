/** What breaks a rule of the checklist, and may. Each has its reason, and one that is not needed fails the tests. */
export const exclusions: readonly { readonly check: string; readonly finding: RegExp; readonly reason: string }[] = [
  {
    check: 'selectors have the picked machines',
    finding: /: ALERTS(_FOR_STATE)? without instance$/,
    reason: 'The alerts of a VRRP pair have no instance.',
  },
  {
    check: 'selectors have the picked machines',
    finding: /: instance:conntrack_entries:limit_ratio without instance$/,
    reason: 'It tells whether the rules are loaded, not what a machine does.',
  },
  {
    check: 'selectors have the picked machines',
    finding:
      /^lvs-(overview|keepalived) (Without one master|Virtual addresses without one master|Masters of each virtual address) A: keepalived_vrrp_(address_bound|state) without instance$/,
    reason: 'A pair is several machines: to pick one of them must not make it look broken.',
  },
];
