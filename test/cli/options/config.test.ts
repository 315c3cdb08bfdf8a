import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/cli/options/config.ts';
import { helpText } from '../../../src/cli/options/help.ts';
import { UsageError } from '../../../src/cli/options/option.ts';
import { defaultCollectors } from '../../../src/collectors/index.ts';
import type { Collector } from '../../../src/scrape/collector.ts';
import { createHost } from '../../machine.ts';
import { recordedText } from '../../netlink/ip-vs-messages.ts';

const defaults = {
  command: 'serve',
  listenAddresses: [{ port: 10_044 }],
  systemdSocket: false,
  webConfigFile: undefined,
  telemetryPath: '/metrics',
  maxRequests: 40,
  procfs: '/proc',
  collectors: defaultCollectors.filter(({ optional }) => !optional).map(nameAndSchedule),
  log: { level: 'info', format: 'logfmt' },
  replay: undefined,
  replaySpeed: 1,
};

function nameAndSchedule({ name, schedule }: Collector): string {
  return schedule === undefined ? name : `${name} ${schedule}`;
}

/** A configuration with its collectors as text: each is made again. */
function read(argv: readonly string[]) {
  const config = readConfig(argv);
  return 'collectors' in config ? { ...config, collectors: config.collectors.map(nameAndSchedule) } : config;
}

const others = (name: string) => defaults.collectors.filter((collector) => collector.split(' ')[0] !== name);

describe('the options of the ipvs collector', () => {
  const title = 'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n';
  const columns = '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n';
  const rows = 'TCP  0A000065:0050 rr\n  -> 0A00000B:0050 Route 3 2 5\n  -> 0A00000C:0050 Route 1 1 0\n';
  const stats = ' Total Incoming Outgoing Incoming Outgoing\n Conns Packets Packets Bytes Bytes\n 0 0 0 0 0\n';
  const files = { '/proc/net/ip_vs': `${title}${columns}${rows}`, '/proc/net/ip_vs_stats': stats };

  it.each([
    [[], ['10.0.0.11', '10.0.0.12'], undefined],
    [['--collector.ipvs.aggregate'], ['all'], undefined],
    [['--collector.ipvs.max-series=5'], ['all'], undefined],
    [['--collector.ipvs.max-series=6', '--upstream.conntrack-limit=9'], ['10.0.0.11', '10.0.0.12'], 9],
  ])('%j are in force', async (argv, realServers, limit) => {
    const config = readConfig(argv);
    if (config.command !== 'serve') throw new Error('Not a configuration to serve');
    const collector = config.collectors.find(({ name }) => name === 'ipvs');
    const samples = (await collector?.collect(createHost({ files }))) ?? [];
    const weights = samples.filter(({ metric }) => metric.name === 'ipvs_real_server_weight');
    expect(weights.map(({ labels }) => labels.real_address)).toEqual(realServers);
    expect(samples.find(({ metric }) => metric.name === 'ipvs_upstream_conntrack_limit')?.value).toBe(limit);
  });
});

describe('the option of the ipvs-connections collector', () => {
  it.each([
    [[], 0],
    [['--collector.ipvs-connections.max-entries=0'], 1],
  ])('%j is in force', async (argv, truncated) => {
    const config = readConfig(['--collector.ipvs-connections', ...argv]);
    if (config.command !== 'serve') throw new Error('Not a configuration to serve');
    const collector = config.collectors.find(({ name }) => name === 'ipvs-connections');
    const files = { '/proc/net/ip_vs_conn_sync': recordedText('ip_vs_conn_sync') };
    const samples = (await collector?.collect(createHost({ files }))) ?? [];
    expect(samples.find(({ metric }) => metric.name === 'ipvs_connection_scan_truncated')?.value).toBe(truncated);
  });
});

describe('readConfig()', () => {
  it('has defaults for everything', () => {
    expect(read([])).toEqual(defaults);
  });

  it.each([
    [
      ['--web.listen-address=127.0.0.1:1', '--web.listen-address', '[::1]:2', '--web.listen-address=localhost:0'],
      {
        listenAddresses: [
          { host: '127.0.0.1', port: 1 },
          { host: '::1', port: 2 },
          { host: 'localhost', port: 0 },
        ],
      },
    ],
    [['--web.systemd-socket', '--web.config.file=web.yml'], { systemdSocket: true, webConfigFile: 'web.yml' }],
    [['--path.procfs=/host/proc'], { procfs: '/host/proc' }],
    [['--no-collector.ipvs'], { collectors: others('ipvs') }],
    [['--no-collector.ipvs', '--collector.ipvs'], {}],
    [['--collector.platform.schedule=* * * * *'], { collectors: [...others('platform'), 'platform * * * * *'] }],
    [
      ['--collector.conntrack.netns=qrouter-1', '--no-collector.conntrack'],
      {
        collectors: others('conntrack').flatMap((collector) =>
          collector.startsWith('conntrack-table') ? [collector, 'conntrack-table@qrouter-1 */15 * * * * *'] : collector,
        ),
      },
    ],
    [
      ['--collector.ipvs-connections'],
      {
        collectors: [
          ...defaults.collectors.slice(0, 1),
          'ipvs-connections 0 * * * * *',
          ...defaults.collectors.slice(1),
        ],
      },
    ],
    [['--collector.ipvs-connections', '--no-collector.ipvs-connections'], {}],
    [['--collector.keepalived.notify-fifo=/run/lvs-exporter.fifo'], { notifyFifo: '/run/lvs-exporter.fifo' }],
    [['--no-collector.keepalived-dumps'], { collectors: others('keepalived-dumps') }],
    [
      ['--no-collector.keepalived', '--no-collector.keepalived-checkers'],
      { collectors: defaults.collectors.filter((collector) => !collector.startsWith('keepalived')) },
    ],
    [['--log.level=debug', '--log.format=json'], { log: { level: 'debug', format: 'json' } }],
    [['--replay=dir', '--replay.speed=2.5'], { replay: 'dir', replaySpeed: 2.5 }],
  ])('reads %j', (argv, expected) => {
    expect(read(argv)).toEqual({ ...defaults, ...expected });
  });

  it('reads the record command', () => {
    const {
      listenAddresses,
      systemdSocket,
      webConfigFile,
      telemetryPath,
      maxRequests,
      replay,
      replaySpeed,
      ...common
    } = defaults;
    expect(read(['record', 'dir', '--interval', '500ms', '--duration=1m30s'])).toEqual({
      ...common,
      command: 'record',
      directory: 'dir',
      intervalSeconds: 0.5,
      durationSeconds: 90,
    });
  });

  it.each([
    [['--help'], { command: 'help', about: '' }],
    [['--version'], { command: 'version' }],
    [['record', '--help'], { command: 'help', about: 'record' }],
    [['diagnose', '--help'], { command: 'help', about: 'diagnose' }],
    [['plan', '--help'], { command: 'help', about: 'plan' }],
    [['plan', '--version'], { command: 'version' }],
    [['metrics', '--help'], { command: 'help', about: 'metrics' }],
    [['check-web-config', '--help'], { command: 'help', about: 'check-web-config' }],
    [['check-web-config', 'a', 'b'], { command: 'check-web-config', files: ['a', 'b'] }],
  ])('reads %j', (argv, config) => {
    expect(readConfig(argv)).toEqual(config);
  });

  it.each([
    [['--web.listen-adress=:1'], "Unknown option '--web.listen-adress', did you mean '--web.listen-address'?"],
    [['--collector.ipvs=false'], "Option '--collector.ipvs' does not take an argument"],
    [['--log.level'], "Option '--log.level <value>' argument missing"],
    [['record', 'a', '--every=5s'], "Unknown option '--every'"],
    [['diagnose', '--for=5s'], "Unknown option '--for'"],
    [['serve'], 'Unknown command "serve"'],
    [['metrics', 'file'], 'Command "metrics" expects no argument, got "file"'],
    [['metrics', '--json'], "Unknown option '--json'"],
    [['check-web-config'], 'Command "check-web-config" expects a file'],
    [['check-web-config', 'a', '--path.procfs=/x'], "Unknown option '--path.procfs'"],
    [['--web.telemetry-path=metrics'], 'Option --web.telemetry-path: expected a path such as /metrics, got "metrics"'],
    [['record'], 'Command "record" expects one directory'],
    [['record', 'a', 'b'], 'Command "record" expects one directory'],
    [
      ['record', 'a', '--interval=0s'],
      'Option --interval: expected a duration above zero such as 15s or 1m30s, got "0s"',
    ],
    [
      ['record', 'a', '--interval=5'],
      'Option --interval: expected a duration above zero such as 15s or 1m30s, got "5"',
    ],
    [
      ['--web.listen-address=10044'],
      'Option --web.listen-address: expected an address such as :10044 or [::1]:10044, got "10044"',
    ],
    [
      ['--web.listen-address=:65536'],
      'Option --web.listen-address: expected an address such as :10044 or [::1]:10044, got ":65536"',
    ],
    [['--log.format=xml'], 'Option --log.format: expected one of logfmt, json, got "xml"'],
    [['--replay.speed=0'], 'Option --replay.speed: expected a number above 0, got "0"'],
    [
      ['--collector.platform.schedule=often'],
      'Option --collector.platform.schedule: expected a cron expression of 5 fields, or 6 with seconds first, got "often"',
    ],
    [['--path.procfs='], 'Option --path.procfs: expected a path, got ""'],
    [['--web.config.file='], 'Option --web.config.file: expected a value, got ""'],
    [['--collector.conntrack.netns', ''], 'Option --collector.conntrack.netns: expected a value, got ""'],
    [['record', ''], 'Command "record" expects one directory'],
    [['--log.level', '--log.format=json'], "Option '--log.level <value>' argument missing"],
    [['record', 'a', '--interval=25d'], 'Option --interval: expected a duration of at most 24d, got "25d"'],
    [['-web.max-requests=4'], "Unknown option '-web.max-requests', did you mean '--web.max-requests'?"],
    [['-h'], "Unknown option '-h', did you mean '--help'?"],
    [['-V'], "Unknown option '-V', did you mean '--version'?"],
    [['--no-colector.ipvs'], "Unknown option '--no-colector.ipvs', did you mean '--no-collector.ipvs'?"],
    [['diagnoze'], 'Unknown command "diagnoze", did you mean "diagnose"?'],
    [['Help'], 'Unknown command "Help", did you mean "--help"?'],
    [['--', 'diagnose'], 'Command "diagnose" must come before its options'],
    [['--log.level=debug', 'diagnose'], 'Command "diagnose" must come before its options'],
    [['--log.level', 'debug', 'diagnose', '--json'], 'Command "diagnose" must come before its options'],
    [['--interval=5s', 'record', 'a'], 'Command "record" must come before its options'],
    [['--log.level=debug', 'diagnoze'], 'Unknown command "diagnoze", did you mean "diagnose"?'],
    [['nonsense', 'diagnose'], 'Unknown command "nonsense"'],
    [['--log.levle=debug', 'diagnoze'], "Unknown option '--log.levle', did you mean '--log.level'?"],
    [['--replay=diagnose', '--json'], "Unknown option '--json'"],
    [['---------------'], "Unknown option '---------------'"],
    [['diagnose', '-v'], "Unknown option '-v'"],
    [['diagnose', '-V'], "Unknown option '-V', did you mean '--version'?"],
    [['diagnose', '-h'], "Unknown option '-h', did you mean '--help'?"],
    [['-v'], "Unknown option '-v', did you mean '--version'?"],
  ])('refuses %j', (argv, message) => {
    expect(() => readConfig(argv)).toThrow(UsageError);
    expect(() => readConfig(argv)).toThrow(new UsageError(message));
  });
});

describe('helpText()', () => {
  it('names every option that is understood, with its default', () => {
    const help = helpText();
    expect(help).toContain('--web.listen-address=ADDRESS  (default: :10044)');
    for (const { name, schedule, optional } of defaultCollectors) {
      expect(help).toContain(optional ? `  --collector.${name}\n` : `  --[no-]collector.${name}  (default: on)\n`);
      if (schedule !== undefined) expect(help).toContain(`--collector.${name}.schedule=CRON  (default: ${schedule})`);
    }
  });
});
