import { firewallRefusedSourceInfo, firewallRefusedSourcePacketsTotal } from '../../../collectors/firewall/metrics.ts';
import { ipvsRealServerWeight } from '../../../collectors/ipvs/metrics.ts';
import { keepalivedVrrpUnicastPeerReachable } from '../../../collectors/keepalived/metrics.ts';
import { isRuleOwner } from '../../../identity/rule-owners.ts';
import { severities } from '../../../identity/severity.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Found } from '../../finding.ts';
import type { RefusedSourceRole } from '../../refusal-facts.ts';
import { namespaceOf } from '../../subjects.ts';

/** Per second: a resolver is asked again after seconds, and what checks a service comes so often too. */
const notable = 0.2;

/**
 * A ban of an address that this machine works with, or that a proxy, a gateway or another machine of its own may have.
 * Only known where the rules were read.
 */
export function refusedSources(readings: Readings): Found<'source-refused'>[] {
  const found = readings.all(firewallRefusedSourceInfo).flatMap(({ labels }): Found<'source-refused'>[] => {
    const { tool = '', chain = '', position = '', matches = '', owner = '', source = '' } = labels;
    const place = { tool, chain, position };
    const sourceRole = roleOf(readings, source);
    const refusedPackets = readings.rise(firewallRefusedSourcePacketsTotal, place) ?? 0;
    const refusedPerSecond = readings.perSecond(firewallRefusedSourcePacketsTotal, place) ?? 0;
    if (sourceRole === undefined || refusedPerSecond < notable || !isRuleOwner(owner)) return [];
    // A host of the network that tries passwords has such an address too: what SSH bans hardly ever is a proxy.
    if (sourceRole === 'private address' && /ssh/i.test(chain)) return [];
    return [
      {
        id: 'source-refused',
        severity: sourceRole === 'private address' ? 'info' : 'warning',
        subject: namespaceOf(readings),
        numbers: { refusedPackets, refusedPerSecond },
        details: { chains: [chain], tool, position, matches, owner, source, sourceRole },
      },
    ];
  });
  const [worst] = found.sort(
    (one, other) =>
      severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
      other.numbers.refusedPackets - one.numbers.refusedPackets,
  );
  return worst === undefined ? [] : [worst];
}

/** Undefined for an address of the Internet, which is banned for what it does. */
function roleOf(readings: Readings, source: string): RefusedSourceRole | undefined {
  if (source.includes('/')) return 'shared network';
  if (readings.all(ipvsRealServerWeight).some(({ labels }) => labels.real_address === source)) return 'real server';
  if (readings.all(keepalivedVrrpUnicastPeerReachable).some(({ labels }) => labels.peer === source)) return 'peer';
  return isPrivate(source) ? 'private address' : undefined;
}

function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd])/i.test(address);
}
