import type { ListenAddress } from '../http/listen.ts';
import { defaultTimers, type Load, type Timers } from '../plan/load.ts';
import { readCommandLine } from './command-line.ts';
import type { CommandName } from './commands.ts';
import { type MachineConfig, machineConfig, type ObservationConfig, observationConfig } from './machine-config.ts';
import { UsageError } from './option.ts';
import { diagnoseOptions, type outputs, planOptions, type Rate, recordOptions, serveOptions } from './options.ts';

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
