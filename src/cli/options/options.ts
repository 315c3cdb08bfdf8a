import { validate as isCronExpression } from 'node-cron';
import { defaultCollectors, defaultSettings } from '../../collectors/index.ts';
import { ipvsUpstreamConntrackLimit } from '../../collectors/ipvs/metrics.ts';
import { parseListenAddress } from '../../http/listen.ts';
import { defaultMaxRequests } from '../../http/request-limit.ts';
import { defaultTelemetryPath, parseTelemetryPath } from '../../http/telemetry-path.ts';
import { logFormats, logLevels } from '../../log/log.ts';
import { kernelTimers } from '../../plan/load.ts';
import {
  choice,
  duration,
  flag,
  type Option,
  option,
  optionalCount,
  optionalDuration,
  optionalText,
  positiveNumber,
  repeatable,
  textList,
  wholeNumber,
} from './option.ts';
import { rates } from './rate.ts';

/** `--collector.NAME` for each collector, `--collector.NAME.schedule` for each that has a schedule. */
const collectorOptions: Readonly<Record<`collector.${string}`, Option<boolean> | Option<string>>> = Object.fromEntries(
  defaultCollectors.flatMap(({ name, help, schedule, optional = false }) => [
    [`collector.${name}`, flag(help, !optional)],
    ...(schedule === undefined ? [] : [[`collector.${name}.schedule`, cron(name, schedule)]]),
  ]),
);

export function cron(collector: string, fallback: string): Option<string> {
  const expected = 'a cron expression of 5 fields, or 6 with seconds first';
  const parse = (text: string) => (isCronExpression(text) ? text : undefined);
  return option('CRON', `When to run the ${collector} collector.`, fallback, expected, parse);
}

/** The options of every command. */
export const commonOptions = {
  'path.procfs': option('DIR', 'Mount point of the proc file system.', '/proc', 'a path', (dir) => dir || undefined),
  ...collectorOptions,
  'collector.ipvs.max-series': wholeNumber(
    'Maximum number of real-server series. Above this limit, series are aggregated per virtual server.',
    defaultSettings.ipvs.maxSeries,
  ),
  'collector.ipvs.aggregate': flag(
    'Aggregate real servers per virtual server. Real servers that keepalived considers down keep their own series.',
    false,
  ),
  'collector.ipvs.names': optionalText(
    'FILE',
    'Names of virtual servers, in YAML: "203.0.113.80:443: web shop". Read again when it changes.',
  ),
  'collector.keepalived.max-series': wholeNumber(
    'Maximum number of series of VRRP instances. Above this limit, instances are left out.',
    defaultSettings.keepalived.maxSeries,
  ),
  'collector.keepalived.last-dumps': optionalText(
    'DIR',
    'Directory with the dumps of a keepalived that ended before this program started, to name its VRRP instances. By default, no dump is read while keepalived is not running.',
  ),
  'collector.ipvs-connections.max-entries': wholeNumber(
    `Maximum number of IPVS connections to read. A scan also ends after ${defaultSettings.ipvsConnections.maxSeconds} s.`,
    defaultSettings.ipvsConnections.maxEntries,
  ),
  'upstream.conntrack-limit': optionalCount(
    `Maximum number of tracked flows of the stateful hop upstream of this director. Exported as ${ipvsUpstreamConntrackLimit.name}.`,
  ),
  'collector.conntrack.netns': textList(
    'NAME',
    'Read connection tracking of this network namespace as well: a name below /run/netns or a path.',
  ),
  'collector.conntrack-table.full-scan-max-entries': wholeNumber(
    'Maximum number of entries up to which a table is read completely. From a larger table, a random sample is read.',
    defaultSettings.table.fullScanMaxEntries,
  ),
  'collector.conntrack-table.sample-size': wholeNumber(
    'Number of entries in the random sample of a larger table.',
    defaultSettings.table.sampleEntries,
  ),
  'collector.conntrack-table.max-destinations': wholeNumber(
    'Maximum number of destinations, and of sources, to export individually: those with the most entries, the most unreplied entries or the most new entries.',
    defaultSettings.table.destinations,
  ),
  'collector.conntrack-table.sources': flag(
    'Export series of the largest sources. Their addresses belong to clients and are personal data; without this flag, only `diagnose` and the status page on this machine show them.',
    false,
  ),
  'log.level': choice(logLevels, 'Only log messages with the given severity or above.', 'info'),
  'log.format': choice(logFormats, 'Format of the log lines.', 'logfmt'),
  help: flag('Show this help and exit.', false),
  version: flag('Show the version and exit.', false),
};

/** Those of `lvs-exporter check-web-config`. */
export const checkOptions = { help: commonOptions.help, version: commonOptions.version };

/** Those of `lvs-exporter`. */
export const serveOptions = {
  'web.listen-address': repeatable(
    option('ADDRESS', 'Address to serve on.', ':10044', 'an address such as :10044 or [::1]:10044', parseListenAddress),
  ),
  'web.systemd-socket': flag('Listen on the sockets of the systemd unit instead of addresses.', false),
  'web.config.file': optionalText(
    'FILE',
    'Configuration file for TLS and authentication, in the format of exporter-toolkit.',
  ),
  'web.telemetry-path': option(
    'PATH',
    'Path under which to expose metrics. With /, the status page is not served.',
    defaultTelemetryPath,
    'a path such as /metrics',
    parseTelemetryPath,
  ),
  'web.max-requests': wholeNumber(
    'Maximum number of parallel scrape requests. Above this limit, requests get 503. Use 0 to disable.',
    defaultMaxRequests,
  ),
  'collector.keepalived.notify-fifo': optionalText(
    'PATH',
    "keepalived's notify FIFO to read. No other program may read it.",
  ),
  replay: optionalText('DIR', 'Recording to serve instead of this machine.'),
  'replay.speed': positiveNumber('Speed of the replay, as a multiple of the recorded speed.', '1'),
  ...commonOptions,
};

/** Those of `lvs-exporter record`. */
export const recordOptions = {
  interval: duration('Time between two readings.', '5s'),
  duration: duration('How long to record.', '2m'),
  ...commonOptions,
};

/** Those of commands that observe this machine, or a recording, once. */
export const observationOptions = {
  duration: duration('How long to observe this machine. Rates are measured over this time.', '10s'),
  replay: optionalText('DIR', 'Recording to read instead of this machine.'),
  'replay.at': optionalDuration('Time in the recording, counted from its start. By default its end.'),
};

/** Those of `lvs-exporter metrics`. */
export const metricsOptions = {
  ...observationOptions,
  output: optionalText(
    'FILE',
    'File to replace in one step, such as NAME.prom of the textfile collector. By default metrics are written to standard output.',
  ),
  ...commonOptions,
};

const json = flag('Print JSON.', false);

export const outputs = ['text', 'json', 'check'] as const;

/** Those of `lvs-exporter diagnose`. */
export const diagnoseOptions = {
  ...observationOptions,
  json,
  output: choice(
    outputs,
    'Format: text for a person, json for a program, check for Nagios and Icinga (one line with performance data).',
    'text',
  ),
  verbose: flag('Print every remedy in full, not only the first of each finding.', false),
  ...commonOptions,
  // Unlike the exporter, it starts commands anyway, and its user needs the owner, whom to call.
  'collector.ipvs-connections': flag(
    'Count the IPVS connections to real servers that are gone, and those that are idle.',
    true,
  ),
  'collector.openstack': flag('Show the port, virtual machine and project of OpenStack that flows belong to.', true),
};

/** Those of `lvs-exporter plan`. */
export const planOptions = {
  tcp: rates('TCP connections whose replies bypass the hop (direct server return)'),
  udp: rates('UDP flows whose replies bypass the hop (direct server return)'),
  'two-way-tcp': rates('TCP connections whose replies pass the hop'),
  'two-way-udp': rates('UDP flows whose replies pass the hop'),
  limit: optionalCount('nf_conntrack_max of the hop.'),
  'timeout.syn-sent': duration('nf_conntrack_tcp_timeout_syn_sent of the hop.', `${kernelTimers.synSent}s`),
  'timeout.udp': duration('nf_conntrack_udp_timeout of the hop.', `${kernelTimers.udp}s`),
  lag: duration('Maximum time until the hop removes an expired entry.', `${kernelTimers.lag}s`),
  ...observationOptions,
  json,
  ...commonOptions,
};
