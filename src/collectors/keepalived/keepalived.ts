import { ifNetlink, ifPresent } from '../../host/errors.ts';
import type { Host, Keepalived } from '../../host/host.ts';
import type { VrrpInstance } from '../../parsers/keepalived/vrrp/vrrp-instance.ts';
import type { Collector } from '../../scrape/collector.ts';
import { seriesLimited, sourceInfo } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { PartialFailure } from '../../scrape/partial-failure.ts';
import { createAttempts } from '../attempts.ts';
import { type FindAnnounced, findLaterThan, updateInstance, updateSyncGroup, type VrrpNames } from './announced.ts';
import { sampleAnnouncements } from './announcements.ts';
import {
  announcementMetrics,
  keepalivedDumpSkippedLines,
  keepalivedDumpTimestampSeconds,
  keepalivedInfo,
  keepalivedProcessRestartsTotal,
  keepalivedProcessStartTimeSeconds,
  keepalivedProcessUp,
  keepalivedUp,
  vrrpAddressMetrics,
  vrrpMetrics,
} from './metrics.ts';
import { sampleProcesses } from './processes.ts';
import { readVrrpDumps, type VrrpReading } from './reading.ts';
import { vrrpTrackerMetrics } from './tracker-metrics.ts';
import { type Reach, readReach, sampleReach } from './unicast-peers.ts';
import { sampleStoppedInstance, sampleVrrpInstance } from './vrrp.ts';
import { type BoundAddresses, indexAddresses, sampleVrrpAddresses } from './vrrp-addresses.ts';
import { sampleFaults } from './vrrp-faults.ts';
import { sampleSyncGroup, sampleTrackedProcess, sampleTrackers } from './vrrp-trackers.ts';

export interface KeepalivedOptions {
  /** Maximum number of series of VRRP instances and of what they track. */
  readonly maxSeries: number;
}

/**
 * VRRP as keepalived's dumps show it, brought up to date by what it announced since, and beside it what the kernel
 * reports about the virtual addresses. Where there are several keepaliveds, all that is of one has the label `daemon`.
 */
export function createKeepalived(options: KeepalivedOptions): Collector {
  return {
    name: 'keepalived',
    help: 'keepalived: its processes; VRRP instances, sync groups and what they track, from its dumps keepalived.json, keepalived.data and keepalived.stats; its virtual addresses over netlink; the announcements in its notify FIFO. If several run, the label `daemon` distinguishes them.',
    metrics: [
      keepalivedUp,
      keepalivedInfo,
      keepalivedProcessUp,
      keepalivedProcessStartTimeSeconds,
      keepalivedProcessRestartsTotal,
      ...vrrpMetrics,
      ...vrrpAddressMetrics,
      ...vrrpTrackerMetrics,
      ...announcementMetrics,
      keepalivedDumpTimestampSeconds,
      keepalivedDumpSkippedLines,
    ],
    collect: (host) => collectKeepalived(host, options),
  };
}

export const keepalived: Collector = createKeepalived({ maxSeries: 20_000 });

async function collectKeepalived(host: Host, { maxSeries }: KeepalivedOptions): Promise<Sample[]> {
  const keepaliveds = await host.keepalived();
  const { attempt, problem } = createAttempts();
  const [addresses, announcements] = await Promise.all([
    attempt(ifNetlink(host.addresses())),
    attempt(ifPresent(host.announcements())),
  ]);
  const readings = keepaliveds.map((one) => ({ ...one, vrrp: readVrrpDumps(one.dumps) }));
  const names = readings.map(namesIn);
  const find = findLaterThan(readings.every(isKnown) ? announcements : undefined, names);
  const sources = readings.flatMap(({ running, vrrp }) => (running ? vrrp.kinds : []));
  const bound = addresses && indexAddresses(addresses);
  const instances = readings.flatMap(({ vrrp }) => vrrp.instances);
  const reach = (await attempt(readReach(host, instances))) ?? (() => undefined);
  const view = { bound, reach, find };
  const groups = readings.flatMap((one) => sampleVrrp(one, view).map((group) => withDaemon(one.daemon, group)));
  const { exported, heldBack } = limitGroups(groups, maxSeries);
  const samples = [
    ...readings.flatMap((one) => withDaemon(one.daemon, sampleDaemon(one))),
    ...exported,
    ...readings.flatMap((one) => withDaemon(one.daemon, sampleDumps(one))),
    sample(seriesLimited, heldBack, { collector: 'keepalived' }),
    ...[...new Set([...sources, ...(addresses ? ['netlink'] : [])])].map((source) =>
      sample(sourceInfo, 1, { collector: 'keepalived', source }),
    ),
    ...(announcements ? sampleAnnouncements(announcements, names) : []),
  ];
  const missing = problem();
  if (missing) throw new PartialFailure(missing, samples);
  return samples;
}

/** Instances beyond the limit are held back whole, so that none has a part of its series. */
function limitGroups(groups: readonly (readonly Sample[])[], maxSeries: number) {
  const exported: Sample[] = [];
  let heldBack = 0;
  for (const group of groups) {
    if (heldBack > 0 || exported.length + group.length > maxSeries) heldBack += group.length;
    else exported.push(...group);
  }
  return { exported, heldBack };
}

type Reading = Keepalived & { readonly vrrp: VrrpReading };

function sampleDaemon(reading: Reading): Sample[] {
  const { running, version } = reading;
  return [
    sample(keepalivedUp, running ? 1 : 0),
    ...(version === undefined ? [] : [sample(keepalivedInfo, 1, { version })]),
    ...sampleProcesses(reading),
  ];
}

function sampleDumps({ running, dumps, vrrp }: Reading): Sample[] {
  const times = vrrp.kinds.flatMap((kind) => {
    const { modifiedSeconds = 0, ended } = dumps[kind] ?? {};
    return ended ? [] : [sample(keepalivedDumpTimestampSeconds, modifiedSeconds, { dump: kind })];
  });
  return running ? [...times, ...sampleSkipped(vrrp)] : times;
}

/** Of the dumps that values come from, and of those that another one stands in for. */
function sampleSkipped({ kinds, skipped }: VrrpReading): Sample[] {
  return [...skipped]
    .filter(([kind, lines]) => lines > 0 || kinds.includes(kind))
    .map(([kind, lines]) => sample(keepalivedDumpSkippedLines, lines, { dump: kind }));
}

/** What is known beside the dumps. */
interface View {
  readonly bound: BoundAddresses | undefined;
  readonly reach: Reach;
  readonly find: FindAnnounced;
}

/** The samples of each instance, then of what they track. */
function sampleVrrp({ running, dumps, vrrp }: Reading, { bound, reach, find }: View): Sample[][] {
  const { instances, instancesSeconds, counters, data, json } = vrrp;
  const ofAddresses = (instance: VrrpInstance) => (bound ? sampleVrrpAddresses(instance, bound) : []);
  if (!running || isEnded(dumps)) {
    return instances.map((instance) => [...sampleStoppedInstance(instance), ...ofAddresses(instance)]);
  }
  const processes = data?.trackedProcesses ?? json?.trackedProcesses ?? [];
  const groups = (data?.syncGroups ?? []).map((group) =>
    updateSyncGroup(group, dumps.data?.modifiedSeconds ?? 0, find),
  );
  return [
    ...instances.map((instance) => {
      const updated = updateInstance(instance, instancesSeconds, find);
      return [
        ...sampleVrrpInstance(updated, counters.get(instance.name)),
        ...(data ? sampleFaults(updated, data) : []),
        ...sampleReach(instance, reach),
        ...ofAddresses(instance),
      ];
    }),
    [
      ...(data ? sampleTrackers(data) : []),
      ...processes.flatMap(sampleTrackedProcess),
      ...groups.flatMap(sampleSyncGroup),
    ],
  ];
}

/** Whether the VRRP process that wrote the dumps has ended. */
function isEnded({ json, data }: Keepalived['dumps']): boolean {
  return [json, data].some((dump) => dump?.ended === true);
}

/** One that has just started has written nothing yet: its instances may be called as those of another. */
function isKnown({ running, dumps }: Reading): boolean {
  return !running || Object.keys(dumps).length > 0;
}

function namesIn({ vrrp: { instances, data } }: Reading): VrrpNames {
  return {
    instance: instances.map(({ name }) => name),
    group: (data?.syncGroups ?? []).map(({ name }) => name),
  };
}

/** One alone has no label, so that its series are the same whether there could be others or not. */
export function withDaemon(daemon: string, samples: readonly Sample[]): readonly Sample[] {
  return daemon === '' ? samples : samples.map((one) => ({ ...one, labels: { ...one.labels, daemon } }));
}
