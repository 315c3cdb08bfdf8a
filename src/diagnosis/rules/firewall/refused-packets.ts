import { conntrackInvalidTotal } from '../../../collectors/conntrack-metrics.ts';
import {
  firewallGroupPacketsTotal,
  firewallInvalidDropRuleInfo,
  firewallKernelPacketsTotal,
  firewallRateLimitInfo,
  firewallRefusalInfo,
  firewallRefusedPacketsTotal,
  firewallRefusedSourceInfo,
} from '../../../collectors/firewall/metrics.ts';
import { networkSetting } from '../../../collectors/network/metrics.ts';
import { sum } from '../../../flows/arithmetic.ts';
import { familiesOfChain } from '../../../identity/firewall-chain.ts';
import { groupBy } from '../../../identity/group-by.ts';
import { isRuleOwner } from '../../../identity/rule-owners.ts';
import { known, leftOut } from '../../../readings/known.ts';
import type { Readings } from '../../../readings/readings.ts';
import type { Sample } from '../../../scrape/metric.ts';
import type { Found } from '../../finding.ts';
import { mostRefused, type RefusedPath } from '../../refusal-facts.ts';
import { namespaceOf } from '../../subjects.ts';
import { missingPackets } from './missing-packets.ts';
import { passedOf } from './passed-packets.ts';

/**
 * Per second: below, someone tries a door now and then. To an address of the Internet that much comes always, so what this
 * host receives for itself must be more.
 */
const notable: Readonly<Record<RefusedPath, number>> = { received: 10, input: 10, forward: 2, output: 2 };
/** Of all packets that take the same path. */
const notableRatio = 0.2;

interface Refusing {
  readonly labels: Sample['labels'];
  readonly path: RefusedPath;
  readonly packets: number;
  readonly perSecond: number;
  readonly ratio: number;
  /** The rule has no counter: the kernel's were compared. */
  readonly isEstimated: boolean;
}

/** The rule or policy that refuses most packets, where they are many beside those that pass. Only known where the rules were read. */
export function refusedPackets(readings: Readings): Found<'packets-refused'>[] {
  // Limits and sources have findings of their own.
  const refusals = readings
    .all(firewallRefusalInfo)
    .filter(
      (one) => ![firewallRateLimitInfo, firewallRefusedSourceInfo].some((other) => readings.is(other, placeOf(one))),
    );
  const counted = measureCounted(readings, refusals);
  const uncounted = refusals.filter((one) => risenOf(readings, one) === undefined);
  const refusing = [...counted, ...measureUncounted(readings, uncounted, counted)]
    .filter((one) => one.perSecond >= notableOf(one) && one.ratio >= notableRatio)
    .sort((one, other) => other.packets - one.packets);
  const [worst, ...others] = refusing;
  if (worst === undefined) return [];
  const { labels, path, packets, perSecond, ratio } = worst;
  const { tool = '', chain = '', position = '', rule = '', owners = '' } = labels;
  const isCritical = ratio >= mostRefused && (path === 'forward' || path === 'output');
  return [
    {
      id: 'packets-refused',
      severity: isCritical ? 'critical' : 'warning',
      subject: namespaceOf(readings),
      numbers: {
        refusedPackets: packets,
        refusedPerSecond: perSecond,
        refusedRatio: ratio,
        ...known({ otherRules: leftOut(others.length, maxOthers) }),
      },
      details: {
        chains: [chain],
        tool,
        position,
        rule,
        path,
        isEstimated: worst.isEstimated,
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

/** What every host refuses is taken off once for the rules of a group, not once for each of them. */
function measureCounted(readings: Readings, refusals: readonly Sample[]): Refusing[] {
  return groupCounted(readings, refusals).flatMap(({ most, risen }) => measure(readings, most, risen, false));
}

/** A program has a rule for each container or network. Those of one chain refuse together; the one that refuses most stands for them. */
function groupCounted(
  readings: Readings,
  refusals: readonly Sample[],
): { readonly most: Sample; readonly risen: number }[] {
  const groups = groupBy(refusals, (one) => {
    const { tool, chain, owners, position } = one.labels;
    const isAlone = owners === '' || position === 'policy';
    return JSON.stringify([tool, chain, firstPathOf(one), owners, isAlone ? position : '']);
  });
  return [...groups.values()].flatMap((group) => {
    const counted = group.flatMap((one) => {
      const risen = risenOf(readings, one);
      return risen === undefined ? [] : [{ one, risen }];
    });
    const [most] = [...counted].sort((one, other) => other.risen - one.risen);
    return most === undefined ? [] : [{ most: most.one, risen: sum(counted.map(({ risen }) => risen)) }];
  });
}

function risenOf(readings: Readings, refusal: Sample): number | undefined {
  return readings.rise(firewallRefusedPacketsTotal, placeOf(refusal));
}

/** No host of the Internet sends to a private address. */
function notableOf({ path, labels: { rule = '' } }: Refusing): number {
  const isPrivate = /(?<!! )-d (10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd])/.test(rule);
  return path === 'received' && isPrivate ? notable.forward : notable[path];
}

function placeOf({ labels: { tool = '', chain = '', position = '' } }: Sample) {
  return { tool, chain, position };
}

function firstPathOf({ labels: { paths = '' } }: Sample): RefusedPath | undefined {
  return paths.split(',').find(isPath);
}

/** Of each path, the last place without a counter stands for all: there a chain refuses what no rule accepted. */
function measureUncounted(readings: Readings, uncounted: readonly Sample[], counted: readonly Refusing[]): Refusing[] {
  const byPath = groupBy(uncounted, firstPathOf);
  return [...byPath].flatMap(([path, all]) => {
    const last = all.at(-1);
    if (path === undefined || last === undefined) return [];
    const missing = missingPackets(readings, path, familiesOfChain(placeOf(last)));
    const known = sum(counted.filter((one) => one.path === path).map(({ packets }) => packets));
    return missing === undefined ? [] : measure(readings, last, Math.max(0, missing - known), true);
  });
}

/** @param risen packets that it refused, with others of its group; estimated where it does not count them */
function measure(readings: Readings, refusal: Sample, risen: number, isEstimated: boolean): Refusing[] {
  const { labels } = refusal;
  const { tool = '', chain = '', paths = '' } = labels;
  const seconds = readings.elapsedSeconds(firewallRefusedPacketsTotal);
  const path = firstPathOf(refusal);
  if (risen === 0 || seconds === undefined || path === undefined) return [];
  const families = familiesOfChain({ tool, chain });
  const packets = Math.max(0, risen - expectedOf(readings, path, families));
  const passed = passedOf(readings, { paths: paths.split(','), families, refused: risen, isOfNft: tool === 'nft' });
  const ratio = packets === 0 || passed === undefined ? 0 : packets / (packets + passed);
  return [{ labels, path, packets, perSecond: packets / seconds, ratio, isEstimated }];
}

/** The IP stack of the host receives no packet that only crosses a bridge: so few for others cannot be those refused. */
function isBridged(readings: Readings, { labels, path, packets }: Refusing): boolean {
  const { tool = '' } = labels;
  if (path !== 'forward' || tool === 'nft') return false;
  const [family = ''] = familiesOfChain({ tool, chain: '' });
  const rise = (counter: string) => readings.rise(firewallKernelPacketsTotal, { family, counter });
  const [received, delivered] = [rise('InReceives'), rise('InDelivers')];
  const isOn =
    readings.value(networkSetting, {
      name: `bridge.bridge-nf-call-${family === 'ipv6' ? 'ip6tables' : 'iptables'}`,
    }) === 1;
  return isOn && received !== undefined && delivered !== undefined && received - delivered < bridgedRatio * packets;
}

const bridgedRatio = 0.5;

function isPath(path: string): path is RefusedPath {
  return Object.hasOwn(notable, path);
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
