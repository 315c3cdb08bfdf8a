const instance = 'VRRP instance {{ $labels.instance_name }} (VRID {{ $labels.vrid }})';
const here = 'on {{ $labels.instance }}';
const there = 'on another director of its pair';
const refused = "they refuse each other's advertisements, and both become master";
const unheard = 'they do not hear each other, and both become master';

/** What differs, and what it leads to. */
const texts: Readonly<Record<string, string>> = {
  address: `Virtual address {{ $labels.address }} (VRRP instance {{ $labels.instance_name }}) is configured ${here} and not on every director of its pair: after a failover to a director without it, the address does not answer.`,
  priority: `${instance} has priority {{ $value | printf "%.0f" }} ${here} and ${there}: which one becomes master depends on their addresses.`,
  VRID: `VRRP instance {{ $labels.instance_name }} has VRID {{ $labels.vrid }} ${here}, and another VRID ${there}: ${unheard}.`,
  authentication: `${instance} has authentication {{ $labels.authentication }} ${here}, and another type ${there}: ${refused}.`,
  'VRRP version': `${instance} has VRRP version {{ $labels.version }} ${here}, and another version ${there}: ${refused}.`,
  'advertisement interval': `${instance} advertises every {{ $value | humanizeDuration }} ${here}, and at another interval ${there}. With VRRP version 2, ${refused}.`,
  unicast: `${instance} uses {{ if eq $value 0.0 }}multicast ${here}, and unicast{{ else }}unicast ${here}, and multicast{{ end }} ${there}: ${unheard}.`,
};

const versionText = `keepalived {{ $labels.version }} runs ${here}, and another version ${there}.`;

/** The version of keepalived is what is left. */
export function describePairDifference(): string {
  const conditions = Object.entries(texts).map(([name, text]) => `if eq $labels.difference "${name}" }}${text}`);
  return `{{ ${conditions.join('{{ else ')}{{ else }}${versionText}{{ end }}`;
}
