import { destinationTranslated } from '../collectors/conntrack-table/metrics.ts';
import { lvsHostNetworkNamespace } from '../collectors/platform/metrics.ts';
import {
  prerequisitesOwnAddressInfo,
  prerequisitesSysctlWritable,
  prerequisitesToolInstalled,
} from '../collectors/prerequisites/metrics.ts';
import { chainsThatDropExempted, hasDnatRule, hasSynproxy, isNotTracked } from '../readings/firewall-rules.ts';
import type { Readings } from '../readings/readings.ts';
import { collectorSuccess } from '../scrape/exporter-metrics.ts';
import { commandInNamespace, quoteShell } from './commands/shell.ts';
import type { AnyFound, Endpoint } from './finding.ts';

/** `unknown`: it cannot be seen from here. */
export type PreconditionStatus = 'met' | 'failed' | 'unknown';

interface Precondition {
  /** A sentence that must be true before you apply a remedy. */
  readonly requires: string;
  readonly judge: (readings: Readings, found: AnyFound) => PreconditionStatus;
  /** A command that shows whether it holds. Undefined: without it the remedy fails and changes nothing. */
  readonly check?: (found: AnyFound) => string;
}

/** Everything that a remedy may require of a machine. */
export const preconditions = {
  'iptables-installed': { requires: 'iptables is installed', judge: (readings) => installed(readings, 'iptables') },
  'nft-installed': { requires: 'nft is installed', judge: (readings) => installed(readings, 'nft') },
  'conntrack-installed': { requires: 'conntrack is installed', judge: (readings) => installed(readings, 'conntrack') },
  'ipvsadm-installed': { requires: 'ipvsadm is installed', judge: (readings) => installed(readings, 'ipvsadm') },
  'sysctl-writable': {
    requires: '/proc/sys is writable',
    judge: (readings) => known(readings.value(prerequisitesSysctlWritable)),
  },
  'host-namespace': {
    requires: "You are in the host's own network namespace: the limit of another namespace has no effect",
    judge: (readings) => known(readings.value(lvsHostNetworkNamespace)),
    check: () => 'readlink /proc/self/ns/net /proc/1/ns/net',
  },
  'not-exempt-yet': {
    requires: 'No NOTRACK rule exempts this destination yet',
    judge: (readings, { subject }) =>
      subject.destination && isNotTracked(readings, subject.destination) ? 'failed' : 'met',
  },
  'no-synproxy': {
    requires: 'No rule uses SYNPROXY, which needs nf_conntrack_tcp_loose to be 0: this command must print nothing',
    judge: (readings) => synproxyStatus(readings),
    check: ({ subject }) =>
      commandInNamespace(subject.namespace, "sh -c '(iptables-save; nft list ruleset) | grep -i synproxy'"),
  },
  'not-own-address': {
    requires: 'The address does not belong to this host: a limit would block connections of the host itself',
    judge: (readings, { subject: { source = '' } }) => foreign(readings, source),
    check: ({ subject: { source = '', namespace } }) =>
      commandInNamespace(namespace, `ip address show to ${quoteShell(source)}`),
  },
  'no-nat': {
    requires: 'NAT does not apply to these packets, because it needs tracking: this command must print no connection',
    judge: (readings, { subject: { destination } }) => withoutNat(readings, destination),
    check: ({ subject: { destination, namespace } }) =>
      commandInNamespace(
        namespace,
        `conntrack -L --any-nat${destination ? ` --orig-dst ${quoteShell(destination.address)}` : ''}`,
      ),
  },
  'stateless-firewall': {
    requires: 'No firewall rule accepts these packets only by their state (ESTABLISHED, RELATED)',
    judge: (readings, { subject: { destination } }) =>
      destination && chainsThatDropExempted(readings, destination).length > 0 ? 'failed' : 'unknown',
    check: ({ subject }) =>
      commandInNamespace(
        subject.namespace,
        'sh -c \'(iptables-save; nft list ruleset) | grep -E "ctstate|--state|ct state"\'',
      ),
  },
} as const satisfies Readonly<Record<string, Precondition>>;

export type PreconditionId = keyof typeof preconditions;

function installed(readings: Readings, tool: string): PreconditionStatus {
  return known(readings.value(prerequisitesToolInstalled, { tool }));
}

/** Without any address of its own, none were read. */
function foreign(readings: Readings, address: string): PreconditionStatus {
  if (readings.all(prerequisitesOwnAddressInfo).length === 0) return 'unknown';
  return readings.is(prerequisitesOwnAddressInfo, { address }) ? 'failed' : 'met';
}

/** The census counts entries of a destination that NAT applies to. Without entries, the rules still show it. */
function withoutNat(readings: Readings, destination: Endpoint | undefined): PreconditionStatus {
  if (destination && hasDnatRule(readings, destination)) return 'failed';
  const translated = destination && readings.value(destinationTranslated, { ...destination });
  if (translated === undefined) return 'unknown';
  return translated === 0 ? 'met' : 'failed';
}

function synproxyStatus(readings: Readings): PreconditionStatus {
  if (hasSynproxy(readings)) return 'failed';
  return readings.value(collectorSuccess, { collector: 'firewall' }) === 1 ? 'met' : 'unknown';
}

function known(value: number | undefined): PreconditionStatus {
  if (value === undefined) return 'unknown';
  return value === 1 ? 'met' : 'failed';
}
