import type { ListenAddress } from '../../http/listen.ts';
import { quote } from '../../parsers/numbers.ts';
import { kernelTimers, type Load, type Timers } from '../../plan/load.ts';
import { readTopConfig, type TopConfig } from '../top/config.ts';
import { readCommandLine, refuseArguments, wordsOf } from './command-line.ts';
import type { CommandName } from './commands.ts';
import { type MachineConfig, machineConfig, type ObservationConfig, observationConfig } from './machine-config.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './option.ts';
import {
  checkOptions,
  diagnoseOptions,
  metricsOptions,
  type outputs,
  planOptions,
  recordOptions,
  serveOptions,
} from './options.ts';
import type { Rate } from './rate.ts';

export interface ServeConfig extends MachineConfig {
  readonly command: 'serve';
  readonly listenAddresses: readonly ListenAddress[];
  readonly systemdSocket: boolean;
  readonly webConfigFile: string | undefined;
  /** Where metrics are served. */
  readonly telemetryPath: string;
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

export interface DiagnoseConfig extends ObservationConfig {
  readonly command: 'diagnose';
  readonly output: (typeof outputs)[number];
  readonly verbose: boolean;
}

export interface MetricsConfig extends ObservationConfig {
  readonly command: 'metrics';
  /** A file to replace; undefined for standard output. */
  readonly output: string | undefined;
}

export interface CheckConfig {
  readonly command: 'check-web-config';
  readonly files: readonly string[];
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
  | MetricsConfig
  | CheckConfig
  | PlanConfig
  | TopConfig
  | { readonly command: 'help'; readonly about: CommandName }
  | { readonly command: 'version' };

/** Reads the command line. Throws UsageError, whose message is for the person who typed it. */
export function readConfig(argv: readonly string[]): Config {
  const [command = '', ...rest] = argv;
  return readers.get(command)?.(rest) ?? readServeConfig(argv);
}

type Reader = (argv: readonly string[]) => Config;

const readers: ReadonlyMap<string, Reader> = new Map<CommandName, Reader>([
  ['check-web-config', readCheckConfig],
  ['diagnose', readDiagnoseConfig],
  ['metrics', readMetricsConfig],
  ['plan', readPlanConfig],
  ['record', readRecordConfig],
  ['top', readTopConfig],
]);

function readServeConfig(argv: readonly string[]): Config {
  const { values, positionals } = readServeLine(argv);
  if (values.help) return { command: 'help', about: '' };
  if (values.version) return { command: 'version' };
  refuseCommand(positionals);
  return {
    command: 'serve',
    listenAddresses: values['web.listen-address'],
    systemdSocket: values['web.systemd-socket'],
    webConfigFile: values['web.config.file'],
    telemetryPath: values['web.telemetry-path'],
    maxRequests: values['web.max-requests'],
    notifyFifo: values['collector.keepalived.notify-fifo'],
    replay: values.replay,
    replaySpeed: values['replay.speed'],
    ...machineConfig(values),
  };
}

/** An option of a command is unknown here, but what is wrong is the place of the command. */
function readServeLine(argv: readonly string[]) {
  try {
    return readCommandLine(serveOptions, argv);
  } catch (error) {
    refuseLateCommand(wordsOf(serveOptions, argv));
    throw error;
  }
}

function refuseLateCommand(words: readonly string[]): void {
  const command = words.find((word) => readers.has(word));
  if (command !== undefined) throw new UsageError(`Command ${quote(command)} must come before its options`);
}

function refuseCommand([command]: readonly string[]): void {
  if (command === undefined) return;
  refuseLateCommand([command]);
  const suggested = nearest(command, [...readers.keys(), '--help', '--version']);
  throw new UsageError(`Unknown command ${quote(command)}${suggested ? `, did you mean "${suggested}"?` : ''}`);
}

function readRecordConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(recordOptions, argv);
  if (values.help) return { command: 'help', about: 'record' };
  if (values.version) return { command: 'version' };
  const [directory, ...rest] = positionals;
  if (!directory || rest.length > 0) throw new UsageError('Command "record" expects one directory');
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

function readMetricsConfig(argv: readonly string[]): Config {
  const { values, positionals } = readCommandLine(metricsOptions, argv);
  if (values.help) return { command: 'help', about: 'metrics' };
  if (values.version) return { command: 'version' };
  refuseArguments('metrics', positionals);
  return { command: 'metrics', output: values.output, ...observationConfig(values) };
}

function readCheckConfig(argv: readonly string[]): Config {
  const { values, positionals: files } = readCommandLine(checkOptions, argv);
  if (values.help) return { command: 'help', about: 'check-web-config' };
  if (values.version) return { command: 'version' };
  if (files.length === 0) throw new UsageError('Command "check-web-config" expects a file');
  return { command: 'check-web-config', files };
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
    timers: { ...kernelTimers, synSent, udp, lag },
    json: values.json,
    ...observationConfig(values),
  };
}
