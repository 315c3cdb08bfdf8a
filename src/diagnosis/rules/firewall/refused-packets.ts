import { conntrackInvalidTotal } from '../../../collectors/conntrack-metrics.ts';
import {
  firewallAcceptedPacketsTotal,
  firewallGroupPacketsTotal,
  firewallInvalidDropRuleInfo,
  firewallKernelPacketsTotal,
  firewallRateLimitInfo,
  firewallRefusalInfo,
  firewallRefusedPacketsTotal,
} from '../../../collectors/firewall/metrics.ts';
import { networkSetting } from '../../../collectors/network/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { isRuleOwner } from '../../../identity/rule-owners.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import type { RefusedPath } from '../../refusal-facts.ts';
import { namespaceOf } from '../../subjects.ts';

/**
 * Per second: below, someone tries a door now and then. To an address of the Internet that much comes always, so what this
 * host receives for itself must be more.
 */
const notable: Readonly<Record<RefusedPath, number>> = { received: 10, input: 10, forward: 2, output: 2 };
/** Of all packets that take the same path. */
const notableRatio = 0.2;
/** From here on, hardly any user gets through. */
const criticalRatio = 0.5;

interface Refusing {
  readonly labels: Sample['labels'];
  readonly path: RefusedPath;
  readonly packets: number;
  readonly perSecond: number;
  readonly ratio: number;
}

/** The rule or policy that refuses most packets, where they are many beside those that pass. Only known where the rules were read. */
export function refusedPackets(readings: Readings): Found<'packets-refused'>[] {
  const refusing = readings
    .all(firewallRefusalInfo)
    .flatMap((one) => measure(readings, one))
    .filter(({ path, perSecond, ratio }) => perSecond >= notable[path] && ratio >= notableRatio)
    .sort((one, other) => other.packets - one.packets);
  const [worst, ...others] = refusing;
  if (worst === undefined) return [];
  const { labels, path, packets, perSecond, ratio } = worst;
  const { tool = '', chain = '', position = '', rule = '', owners = '' } = labels;
  const isCritical = ratio >= criticalRatio && (path === 'forward' || path === 'output');
  return [
    {
      id: 'packets-refused',
      severity: isCritical ? 'critical' : 'warning',
      subject: namespaceOf(readings),
      numbers: { refusedPackets: packets, refusedPerSecond: perSecond, refusedRatio: ratio },
      details: {
        chains: [chain],
        tool,
        position,
        rule,
        path,
        isBridged: isBridged(readings, worst),
        owners: owners.split(',').filter(isRuleOwner),
        others: others.slice(0, maxOthers).map((one) => ({
          chain: one.labels.chain ?? '',
          position: one.labels.position ?? '',
          refusedPerSecond: one.perSecond,
        })),
      },
    },
  ];
}

const maxOthers = 3;

function measure(readings: Readings, { labels }: Sample): Refusing[] {
  const { tool = '', chain = '', position = '', paths = '' } = labels;
  const place = { tool, chain, position };
  // Limits have findings of their own.
  if (readings.is(firewallRateLimitInfo, place)) return [];
  const risen = readings.rise(firewallRefusedPacketsTotal, place) ?? 0;
  const seconds = readings.elapsedSeconds(firewallRefusedPacketsTotal);
  const [path] = paths.split(',').filter(isPath);
  if (risen === 0 || seconds === undefined || path === undefined) return [];
  const families = familiesOf(tool, chain);
  const packets = Math.max(0, risen - expectedOf(readings, path, families));
  const passed = passedOf(readings, { paths: paths.split(','), families, refused: risen });
  const ratio = packets === 0 || passed === undefined ? 0 : packets / (packets + passed);
  return [{ labels, path, packets, perSecond: packets / seconds, ratio }];
}

const bridgeSettings = {
  iptables: 'bridge.bridge-nf-call-iptables',
  ip6tables: 'bridge.bridge-nf-call-ip6tables',
} as const;

/** The IP stack of the host receives no packet that only crosses a bridge: so few for others cannot be those refused. */
function isBridged(readings: Readings, { labels, path, packets }: Refusing): boolean {
  const { tool = '' } = labels;
  if (path !== 'forward' || (tool !== 'iptables' && tool !== 'ip6tables')) return false;
  const [family = ''] = familiesOf(tool, '');
  const rise = (counter: string) => readings.rise(firewallKernelPacketsTotal, { family, counter });
  const [received, delivered] = [rise('InReceives'), rise('InDelivers')];
  const isOn = readings.value(networkSetting, { name: bridgeSettings[tool] }) === 1;
  return isOn && received !== undefined && delivered !== undefined && received - delivered < bridgedRatio * packets;
}

const bridgedRatio = 0.5;

function isPath(path: string): path is RefusedPath {
  return Object.hasOwn(notable, path);
}

function familiesOf(tool: string, chain: string): readonly string[] {
  if (tool !== 'nft') return [tool.startsWith('ip6') ? 'ipv6' : 'ipv4'];
  if (chain.startsWith('ip ')) return ['ipv4'];
  return chain.startsWith('ip6 ') ? ['ipv6'] : ['ipv4', 'ipv6'];
}

/**
 * What every host refuses: datagrams to groups and broadcast addresses that it has no use for, and INVALID packets, which
 * have findings of their own, unless rules drop these elsewhere.
 */
function expectedOf(readings: Readings, path: RefusedPath, families: readonly string[]): number {
  const isForHost = path === 'input' || path === 'received';
  const groups = isForHost ? families.map((family) => readings.rise(firewallGroupPacketsTotal, { family }) ?? 0) : [];
  const isElsewhere = readings.all(firewallInvalidDropRuleInfo).length > 0;
  return sum(groups) + (isElsewhere ? 0 : (readings.rise(conntrackInvalidTotal) ?? 0));
}

interface Passing {
  readonly paths: readonly string[];
  readonly families: readonly string[];
  /** In the same time. */
  readonly refused: number;
}

/** The kernel does not count bridged packets, and rules do not all count: the larger number is nearer. */
function passedOf(readings: Readings, { paths, families, refused }: Passing): number | undefined {
  const wanted = [...new Set(paths.flatMap((path) => (path === 'received' ? ['input', 'forward'] : [path])))];
  const add = (rises: readonly (number | undefined)[]) => {
    const known = rises.filter((rise) => rise !== undefined);
    return known.length === 0 ? [] : [sum(known)];
  };
  const tools = new Set(readings.all(firewallAcceptedPacketsTotal).map(({ labels }) => labels.tool ?? ''));
  const cells = wanted.flatMap((path) => families.map((family) => ({ path, family })));
  const sums = [
    ...add(cells.map((cell) => passedByKernel(readings, cell, refused))),
    ...[...tools].flatMap((tool) =>
      add(cells.map((cell) => readings.rise(firewallAcceptedPacketsTotal, { tool, ...cell }))),
    ),
  ];
  return sums.length === 0 ? undefined : Math.max(...sums);
}

/**
 * Since Linux 6.8, which counts OutTransmits, forwarded packets and requests are counted before the firewall sees them;
 * before, behind it, and requests have the forwarded ones.
 */
function passedByKernel(
  readings: Readings,
  { path, family }: { readonly path: string; readonly family: string },
  refused: number,
): number | undefined {
  const rise = (name: string) => readings.rise(firewallKernelPacketsTotal, { family, counter: name });
  if (path === 'input') return rise('InDelivers');
  const [forwarded, requests, transmits] = [rise('OutForwDatagrams'), rise('OutRequests'), rise('OutTransmits')];
  if (path === 'forward' && transmits === undefined) return forwarded;
  if (requests === undefined) return undefined;
  if (path === 'forward') return Math.max(0, (transmits ?? 0) - requests);
  return Math.max(0, requests - (transmits === undefined ? (forwarded ?? 0) : refused));
}
