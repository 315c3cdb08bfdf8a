import { createCollectors, defaultSettings } from '../collectors/index.ts';
import { keepalivedDumps } from '../collectors/keepalived/dumps.ts';
import { baseName } from '../collectors/namespaced.ts';
import type { ListenAddress } from '../http/listen.ts';
import { defaultTimers, type Load, type Timers } from '../plan/load.ts';
import type { Collector } from '../scrape/collector.ts';
import { readCommandLine } from './command-line.ts';
import type { CommandName } from './commands.ts';
import type { LogOptions } from './log.ts';
import { type OptionValues, UsageError } from './option.ts';
import {
  type commonOptions,
  diagnoseOptions,
  type observationOptions,
  type outputs,
  planOptions,
  type Rate,
  recordOptions,
  serveOptions,
} from './options.ts';

export interface MachineConfig {
  readonly procfs: string;
  /** Where the dumps of a keepalived are that ended before. */
  readonly lastDumpsDirectory: string | undefined;
  readonly collectors: readonly Collector[];
  readonly log: Pick<LogOptions, 'level' | 'format'>;
}

export interface ServeConfig extends MachineConfig {
  readonly command: 'serve';
  readonly listenAddresses: readonly ListenAddress[];
  readonly systemdSocket: boolean;
  readonly webConfigFile: string | undefined;
  /** Scrapes that may be under way at one time; 0 for no limit. */
  readonly maxRequests: number;
  /** keepalived's notify FIFO. */
  readonly notifyFifo: string | undefined;
  /** A recording to serve instead of the machine. */
  readonly replay: string | undefined;
  readonly replaySpeed: number;
}

export interface RecordConfig extends MachineConfig {
  readonly command: 'record';
  readonly directory: string;
  readonly intervalSeconds: number;
  readonly durationSeconds: number;
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

export interface DiagnoseConfig extends ObservationConfig {
  readonly command: 'diagnose';
  readonly output: (typeof outputs)[number];
  readonly verbose: boolean;
}

export interface PlanConfig extends ObservationConfig {
  readonly command: 'plan';
  readonly json: boolean;
  /** Empty to take them from the counters of a director. */
  readonly loads: readonly Load[];
  /** nf_conntrack_max of the hop. */
  readonly limit: number | undefined;
  readonly timers: Timers;
}

export type Config =
  | ServeConfig
  | RecordConfig
  | DiagnoseConfig
  | PlanConfig
  | { readonly command: 'help'; readonly about: CommandName }
  | { readonly command: 'version' };

/** Reads the command line. Throws UsageError, whose message is for the person who typed it. */
export function readConfig(argv: readonly string[]): Config {
  const [command, ...rest] = argv;
  if (command === 'record') return readRecordConfig(rest);
  if (command === 'plan') return readPlanConfig(rest);
  return command === 'diagnose' ? readDiagnoseConfig(rest) : readServeConfig(argv);
}

function readServeConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(serveOptions, argv);
  if (values.help) return { command: 'help', about: '' };
  if (values.version) return { command: 'version' };
  if (positionals.length > 0) throw new UsageError(`Unknown command "${positionals[0]}"`);
  return {
    command: 'serve',
    listenAddresses: values['web.listen-address'],
    systemdSocket: values['web.systemd-socket'],
    webConfigFile: values['web.config.file'],
    maxRequests: values['web.max-requests'],
    notifyFifo: values['collector.keepalived.notify-fifo'],
    replay: values.replay,
    replaySpeed: values['replay.speed'],
    ...machineConfig(values),
  };
}

function readRecordConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(recordOptions, argv);
  if (values.help) return { command: 'help', about: 'record' };
  if (values.version) return { command: 'version' };
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Command "record" expects one folder');
  return {
    command: 'record',
    directory,
    intervalSeconds: values.interval,
    durationSeconds: values.duration,
    ...machineConfig(values),
  };
}

function readDiagnoseConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(diagnoseOptions, argv);
  if (values.help) return { command: 'help', about: 'diagnose' };
  if (values.version) return { command: 'version' };
  refuseArguments('diagnose', positionals);
  const output = values.json ? 'json' : values.output;
  return { command: 'diagnose', output, verbose: values.verbose, ...observationConfig(values) };
}

function readPlanConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(planOptions, argv);
  if (values.help) return { command: 'help', about: 'plan' };
  if (values.version) return { command: 'version' };
  refuseArguments('plan', positionals);
  const load = (protocol: Load['protocol'], seen: Load['seen']) => (rate: Rate) => ({ protocol, seen, ...rate });
  const { 'timeout.syn-sent': synSent, 'timeout.udp': udp, lag } = values;
  return {
    command: 'plan',
    loads: [
      ...values.tcp.map(load('tcp', 'half')),
      ...values.udp.map(load('udp', 'half')),
      ...values['two-way-tcp'].map(load('tcp', 'both')),
      ...values['two-way-udp'].map(load('udp', 'both')),
    ],
    limit: values.limit,
    timers: { ...defaultTimers, synSent, udp, lag },
    json: values.json,
    ...observationConfig(values),
  };
}

function refuseArguments(command: string, [first]: readonly string[]): void {
  if (first !== undefined) throw new UsageError(`Command "${command}" expects no argument, got "${first}"`);
}

function observationConfig(values: OptionValues<typeof observationOptions & typeof commonOptions>): ObservationConfig {
  return {
    durationSeconds: values.duration,
    replay: values.replay,
    replayAtSeconds: values['replay.at'],
    ...machineConfig(values),
  };
}

function machineConfig(values: OptionValues<typeof commonOptions>): MachineConfig {
  return {
    procfs: values['path.procfs'],
    lastDumpsDirectory: values['collector.keepalived.last-dumps'],
    collectors: chooseCollectors(values),
    log: { level: values['log.level'], format: values['log.format'] },
  };
}

/** Those that are on, each on the schedule that was asked for. */
function chooseCollectors(values: OptionValues<typeof commonOptions>): Collector[] {
  const byName: Readonly<Record<string, unknown>> = values;
  const collectors = createCollectors({
    ipvs: {
      mostSeries: values['collector.ipvs.max-series'],
      aggregate: values['collector.ipvs.aggregate'],
      upstreamConntrackLimit: values['upstream.conntrack-limit'],
    },
    ipvsConnections: {
      ...defaultSettings.ipvsConnections,
      mostEntries: values['collector.ipvs-connections.max-entries'],
    },
    table: {
      wholeEntries: values['collector.conntrack-table.full-scan-max-entries'],
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

/** keepalived is not asked for dumps that nobody reads. */
function withoutIdleRequests(collectors: readonly Collector[]): readonly Collector[] {
  const areRead = collectors.some(({ name }) => name.startsWith('keepalived') && name !== keepalivedDumps.name);
  return collectors.filter((collector) => areRead || collector !== keepalivedDumps);
}

function withSchedule(collector: Collector, schedule: unknown): Collector {
  return typeof schedule === 'string' ? { ...collector, schedule } : collector;
}
