import { destinationInfo, largestHolderEntries, zoneInfo } from '../../src/collectors/conntrack-table/metrics.ts';
import { ipvsVirtualServerInfo } from '../../src/collectors/ipvs/metrics.ts';

/** Pieces of the annotations: templates of Prometheus. */

/** Words for one thing or for several, by how the number is printed: 1.00001 is one. */
export function byNumber(one: string, many: string, value = '$value'): string {
  return `{{ if eq (humanize ${value}) "1" }}${one}{{ else }}${many}{{ end }}`;
}

/** A number and what it counts. `value`: `$value` or a sample's `.Value`. */
export function counted(one: string, many: string, value = '$value'): string {
  return `{{ ${value} | humanize }} ${byNumber(one, many, value)}`;
}

/** The same for a rate: "humanize" prints 0.02 as 20m, which reads as millions. */
export function perSecond(one: string, many: string): string {
  return (
    `{{ if lt $value 0.995 }}{{ $value | printf "%.3g" }} ${many}{{ else if lt $value 1.005 }}1 ${one}` +
    `{{ else }}{{ $value | humanize }} ${many}{{ end }} per second`
  );
}

/** The machine, and the network namespace where it is not the machine's own. */
export const machine = '{{ $labels.instance }}{{ with $labels.netns }}, network namespace {{ . }},{{ end }}';

/** The same as endpoint() of src/identity/address.ts: `10.0.0.100:80`, `[fd00::1]:80`, without a port the address. */
function endpointOf(address: string, port: string): string {
  return (
    `{{ if or (eq ${port} "") (eq ${port} "0") }}{{ ${address} }}` +
    `{{ else if match ":" ${address} }}[{{ ${address} }}]:{{ ${port} }}{{ else }}{{ ${address} }}:{{ ${port} }}{{ end }}`
  );
}

/** The same as nameDestination() of src/readings/destinations.ts. `labels`: `$labels` or a sample's `.Labels`. */
export function destinationOf(labels: string): string {
  return (
    `{{ ${labels}.protocol }} ${endpointOf(`${labels}.address`, `${labels}.port`)}` +
    `{{ if and ${labels}.zone (ne ${labels}.zone "0") }} in zone {{ ${labels}.zone }}{{ end }}`
  );
}

/**
 * A query of a template: the largest series of this machine that has the values of these labels too.
 *
 * @param labels `$labels` or a sample's `.Labels`.
 */
export function first(metric: string, names: readonly string[], labels: string, more: More = {}): string {
  const equal = ['job', 'cluster', 'instance', ...names];
  const matchers = [...equal.map((name) => `${name}=%q`), ...(more.matchers ?? [])].join(', ');
  const values = equal.map((name) => `${labels}.${name}`).join(' ');
  return `printf "topk(1, ${metric}{${matchers}}${more.condition ?? ''})" ${values} | query`;
}

interface More {
  readonly matchers?: readonly string[];
  /** On the value: ` > 0`. */
  readonly condition?: string;
}

/** A sentence on whose a destination is, on a compute node of OpenStack. A query for the reason that `largestHolder` has. */
export function ownerOf(labels: string): string {
  const names = ['netns', 'protocol', 'address', 'port', 'zone'];
  return `{{ range ${first(destinationInfo.name, names, labels)} }}${goThrough}{{ end }}`;
}

/** The same of a zone that belongs to one port. */
export function ownerOfZone(labels: string): string {
  return `{{ range ${first(zoneInfo.name, ['netns', 'zone'], labels)} }}${goThrough}{{ end }}`;
}

/** Of a sample. */
const goThrough =
  ' They go through {{ .Labels.device }}{{ with .Labels.vm }}, virtual machine {{ . }}{{ end }}' +
  '{{ with .Labels.project }} of project {{ . }}{{ end }}.';

/**
 * The same as nameService() of src/identity/virtual-server.ts, of `$labels` or a sample's `.Labels`. The name is that of
 * a query of the template: a name that changes does not make another alert.
 */
export function virtualServerOf(labels: string): string {
  const names = ['protocol', 'address', 'port', 'fwmark', 'family'];
  const named = first(ipvsVirtualServerInfo.name, names, labels, { matchers: ["name!=''"] });
  return (
    `{{ range ${named} }}` +
    `{{ .Labels.name }} (${describeService('.Labels', '{{ if ne .Labels.protocol "tcp" }}{{ .Labels.protocol }} {{ end }}')})` +
    `{{ else }}${describeService(labels, `{{ ${labels}.protocol }} `)}{{ end }}`
  );
}

function describeService(labels: string, protocol: string): string {
  return (
    `{{ if ${labels}.fwmark }}firewall mark {{ ${labels}.fwmark }}{{ with ${labels}.family }} ({{ . }}){{ end }}` +
    `{{ else }}${protocol}${endpointOf(`${labels}.address`, `${labels}.port`)}{{ end }}`
  );
}

export const virtualServer = virtualServerOf('$labels');

export const realServer = endpointOf('$labels.real_address', '$labels.real_port');

/**
 * A sentence on what holds most of the table. A query of the template and not of the expression, because there the alert
 * would be another one whenever the first place changes hands.
 */
export const largestHolder =
  `{{ range ${first(largestHolderEntries.name, ['netns'], '$labels', { condition: ' > 0' })} }}` +
  ' Most entries, {{ .Value | humanize }},' +
  `{{ if eq .Labels.kind "destination" }} go to ${destinationOf('.Labels')}.` +
  '{{ else if eq .Labels.kind "source" }} come from one source{{ with .Labels.address }}, {{ . }},{{ end }} in zone {{ .Labels.zone }}' +
  '{{ if .Labels.port }}, most of them to {{ .Labels.protocol }} port {{ .Labels.port }}{{ end }}.' +
  '{{ if not .Labels.address }} To see its address, run lvs-exporter diagnose on that machine.{{ end }}' +
  '{{ else if eq .Labels.kind "zone" }} are in zone {{ .Labels.zone }}.' +
  '{{ else }} are {{ .Labels.protocol }}{{ with .Labels.state }} {{ . }}{{ end }}{{ with .Labels.port }}, most of them to port {{ . }}{{ end }},' +
  ' spread over many destinations.{{ end }}' +
  `{{ if .Labels.device }}${goThrough}{{ end }}{{ end }}`;
