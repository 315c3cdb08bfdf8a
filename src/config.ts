import type { Collector } from './collector.ts';
import { createCollectors } from './collectors/index.ts';
import { baseName } from './collectors/namespaced.ts';
import { describeOptions, readCommandLine } from './command-line.ts';
import type { ListenAddress } from './listen-address.ts';
import type { LogOptions } from './log.ts';
import { type OptionValues, UsageError } from './option.ts';
import { type commonOptions, recordOptions, serveOptions } from './options.ts';

export interface MachineConfig {
  readonly procfs: string;
  readonly requestDumps: boolean;
  readonly collectors: readonly Collector[];
  readonly log: Pick<LogOptions, 'level' | 'format'>;
}

export interface ServeConfig extends MachineConfig {
  readonly command: 'serve';
  readonly listenAddresses: readonly ListenAddress[];
  readonly systemdSocket: boolean;
  readonly webConfigFile: string | undefined;
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

export type Config = ServeConfig | RecordConfig | { readonly command: 'help' | 'version' };

/** Reads the command line. Throws UsageError, whose message is for the person who typed it. */
export function readConfig(argv: readonly string[]): Config {
  return argv[0] === 'record' ? readRecordConfig(argv.slice(1)) : readServeConfig(argv);
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

function machineConfig(values: OptionValues<typeof commonOptions>): MachineConfig {
  return {
    procfs: values['path.procfs'],
    requestDumps: values['collector.keepalived.request-dumps'],
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
    table: {
      wholeEntries: values['collector.conntrack-table.whole'],
      sampleEntries: values['collector.conntrack-table.sample'],
      destinations: values['collector.conntrack-table.destinations'],
    },
    namespaces: values['collector.conntrack.netns'],
  });
  return collectors
    .filter((collector) => byName[`collector.${baseName(collector)}`] !== false)
    .map((collector) => withSchedule(collector, byName[`collector.${baseName(collector)}.schedule`]));
}

function withSchedule(collector: Collector, schedule: unknown): Collector {
  return typeof schedule === 'string' ? { ...collector, schedule } : collector;
}

/** What `--help` prints. */
export function helpText(): string {
  return `Usage: lvs-exporter [OPTION]...
       lvs-exporter record DIR [OPTION]...

Serves the state of IPVS, connection tracking and keepalived as Prometheus metrics.

Options:
${describeOptions(serveOptions)}

record writes what the exporter reads to a folder, for --replay and for bug reports. Client addresses are replaced
and secrets removed. Besides the options on collectors, paths and logs it takes:
${describeOptions({ every: recordOptions.every, for: recordOptions.for })}
`;
}
