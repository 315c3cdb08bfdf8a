import { validate as isCronExpression } from 'node-cron';
import { defaultCollectors, defaultSettings } from './collectors/index.ts';
import { parseListenAddress } from './listen-address.ts';
import { logFormats, logLevels } from './log.ts';
import {
  choice,
  count,
  duration,
  flag,
  type Option,
  option,
  optionalCount,
  optionalText,
  positiveNumber,
  repeatable,
  textList,
} from './option.ts';

/** `--collector.NAME` for each collector, `--collector.NAME.schedule` for each that has a schedule. */
const collectorOptions: Readonly<Record<`collector.${string}`, Option<boolean> | Option<string>>> = Object.fromEntries(
  defaultCollectors.flatMap(({ name, help, schedule }) => [
    [`collector.${name}`, flag(help, true)],
    ...(schedule === undefined ? [] : [[`collector.${name}.schedule`, cron(name, schedule)]]),
  ]),
);

function cron(collector: string, fallback: string): Option<string> {
  const expected = 'a cron expression of 5 fields, or 6 with seconds first';
  const parse = (text: string) => (isCronExpression(text) ? text : undefined);
  return option('CRON', `When to run the ${collector} collector.`, fallback, expected, parse);
}

/** Those of every command. */
export const commonOptions = {
  'path.procfs': option(
    'DIR',
    'Where the proc file system is mounted.',
    '/proc',
    'a folder',
    (dir) => dir || undefined,
  ),
  ...collectorOptions,
  'collector.ipvs.max-series': count(
    'Tell real servers one by one in up to so many series. Beyond, add them up for each virtual server.',
    defaultSettings.ipvs.mostSeries,
  ),
  'collector.ipvs.aggregate': flag('Always add the real servers of a virtual server up.', false),
  'upstream.conntrack-limit': optionalCount(
    'Tracked flows that the stateful hop before this director may have, to be served as ipvs_upstream_conntrack_limit.',
  ),
  'collector.conntrack.netns': textList(
    'NAME',
    'Read connection tracking of this network namespace as well: a name below /run/netns or a path.',
  ),
  'collector.conntrack-table.whole': count(
    'Read a table of up to so many entries whole.',
    defaultSettings.table.wholeEntries,
  ),
  'collector.conntrack-table.sample': count(
    'Of a larger table, read so many entries: a random sample.',
    defaultSettings.table.sampleEntries,
  ),
  'collector.conntrack-table.destinations': count(
    'Tell so many destinations one by one, those with the most unreplied entries.',
    defaultSettings.table.destinations,
  ),
  'collector.keepalived.request-dumps': flag(
    'Ask keepalived by signal to write new dumps. Otherwise those that it has written are read.',
    true,
  ),
  'log.level': choice(logLevels, 'Least level to log.', 'info'),
  'log.format': choice(logFormats, 'Form of the log lines.', 'logfmt'),
  help: flag('Show this help and stop.', false),
  version: flag('Show the version and stop.', false),
};

/** Those of `lvs-exporter`. */
export const serveOptions = {
  'web.listen-address': repeatable(
    option('ADDRESS', 'Address to serve on.', ':10044', 'an address such as :10044 or [::1]:10044', parseListenAddress),
  ),
  'web.systemd-socket': flag('Serve on the sockets that systemd hands over, instead of addresses.', false),
  'web.config.file': optionalText(
    'FILE',
    'File that turns on TLS or authentication, in the format of exporter-toolkit.',
  ),
  replay: optionalText('DIR', 'Serve a recording instead of this machine.'),
  'replay.speed': positiveNumber('How many times as fast as it was recorded.', '1'),
  ...commonOptions,
};

/** Those of `lvs-exporter record`. */
export const recordOptions = {
  every: duration('Time from one reading to the next.', '5s'),
  for: duration('How long to record.', '2m'),
  ...commonOptions,
};
