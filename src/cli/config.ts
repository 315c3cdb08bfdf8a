import { createCollectors, defaultSettings } from '../collectors/index.ts';
import { keepalivedDumps } from '../collectors/keepalived/dumps.ts';
import { baseName } from '../collectors/namespaced.ts';
import type { ListenAddress } from '../http/listen.ts';
import { defaultTimers, type Load, type Timers } from '../plan/load.ts';
import type { Collector } from '../scrape/collector.ts';
import { describeOptions, type OptionTable, readCommandLine } from './command-line.ts';
import type { LogOptions } from './log.ts';
import { type OptionValues, UsageError } from './option.ts';
import {
  commonOptions,
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
  readonly everySeconds: number;
  readonly forSeconds: number;
}

/** What is looked at: this machine for some time, or a recording. */
export interface ObservationConfig extends MachineConfig {
  /** From the first reading of the machine to the last. */
  readonly forSeconds: number;
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
  | { readonly command: 'help' | 'version' };

/** Reads the command line. Throws UsageError, whose message is for the person who typed it. */
export function readConfig(argv: readonly string[]): Config {
  const [command, ...rest] = argv;
  if (command === 'record') return readRecordConfig(rest);
  if (command === 'plan') return readPlanConfig(rest);
  return command === 'diagnose' ? readDiagnoseConfig(rest) : readServeConfig(argv);
}

function readServeConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(serveOptions, argv);
  if (values.help) return { command: 'help' };
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
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Command "record" expects one folder');
  return {
    command: 'record',
    directory,
    everySeconds: values.every,
    forSeconds: values.for,
    ...machineConfig(values),
  };
}

function readDiagnoseConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(diagnoseOptions, argv);
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  refuseArguments('diagnose', positionals);
  const output = values.json ? 'json' : values.output;
  return { command: 'diagnose', output, verbose: values.verbose, ...observationConfig(values) };
}

function readPlanConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(planOptions, argv);
  if (values.help) return { command: 'help' };
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
    forSeconds: values.for,
    replay: values.replay,
    replayAtSeconds: values['replay.at'],
    ...machineConfig(values),
  };
}

function machineConfig(values: OptionValues<typeof commonOptions>): MachineConfig {
  return {
    procfs: values['path.procfs'],
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
      mostEntries: values['collector.ipvs-connections.entries'],
    },
    table: {
      wholeEntries: values['collector.conntrack-table.whole'],
      sampleEntries: values['collector.conntrack-table.sample'],
      destinations: values['collector.conntrack-table.destinations'],
      sources: values['collector.conntrack-table.sources'],
    },
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

/** What `--help` prints. */
export function helpText(): string {
  return `Usage: lvs-exporter [OPTION]...
       lvs-exporter diagnose [OPTION]...
       lvs-exporter plan [OPTION]...
       lvs-exporter record DIR [OPTION]...

Serves the state of IPVS, connection tracking and keepalived as Prometheus metrics.

Options:
${describeOptions(serveOptions)}

diagnose says what is wrong on this machine, or will be, and what to do about it. It takes the options on collectors and
paths, and:
${describeOptions(withoutCommon(diagnoseOptions))}
Its exit code is that of a check plugin: 0 nothing to act on, 1 warning, 2 critical, 3 it could not look.

plan says how large the connection tracking table of a stateful hop has to be, such as that of the compute host under a
director. It takes the rates that are given, or those of the director that it runs on, with:
${describeOptions(withoutCommon(planOptions))}

record writes what the exporter reads to a folder, for --replay and for bug reports. Client addresses are replaced
and secrets removed. Besides the options on collectors, paths and logs it takes:
${describeOptions(withoutCommon(recordOptions))}
`;
}

function withoutCommon(table: OptionTable): OptionTable {
  const common: ReadonlySet<unknown> = new Set(Object.values(commonOptions));
  return Object.fromEntries(Object.entries(table).filter(([, option]) => !common.has(option)));
}
