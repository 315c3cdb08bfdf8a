/** What breaks a rule of the checklist, and may. Each has its reason, and one that is not needed fails the tests. */
export const exclusions: readonly { readonly check: string; readonly finding: RegExp; readonly reason: string }[] = [
  {
    check: 'selectors have the picked machines',
    finding: /: ALERTS(_FOR_STATE)? without instance$/,
    reason: 'The alerts of a VRRP pair have no instance.',
  },
  {
    check: 'selectors have the picked machines',
    finding:
      /^lvs-overview Critical alerts A: (instance:conntrack_entries:limit_ratio|instance:keepalived_vrrp_address:master|virtual_server:ipvs_past_director_connections:rate1m) without instance$/,
    reason: 'They show whether the rules are loaded, not what a machine does.',
  },
  {
    check: 'selectors have the picked machines',
    finding:
      /^lvs-(overview|keepalived) (No single master|Masters of each virtual address) A: (keepalived_vrrp_(address_bound|state|advertisements_received_total)|up) without instance$/,
    reason: 'A pair is several machines: to pick one of them must not make it look broken.',
  },
  {
    check: 'selectors have the picked machines',
    finding:
      /^lvs-(overview|exporter) (Blind spots|Exporters down|Machines) A: (up|lvs_exporter_build_info) without instance$/,
    reason: 'Whether a job has exporters alone does not depend on which of them is picked.',
  },
  {
    check: 'panels with thresholds link to what to do',
    finding: /^lvs-overview Critical alerts$/,
    reason: 'The table below it has the alerts, each with its runbook.',
  },
  {
    check: 'answers are seen beside the menu',
    finding: /^lvs-exporter Collectors: /,
    reason: 'One column for each collector. The tile above it counts those that fail, the timeline below names them.',
  },
];
