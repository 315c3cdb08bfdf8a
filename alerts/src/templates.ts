/** Pieces of the annotations: templates of Prometheus. */

/** The machine, and the network namespace where it is not the machine's own. */
export const machine = '{{ $labels.instance }}{{ with $labels.netns }}, network namespace {{ . }},{{ end }}';

/** An address and port, from `labels`: `$labels` or a sample's `.Labels`. */
export function destinationOf(labels: string): string {
  return `{{ ${labels}.protocol }} {{ ${labels}.address }} port {{ ${labels}.port }} (zone {{ ${labels}.zone }})`;
}

/** A sentence on whose a destination is, on a compute node of OpenStack. A query for the reason that `largestDestination` has. */
export function ownerOf(labels: string): string {
  const values = ['job', 'instance', 'netns', 'protocol', 'address', 'port', 'zone'];
  const matchers = values.map((name) => `${name}=%q`).join(', ');
  return (
    `{{ range printf "topk(1, conntrack_destination_info{${matchers}})" ${values.map((name) => `${labels}.${name}`).join(' ')} | query }}` +
    ' They go through {{ .Labels.device }}{{ with .Labels.vm }}, virtual machine {{ . }}{{ end }}' +
    '{{ with .Labels.project }} of project {{ . }}{{ end }}.{{ end }}'
  );
}

/** A virtual server, which has an address or a firewall mark. */
export const virtualServer =
  '{{ if $labels.fwmark }}firewall mark {{ $labels.fwmark }}{{ with $labels.family }} ({{ . }}){{ end }}' +
  '{{ else }}{{ $labels.protocol }} {{ $labels.address }} port {{ $labels.port }}{{ end }}';

export const realServer = '{{ $labels.real_address }} port {{ $labels.real_port }}';

/**
 * A sentence on the destination that holds the most unreplied flows of a machine. A query of the template and not of the
 * expression, because there the alert would be another one whenever the first place changes hands.
 */
export const largestDestination =
  '{{ range printf "topk(1, conntrack_destination_unreplied_entries{job=%q, instance=%q, netns=%q, address!=\\"other\\"} > 0)"' +
  ' $labels.job $labels.instance $labels.netns | query }}' +
  ` Most unreplied flows, {{ .Value | humanize }}, go to ${destinationOf('.Labels')}.${ownerOf('.Labels')}{{ end }}`;
