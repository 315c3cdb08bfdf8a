import { createCollectors, defaultSettings } from '../../collectors/index.ts';
import { keepalivedDumps } from '../../collectors/keepalived/dumps.ts';
import { baseName } from '../../collectors/namespaced.ts';
import type { LogOptions } from '../../log/log.ts';
import type { Collector } from '../../scrape/collector.ts';
import type { OptionValues } from './option.ts';
import type { commonOptions, observationOptions } from './options.ts';

export interface MachineConfig {
  readonly procfs: string;
  /** Where the dumps of a keepalived are that ended before. */
  readonly lastDumpsDirectory: string | undefined;
  /** Names of virtual servers. */
  readonly namesFile: string | undefined;
  readonly collectors: readonly Collector[];
  readonly log: Pick<LogOptions, 'level' | 'format'>;
}

/** What is looked at: this machine for some time, or a recording. */
export interface ObservationConfig extends MachineConfig {
  /** From the first reading of the machine to the last. */
  readonly durationSeconds: number;
  /** A recording to look at instead of the machine. */
  readonly replay: string | undefined;
  /** Seconds from its start; undefined for its end. */
  readonly replayAtSeconds: number | undefined;
}

export function observationConfig(
  values: OptionValues<typeof observationOptions & typeof commonOptions>,
): ObservationConfig {
  return {
    durationSeconds: values.duration,
    replay: values.replay,
    replayAtSeconds: values['replay.at'],
    ...machineConfig(values),
  };
}

export function machineConfig(values: OptionValues<typeof commonOptions>): MachineConfig {
  return {
    procfs: values['path.procfs'],
    lastDumpsDirectory: values['collector.keepalived.last-dumps'],
    namesFile: values['collector.ipvs.names'],
    collectors: chooseCollectors(values),
    log: { level: values['log.level'], format: values['log.format'] },
  };
}

/** Those that are on, each on the schedule that was asked for. */
function chooseCollectors(values: OptionValues<typeof commonOptions>): Collector[] {
  const byName: Readonly<Record<string, unknown>> = values;
  const collectors = createCollectors({
    ipvs: {
      maxSeries: values['collector.ipvs.max-series'],
      aggregate: values['collector.ipvs.aggregate'],
      upstreamConntrackLimit: values['upstream.conntrack-limit'],
      namesFile: values['collector.ipvs.names'],
    },
    ipvsConnections: {
      ...defaultSettings.ipvsConnections,
      maxEntries: values['collector.ipvs-connections.max-entries'],
    },
    table: {
      fullScanMaxEntries: values['collector.conntrack-table.full-scan-max-entries'],
      sampleEntries: values['collector.conntrack-table.sample-size'],
      destinations: values['collector.conntrack-table.max-destinations'],
      sources: values['collector.conntrack-table.sources'],
    },
    keepalived: { maxSeries: values['collector.keepalived.max-series'] },
    namespaces: values['collector.conntrack.netns'],
  });
  return withoutIdleRequests(
    collectors.filter((collector) => byName[`collector.${baseName(collector)}`] !== false),
  ).map((collector) => withSchedule(collector, byName[`collector.${baseName(collector)}.schedule`]));
}

/** keepalived is not asked for dumps that are not read. */
function withoutIdleRequests(collectors: readonly Collector[]): readonly Collector[] {
  const areRead = collectors.some(({ name }) => name.startsWith('keepalived') && name !== keepalivedDumps.name);
  return collectors.filter((collector) => areRead || collector !== keepalivedDumps);
}

function withSchedule(collector: Collector, schedule: unknown): Collector {
  return typeof schedule === 'string' ? { ...collector, schedule } : collector;
}
