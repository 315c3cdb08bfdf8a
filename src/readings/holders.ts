import { targetAddressUnreplied } from '../collectors/conntrack-table/flooded-metrics.ts';
import {
  conntrackSourceInfo,
  largestHolderEntries,
  sourceArrivalRate,
  sourceDestinations,
  sourceEntries,
  sourceUnreplied,
  sourceVerdict,
  tableEntries,
  zoneArrivalRate,
  zoneEntries,
  zoneInfo,
  zoneUnreplied,
} from '../collectors/conntrack-table/metrics.ts';
import { conntrackZoneEntriesLimit } from '../collectors/openstack-metrics.ts';
import type { Holder as CensusHolder } from '../flows/census/holders.ts';
import type { SourceVerdict } from '../flows/classification/sources.ts';
import type { Sample } from '../scrape/metric.ts';
import { type PortOwner, readOwner } from './port-owner.ts';
import type { Readings } from './readings.ts';

/** What sources and zones have in common: entries of the table, and whose they are where that is known. */
interface Holding {
  readonly netns: string | undefined;
  readonly zone: string;
  readonly entries: number;
  readonly unreplied: number;
  readonly perSecond: number;
  readonly owner: PortOwner | undefined;
}

/** Who begins flows. Known on the machine itself alone, or where sources are exported. */
export interface Source extends Holding {
  readonly address: string;
  /** Distinct destinations, each an address and port. */
  readonly destinations: number;
  readonly verdict: SourceVerdict | undefined;
}

export interface Zone extends Holding {
  /** Entries that Open vSwitch lets it have. */
  readonly limit: number | undefined;
}

/** Flows in one state, of all destinations. The state is empty for a protocol without states. */
export interface StateHolding {
  readonly netns: string | undefined;
  readonly protocol: string;
  readonly state: string;
  readonly entries: number;
  /** Those with traffic in both directions beyond a first reply. */
  readonly assuredEntries: number;
}

/** The sources with the most entries and with the most new ones, that with the most entries first. */
export function listSources(readings: Readings): Source[] {
  return readings
    .all(sourceEntries)
    .map(({ labels, value }) => {
      const { address = '', zone = '' } = labels;
      const of = { address, zone };
      const [verdict] = readings.all(sourceVerdict, of);
      return {
        ...of,
        netns: readings.netns,
        entries: value,
        unreplied: readings.value(sourceUnreplied, of) ?? 0,
        perSecond: readings.value(sourceArrivalRate, of) ?? 0,
        destinations: readings.value(sourceDestinations, of) ?? 0,
        verdict: verdict?.labels.verdict as SourceVerdict | undefined,
        owner: firstOwner(readings.all(conntrackSourceInfo, of)),
      };
    })
    .sort(byEntries);
}

/** An address that flows without a reply go to, at many of its ports. */
export interface TargetAddress {
  readonly address: string;
  readonly zone: string;
  readonly unreplied: number;
}

/** Undefined where single ports stand out, or nothing does. */
export function readTargetAddress(readings: Readings): TargetAddress | undefined {
  const [found] = readings.all(targetAddressUnreplied);
  return found && { address: found.labels.address ?? '', zone: found.labels.zone ?? '', unreplied: found.value };
}

/** The zones with entries, that with the most first. Zone 0 is that of flows that no rule gives a zone. */
export function listZones(readings: Readings): Zone[] {
  return readings
    .all(zoneEntries)
    .filter(({ labels }) => labels.zone !== 'other')
    .map(({ labels, value }) => {
      const of = { zone: labels.zone ?? '' };
      return {
        ...of,
        netns: readings.netns,
        entries: value,
        unreplied: readings.value(zoneUnreplied, of) ?? 0,
        perSecond: readings.value(zoneArrivalRate, of) ?? 0,
        limit: readings.value(conntrackZoneEntriesLimit, of),
        owner: firstOwner(readings.all(zoneInfo, of)),
      };
    })
    .sort(byEntries);
}

/** The states that flows are in, replied or not, that with the most entries first. */
export function listStates(readings: Readings): StateHolding[] {
  const states = new Map<string, StateHolding>();
  for (const { labels, value } of readings.all(tableEntries)) {
    const { protocol = '', state = '' } = labels;
    const { entries = 0, assuredEntries = 0 } = states.get(`${protocol} ${state}`) ?? {};
    states.set(`${protocol} ${state}`, {
      netns: readings.netns,
      protocol,
      state,
      entries: entries + value,
      assuredEntries: assuredEntries + (labels.assured === 'yes' ? value : 0),
    });
  }
  return [...states.values()].filter(({ entries }) => entries > 0).sort(byEntries);
}

/** What holds most of the table, whatever its kind. Texts that do not apply are empty. */
export interface LargestHolder {
  readonly kind: CensusHolder['kind'];
  readonly entries: number;
  readonly protocol: string;
  /** Empty for a source whose address must not leave the machine that it was seen on. */
  readonly address: string;
  readonly port: string;
  readonly zone: string;
  readonly state: string;
}

/** Undefined where the table is empty, or was not read. */
export function readLargestHolder(readings: Readings): LargestHolder | undefined {
  const [holder] = readings.all(largestHolderEntries);
  if (holder === undefined) return undefined;
  const { kind = '', protocol = '', address = '', port = '', zone = '', state = '' } = holder.labels;
  const known = { kind: kind as LargestHolder['kind'], protocol, port, zone, state, entries: holder.value };
  return { ...known, address: address || (kind === 'source' ? addressOf(readings, known) : '') };
}

/** On the machine itself, the samples of sources have the address. */
function addressOf(readings: Readings, { zone, entries }: { readonly zone: string; readonly entries: number }): string {
  const source = listSources(readings).find((one) => one.zone === zone && one.entries === entries);
  return source?.address ?? '';
}

function byEntries(one: { readonly entries: number }, other: { readonly entries: number }): number {
  return other.entries - one.entries;
}

function firstOwner([info]: readonly Sample[]): PortOwner | undefined {
  return info && readOwner(info.labels);
}
