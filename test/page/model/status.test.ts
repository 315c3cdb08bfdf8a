import { describe, expect, it } from 'vitest';
import { describeStatus, type Status } from '../../../src/page/model/status.ts';
import type { Sample } from '../../../src/scrape/metric.ts';
import { collectors, ipvsRead, series, service, table, vrrp } from '../series.ts';

function statusOf(now: readonly Sample[], before?: readonly Sample[]): Status {
  const at = (atSeconds: number, samples: readonly Sample[]) => ({
    atSeconds,
    samples: [...samples, ipvsRead(atSeconds)],
  });
  return describeStatus(at(115, now), before && at(100, before));
}

const kubernetes = series('lvs_platform_info', 1, { kube_proxy: 'ipvs' });

/** Each tile as a line. */
function summaryOf(status: Status): string[] {
  return status.summary.flatMap(({ tiles }) =>
    tiles.map(({ title, value, note, level, word }) => `${title}: ${value} | ${note} | ${level} ${word}`.trimEnd()),
  );
}

describe('the summary at a table', () => {
  it.each([
    [
      'that is well',
      [100, 200, Number.POSITIVE_INFINITY],
      [
        'In use: 10 % | 100 of 1,000 entries | good OK',
        'Settles at: 20 % | 200 entries, at the present rates | good OK',
        'Full in: Never | at the present rates | good OK',
        'New flows: 10/s | 80 % of them without a reply | good',
      ],
    ],
    [
      'that fills',
      [780, 1200, 67],
      [
        'In use: 78 % | 780 of 1,000 entries | warning High',
        'Settles at: 120 % | 1,200 entries, at the present rates | critical Above the limit',
        'Full in: 67 s | at the present rates | critical Within the hour',
        'New flows: 10/s | 80 % of them without a reply | good',
      ],
    ],
    [
      'that will be full today',
      [500, 850, 7300],
      [
        'In use: 50 % | 500 of 1,000 entries | good OK',
        'Settles at: 85 % | 850 entries, at the present rates | warning High',
        'Full in: 2 h 2 min | at the present rates | warning Within a day',
        'New flows: 10/s | 80 % of them without a reply | good',
      ],
    ],
    [
      'that is full',
      [1000, 1200, 0],
      [
        'In use: 100 % | 1,000 of 1,000 entries | critical Full',
        'Settles at: 120 % | 1,200 entries, at the present rates | critical Above the limit',
        'Full in: Now | new flows fail or evict others | critical Full',
        'New flows: 10/s | 80 % of them without a reply | good',
      ],
    ],
  ] as const)('%s', (_what, [entries, equilibrium, fullIn], expected) => {
    expect(summaryOf(statusOf(table(entries, equilibrium, fullIn)))).toEqual(expected);
  });

  it('reports what is not known where the table cannot be read', () => {
    const status = statusOf([series('conntrack_entries', 5), series('conntrack_entries_limit', 0)]);
    expect(summaryOf(status)).toEqual([
      'In use: 5 | entries, without a limit | good OK',
      'Settles at: – | the table could not be read | unknown Unknown',
      'Full in: – | the table could not be read | unknown Unknown',
    ]);
    expect(status.level).toBe('unknown');
  });

  it('is of the own network namespace, and lists the others', () => {
    const other = table(900, 950, 30).map((one) => ({ ...one, labels: { ...one.labels, netns: 'qrouter' } }));
    const status = statusOf([...table(100, 200, Number.POSITIVE_INFINITY), ...other]);
    expect(summaryOf(status)[0]).toBe('In use: 10 % | 100 of 1,000 entries | good OK');
    expect(status.tables.map(({ netns, table: { entries } }) => [netns, entries])).toEqual([
      [undefined, 100],
      ['qrouter', 900],
    ]);
    expect(status.destinations.map(({ netns, entries }) => [netns, entries])).toEqual([
      ['qrouter', 450],
      [undefined, 50],
    ]);
    expect(status.level).toBe('critical');
  });
});

describe('the summary at a director', () => {
  const limit = series('ipvs_upstream_conntrack_limit', 4000);

  it('shows the entries needed upstream: 180 s of each TCP connection, 90 s of UDP', () => {
    const now = [...service('80', 250, [1]), ...service('53', 650, [1], 'udp')];
    const before = [...service('80', 100, [1]), ...service('53', 500, [1], 'udp')];
    expect(summaryOf(statusOf(now, before))).toEqual([
      'Entries needed upstream: 2,700 | entries in the table of its host, for 20 new connections/s | good',
      'Virtual servers: 2 | on 2 real servers | good OK',
    ]);
    expect(summaryOf(statusOf([...now, limit], before))[0]).toBe(
      'Entries needed upstream: 68 % | 2,700 of 4,000 entries, for 20 new connections/s | good OK',
    );
  });

  it('has no rate from one reading', () => {
    expect(summaryOf(statusOf([...service('80', 250, [1]), limit]))[0]).toBe(
      'Entries needed upstream: – | the rate of new connections is not known | unknown Unknown',
    );
  });

  it('does not make rates of two readings of the same moment', () => {
    const before = { atSeconds: 114.9, samples: [...service('80', 100, [1]), ipvsRead(114.9)] };
    const now = { atSeconds: 115, samples: [...service('80', 250, [1]), ipvsRead(115)] };
    const { upstream } = describeStatus(now, before);
    expect(upstream?.perSecond).toBeUndefined();
  });

  it.each([
    [
      'with services without real servers',
      service('80', 0, [0, 0]),
      'Virtual servers: 1 | 1 without real servers | critical Unserved',
    ],
    [
      'of Kubernetes with services without real servers',
      [...service('80', 0, [0, 0]), kubernetes],
      'Virtual servers: 1 | 1 without real servers | good OK',
    ],
    ['that is master', vrrp('master'), 'VRRP: Master | 1 instance | good OK'],
    ['in fault', vrrp('fault'), 'VRRP: Fault | 1 instance | critical Fault'],
    ['without keepalived running', vrrp('none', 0), 'VRRP: Down | keepalived is not running | critical Fault'],
  ])('%s', (_what, samples, expected) => {
    expect(summaryOf(statusOf(samples)).at(-1)).toBe(expected);
  });
});

describe('describeStatus()', () => {
  it('lists services without real servers first, then those with the most traffic', () => {
    const before = [...service('80', 0, [1]), ...service('443', 0, [1, 0, 1]), ...service('25', 0, [])];
    const now = [...service('80', 15, [1]), ...service('443', 150, [1, 0, 1]), ...service('25', 0, [])];
    const { services } = statusOf(now, before);
    expect(services.map(({ name, perSecond }) => [name, perSecond])).toEqual([
      ['tcp 10.0.0.100:25', 0],
      ['tcp 10.0.0.100:443', 10],
      ['tcp 10.0.0.100:80', 1],
    ]);
    expect(services[1]).toMatchObject({ scheduler: 'wrr, persistent 60 s', realServers: 3, active: 3, inactive: 30 });
    expect(services[1]?.servers.map(({ address }) => address)).toEqual(['10.0.1.2', '10.0.1.3', '10.0.1.1']);
  });

  it('calls a service by its name', () => {
    const samples = service('443', 0, [1]).map((one) =>
      one.metric.name === 'ipvs_virtual_server_info'
        ? { ...one, labels: { ...one.labels, name: 'web\u202eshop' } }
        : one,
    );
    const named = statusOf([...samples, ...service('53', 0, [1], 'udp')]).services.map(({ name }) => name);
    expect(named).toEqual(['web\\u202eshop (10.0.0.100:443)', 'udp 10.0.0.100:53']);
  });

  it('reads a VRRP instance', () => {
    expect(statusOf(vrrp('backup')).vrrp).toEqual({
      daemons: [{ name: undefined, isRunning: true, missingProcesses: [], version: '2.2.7' }],
      failedScripts: [],
      instances: [
        {
          name: 'web',
          interface: 'eth0',
          vrid: '51',
          family: 'ipv4',
          state: 'backup',
          wantedState: undefined,
          priority: 130,
          basePriority: 150,
          sinceSeconds: undefined,
          errors: 2,
          addresses: [{ address: '10.0.0.100', isBound: false }],
        },
      ],
    });
  });

  it('distinguishes the instances of several keepaliveds, and shows an address on the wrong machine', () => {
    const named = (daemon: string, samples: Sample[]) =>
      samples.map((one) => ({ ...one, labels: { ...one.labels, daemon } }));
    const isStray = ({ metric, labels }: Sample) =>
      metric.name === 'keepalived_vrrp_address_bound' && labels.daemon === 'two.conf';
    const samples = [...named('one.conf', vrrp('master')), ...named('two.conf', vrrp('backup'))];
    const status = statusOf(samples.map((one) => (isStray(one) ? { ...one, value: 1 } : one)));
    expect(status.vrrp?.daemons.map(({ name }) => name)).toEqual(['one.conf', 'two.conf']);
    expect(status.vrrp?.instances.map(({ state, addresses }) => [state, addresses[0]?.isBound])).toEqual([
      ['backup', true],
      ['master', true],
    ]);
    expect(summaryOf(status)).toEqual(['VRRP: 1 backup, 1 master | 2 instances | critical Fault']);
  });

  it('reports which of several keepaliveds is down', () => {
    const named = (daemon: string, up: number) =>
      vrrp('master', up).map((one) => ({ ...one, labels: { ...one.labels, daemon } }));
    const downAlone = statusOf([...named('one.conf', 1), ...named('two.conf', 0), ...named('three.conf', 1)]);
    expect(summaryOf(downAlone)).toEqual(['VRRP: 1 of 3 down | keepalived is not running: two.conf | critical Fault']);
    const both = statusOf([...named('one.conf', 0), ...named('two.conf', 0)]);
    expect(summaryOf(both)).toEqual([
      'VRRP: 2 of 2 down | keepalived is not running: one.conf, two.conf | critical Fault',
    ]);
  });

  it('has the real servers that keepalived took out', () => {
    const of = { protocol: 'tcp', address: '10.0.0.100', port: '80', fwmark: '', forward: 'direct', real_port: '80' };
    const [up, down] = [
      { ...of, real_address: '10.0.1.1' },
      { ...of, real_address: '10.0.1.2' },
    ];
    const { downServers } = statusOf([
      series('keepalived_real_server_up', 1, up),
      series('keepalived_real_server_up', 0, down),
      series('keepalived_real_server_failed_checkers', 1, { ...down, checker: 'http' }),
      series('keepalived_real_server_failed_checkers', 0, { ...down, checker: 'tcp' }),
    ]);
    expect(downServers).toEqual([{ name: '10.0.1.2:80', service: 'tcp 10.0.0.100:80', failedCheckers: ['http'] }]);
  });

  it('has the collectors that fail first', () => {
    const status = statusOf(collectors({ ipvs: 'works', keepalived: 'absent', conntrack: 'failed' }));
    expect(status.collectors.map(({ name, state }) => [name, state])).toEqual([
      ['conntrack', 'failed'],
      ['ipvs', 'works'],
      ['keepalived', 'absent'],
    ]);
  });

  it('has the findings, and is as ill as the worst of them', () => {
    const { findings, level } = statusOf(table(950, 1200, 5));
    expect(findings[0]?.severity).toBe('critical');
    expect(level).toBe('critical');
  });
});
