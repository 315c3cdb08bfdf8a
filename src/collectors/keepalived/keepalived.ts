import { ifNetlink, ifPresent } from '../../host/errors.ts';
import type { Keepalived } from '../../host/host.ts';
import type { Collector } from '../../scrape/collector.ts';
import { sourceInfo } from '../../scrape/exporter-metrics.ts';
import { type Sample, sample } from '../../scrape/metric.ts';
import { type FindAnnounced, findLaterThan, updateInstance, updateSyncGroup, type VrrpNames } from './announced.ts';
import { sampleAnnouncements } from './announcements.ts';
import {
  announcementMetrics,
  keepalivedDumpSkippedLines,
  keepalivedDumpTimestampSeconds,
  keepalivedInfo,
  keepalivedUp,
  vrrpAddressMetrics,
  vrrpMetrics,
  vrrpTrackerMetrics,
} from './metrics.ts';
import { readVrrp, type VrrpReading } from './reading.ts';
import { sampleStoppedInstance, sampleVrrpInstance } from './vrrp.ts';
import { type BoundAddresses, indexAddresses, sampleVrrpAddresses } from './vrrp-addresses.ts';
import { sampleSyncGroup, sampleTrackedProcess, sampleTrackers } from './vrrp-trackers.ts';

/**
 * VRRP as keepalived's dumps tell of it, brought up to date by what it announced since, and beside it what the kernel
 * says of the virtual addresses. Where there are several keepaliveds, all that is of one has the label `daemon`.
 */
export const keepalived: Collector = {
  name: 'keepalived',
  help: 'keepalived: VRRP instances, sync groups and what they track, from its dumps keepalived.json, keepalived.data and keepalived.stats; its virtual addresses over netlink; what it announces in its notify FIFO. Several keepaliveds are told apart by the label `daemon`.',
  metrics: [
    keepalivedUp,
    keepalivedInfo,
    ...vrrpMetrics,
    ...vrrpAddressMetrics,
    ...vrrpTrackerMetrics,
    ...announcementMetrics,
    keepalivedDumpTimestampSeconds,
    keepalivedDumpSkippedLines,
  ],
  async collect(host) {
    const keepaliveds = await host.keepalived();
    const [addresses, announcements] = await Promise.all([
      ifNetlink(host.addresses()),
      ifPresent(host.announcements()),
    ]);
    const bound = addresses && indexAddresses(addresses);
    const readings = keepaliveds.map((one) => ({ ...one, vrrp: readVrrp(one.dumps) }));
    const names = readings.map(namesIn);
    const find = findLaterThan(readings.every(isKnown) ? announcements : undefined, names);
    const sources = readings.flatMap(({ running, vrrp }) => (running ? vrrp.kinds : []));
    return [
      ...readings.flatMap((one) => withDaemon(one.daemon, sampleKeepalived(one, bound, find))),
      ...[...new Set([...sources, ...(addresses ? ['netlink'] : [])])].map((source) =>
        sample(sourceInfo, 1, { collector: 'keepalived', source }),
      ),
      ...(announcements ? sampleAnnouncements(announcements, names) : []),
    ];
  },
};

type Reading = Keepalived & { readonly vrrp: VrrpReading };

function sampleKeepalived(
  { running, version, dumps, vrrp }: Reading,
  bound: BoundAddresses | undefined,
  find: FindAnnounced,
): Sample[] {
  return [
    sample(keepalivedUp, running ? 1 : 0),
    ...(version === undefined ? [] : [sample(keepalivedInfo, 1, { version })]),
    ...(running ? sampleVrrp(vrrp, dumps, find) : vrrp.instances.flatMap(sampleStoppedInstance)),
    ...(bound ? vrrp.instances.flatMap((instance) => sampleVrrpAddresses(instance, bound)) : []),
    ...vrrp.kinds.map((kind) =>
      sample(keepalivedDumpTimestampSeconds, dumps[kind]?.modifiedSeconds ?? 0, { dump: kind }),
    ),
    ...(running ? sampleSkipped(vrrp) : []),
  ];
}

/** Of the dumps that values come from, and of those that another one stands in for. */
function sampleSkipped({ kinds, skipped }: VrrpReading): Sample[] {
  return [...skipped]
    .filter(([kind, lines]) => lines > 0 || kinds.includes(kind))
    .map(([kind, lines]) => sample(keepalivedDumpSkippedLines, lines, { dump: kind }));
}

function sampleVrrp(
  { instances, instancesSeconds, counters, data, json }: VrrpReading,
  dumps: Keepalived['dumps'],
  find: FindAnnounced,
): Sample[] {
  const processes = data?.trackedProcesses ?? json?.trackedProcesses ?? [];
  const groups = (data?.syncGroups ?? []).map((group) =>
    updateSyncGroup(group, dumps.data?.modifiedSeconds ?? 0, find),
  );
  return [
    ...instances
      .map((instance) => updateInstance(instance, instancesSeconds, find))
      .flatMap((instance) => sampleVrrpInstance(instance, counters.get(instance.name))),
    ...(data ? sampleTrackers(data) : []),
    ...processes.flatMap(sampleTrackedProcess),
    ...groups.flatMap(sampleSyncGroup),
  ];
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
