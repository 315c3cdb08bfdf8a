import { alertTests, of } from './alert-test.ts';

const job = 'lvs-exporter';
const always = '1 for 26h';
/** Of tests that need a day: what differs in one value is compared when both are that old. */
const daily = { scrapeSeconds: 300, evaluationSeconds: 300 };
const web = { protocol: 'tcp', address: '192.0.2.10', port: '443' };
const mail = { ...web, port: '25' };
const other = { ...web, address: '192.0.2.20' };
const marked = { protocol: '', address: '', port: '', fwmark: '1' };

interface Service {
  readonly values?: string;
  readonly scheduler?: string;
  readonly persistence?: string;
  /** Weights by real address, with another method of forwarding after a slash. */
  readonly weights?: Readonly<Record<string, string>>;
}

function serves(
  target: Readonly<Record<string, string>>,
  identity: Readonly<Record<string, string>>,
  { values = always, scheduler = 'wlc', persistence, weights = { '10.0.0.1': always } }: Service = {},
): Record<string, string> {
  const labels = { ...target, ...identity };
  const info = { ...labels, scheduler, ...(persistence === undefined ? {} : { persistence_seconds: persistence }) };
  const realServers = Object.entries(weights).map(([key, weight]) => {
    const [address = '', forward = 'direct'] = key.split('/');
    const own = { real_address: address, real_port: address === 'all' ? 'all' : (identity.port ?? ''), forward };
    return of({ ...labels, ...own }, { ipvs_real_server_weight: weight });
  });
  return Object.assign(of(info, { ipvs_virtual_server_info: values }), ...realServers);
}

const on = (instance: string) => ({ instance });
const named = 'not on every director of its pair';

function missing(instance: string, { protocol, address, port }: typeof web) {
  return {
    severity: 'warning' as const,
    labels: { job, instance, protocol, address, port, scheduler: 'wlc', difference: 'service' },
    description: `Virtual server ${protocol} ${address}:${port} on ${instance} is ${named}: after a failover to a director without it, its clients are refused.`,
  };
}

function realServer(instance: string, difference: string, real_address: string, forward = 'direct') {
  const text =
    difference === 'real server' ? `is ${named}` : `has another ${difference} on another director of its pair`;
  return {
    severity: 'warning' as const,
    labels: { job, instance, ...web, real_address, real_port: '443', forward, difference },
    description: `Real server ${real_address}:443 of tcp 192.0.2.10:443 on ${instance} ${text}.`,
  };
}

function setting(instance: string, difference: string, labels = {}) {
  return {
    severity: 'warning' as const,
    labels: { job, instance, ...web, scheduler: 'wlc', difference, ...labels },
    description: `Virtual server tcp 192.0.2.10:443 on ${instance} differs from another director of its pair: ${difference}.`,
  };
}

const source = (instance: string, source: string) =>
  of(on(instance), { [`lvs_exporter_source_info{collector="ipvs", source="${source}"}`]: always });
/** All three, of which one is unlike those of others. */
function timeouts(instance: string, unlike: string): Record<string, string> {
  const series = ['tcp established', 'tcp fin_wait', 'udp '].map((one) => {
    const [protocol = '', state = ''] = one.split(' ');
    const metric = `ipvs_timeout_seconds{protocol="${protocol}", state="${state}"}`;
    return [metric, one === unlike ? '120 for 26h' : '900 for 26h'] as const;
  });
  return of(on(instance), Object.fromEntries(series));
}

const missingReal = ['d1', 'd2'].map((instance) => realServer(instance, 'real server', '10.0.0.2'));
const heavier = ['d1', 'd2'].map((instance) => realServer(instance, 'weight', '10.0.0.1'));
const two = { '10.0.0.1': always, '10.0.0.2': always };

export const ipvsPairTests = [
  ...alertTests(
    'IpvsPairDiffers',
    {
      when: 'a director gets a service that its partner does not have',
      scrapeSeconds: 60,
      series: {
        ...serves(on('d1'), web),
        ...serves(on('d1'), mail, { values: 'nothing for 10m, 1 for 30m, gone for 1h', weights: {} }),
        ...serves(on('d2'), web),
        // Services of two nodes of Kubernetes, of which one has a NodePort at its own address.
        ...of(on('d1'), { lvs_platform_info: always }),
        ...of(on('n1'), { 'lvs_platform_info{kube_proxy="ipvs"}': always }),
        ...of(on('n2'), { 'lvs_platform_info{kube_proxy="ipvs"}': always }),
        ...serves(on('n1'), { ...web, address: '192.0.2.50' }),
        ...serves(on('n2'), { ...web, address: '192.0.2.50' }),
        ...serves(on('n1'), { ...web, address: '192.0.2.51' }),
        ...serves(on('e1'), other),
        ...serves(on('e2'), other),
        // Of one machine for itself.
        ...serves(on('e1'), { ...web, address: '127.0.0.1' }),
        ...serves(on('e1'), { ...web, address: '169.254.20.10' }),
        ...serves(on('alone'), { ...web, address: '192.0.2.30' }),
        ...serves(on('alone'), { ...mail, address: '192.0.2.30' }),
      },
      expected: { '24m': [], '25m': [missing('d1', mail)], '44m': [missing('d1', mail)], '46m': [] },
    },
    {
      when: 'a director has a service at an address that its partner does not serve',
      scrapeSeconds: 60,
      series: { ...serves(on('d1'), web), ...serves(on('d1'), other), ...serves(on('d2'), web) },
      expected: { '30m': [missing('d1', other)] },
    },
    {
      when: 'two of three directors have a service of an address',
      scrapeSeconds: 60,
      series: {
        ...serves(on('d1'), web),
        ...serves(on('d1'), mail),
        ...serves(on('d2'), web),
        ...serves(on('d2'), mail),
        ...serves(on('d3'), web),
      },
      expected: { '30m': [missing('d1', mail), missing('d2', mail)] },
    },
    {
      when: 'firewall marks are the same, of one cluster and of machines without one',
      ...daily,
      series: {
        ...serves(on('d1'), marked, { scheduler: 'rr', weights: { '10.0.0.1': '5 for 26h' } }),
        ...serves(on('e1'), marked),
        ...serves({ instance: 'c1', cluster: 'c' }, marked, { scheduler: 'rr' }),
        ...serves({ instance: 'c2', cluster: 'c' }, { ...marked, family: 'ipv4' }),
      },
      expected: {
        '1d10m': [],
        '1d15m': [
          { scheduler: 'rr', instance: 'c1', labels: {} },
          { scheduler: 'wlc', instance: 'c2', labels: { family: 'ipv4' } },
        ].map(({ scheduler, instance, labels }) => ({
          severity: 'warning' as const,
          labels: { job, instance, cluster: 'c', fwmark: '1', scheduler, difference: 'scheduler', ...labels },
          description: `Virtual server firewall mark 1${instance === 'c2' ? ' (ipv4)' : ''} on ${instance} differs from another director of its pair: scheduler.`,
        })),
      },
    },
    {
      when: 'a real server is on one director',
      scrapeSeconds: 60,
      series: {
        ...serves(on('d1'), web, { weights: { ...two, '10.0.0.3': always } }),
        ...serves(on('d2'), web, { weights: two }),
        // Real servers of this one are added up.
        ...serves(on('e1'), other, { weights: two }),
        ...serves(on('e2'), other, { weights: { all: '2 for 2h' } }),
        ...serves(on('e3'), other, { weights: { all: '3 for 2h' } }),
      },
      expected: { '14m': [], '15m': [realServer('d1', 'real server', '10.0.0.3')] },
    },
    {
      when: 'a service has real servers on one director alone',
      scrapeSeconds: 60,
      series: { ...serves(on('d1'), web), ...serves(on('d2'), web, { weights: {} }) },
      expected: { '30m': [realServer('d1', 'real server', '10.0.0.1')] },
    },
    {
      when: 'weights and methods of forwarding differ, and one director is a real server itself',
      ...daily,
      series: {
        ...serves(on('d1'), web, { weights: { '10.0.0.1': '3 for 26h', '10.0.0.2': always, '10.0.0.3': always } }),
        ...serves(on('d2'), web, {
          weights: { '10.0.0.1': '2 for 26h', '10.0.0.2/masquerade': always, '10.0.0.3/local': always },
        }),
        // Real servers of these are added up.
        ...serves(on('e1'), other, { weights: { all: '2 for 26h' } }),
        ...serves(on('e2'), other, { weights: { all: '3 for 26h' } }),
      },
      expected: {
        '1d10m': [],
        '1d15m': [
          realServer('d1', 'weight', '10.0.0.1'),
          realServer('d2', 'weight', '10.0.0.1'),
          realServer('d1', 'forward', '10.0.0.2'),
          realServer('d2', 'forward', '10.0.0.2', 'masquerade'),
        ],
      },
    },
    {
      when: 'weights differ, and nothing was read for an hour the day before',
      ...daily,
      series: Object.assign(
        {},
        ...['d1', 'd2'].map((instance) => {
          const weight = instance === 'd1' ? 3 : 2;
          return serves(on(instance), web, {
            values: '1 for 2h, nothing for 1h, 1 for 26h',
            weights: { '10.0.0.1': `${weight} for 2h, nothing for 1h, ${weight} for 26h` },
          });
        }),
      ),
      expected: { '26h': heavier, '26h30m': heavier, '27h': heavier },
    },
    {
      when: 'methods of forwarding differ, and checks change the weights all the time',
      ...daily,
      series: {
        ...serves(on('d1'), web, { weights: { '10.0.0.1': '1 to 100 for 26h' } }),
        ...serves(on('d2'), web, { weights: { '10.0.0.1/masquerade': '2 to 101 for 26h' } }),
      },
      expected: {
        '1d10m': [],
        '1d15m': [realServer('d1', 'forward', '10.0.0.1'), realServer('d2', 'forward', '10.0.0.1', 'masquerade')],
      },
    },
    {
      when: 'persistence differs, of directors whose exporter may read it and of one whose may not',
      ...daily,
      series: {
        ...source('d1', 'netlink'),
        ...source('d2', 'netlink'),
        ...source('d3', 'procfs'),
        ...serves(on('d1'), web, { persistence: '300' }),
        ...serves(on('d2'), web, { persistence: '600' }),
        ...serves(on('d3'), web),
        ...source('e1', 'netlink'),
        ...source('e2', 'procfs'),
        ...of(on('e2'), { 'lvs_exporter_source_info{collector="keepalived", source="netlink"}': always }),
        ...serves(on('e1'), other, { persistence: '300' }),
        ...serves(on('e2'), other),
      },
      expected: {
        '1d10m': [],
        '1d15m': [
          setting('d1', 'persistence', { persistence_seconds: '300' }),
          setting('d2', 'persistence', { persistence_seconds: '600' }),
          setting('d3', 'persistence'),
        ],
      },
    },
    {
      when: 'two of three directors have a real server, and one of three another weight',
      ...daily,
      series: {
        ...serves(on('d1'), web, { weights: { '10.0.0.1': '3 for 26h', '10.0.0.2': always } }),
        ...serves(on('d2'), web, { weights: { '10.0.0.2': always, '10.0.0.1': '3 for 26h' } }),
        ...serves(on('d3'), web, { weights: { '10.0.0.1': '2 for 26h' } }),
      },
      expected: {
        '30m': missingReal,
        '1d15m': [...missingReal, ...['d1', 'd2', 'd3'].map((instance) => realServer(instance, 'weight', '10.0.0.1'))],
      },
    },
    {
      when: 'real servers are in maintenance on one director for minutes, without weight or removed',
      scrapeSeconds: 60,
      series: {
        ...serves(on('d1'), web, { weights: { '10.0.0.1': '1 for 10m, 0 for 5m, 1 for 1h', '10.0.0.2': always } }),
        ...serves(on('d2'), web, { weights: { '10.0.0.1': always, '10.0.0.2': '1 for 20m, gone for 5m, 1 for 1h' } }),
      },
      expected: { '14m': [], '24m': [], '30m': [], '45m': [] },
    },
    {
      when: 'a real server is drained on one director for a day, a scheduler is tried for hours, and a day later the partners follow',
      ...daily,
      series: {
        ...serves(on('d1'), web, { weights: { '10.0.0.1': '1 for 1h, 0 for 48h', '10.0.0.2': '1 for 48h' } }),
        ...serves(on('d2'), web, { weights: { '10.0.0.1': '1 for 26h, 0 for 22h', '10.0.0.2': '1 for 48h' } }),
        ...serves(on('e1'), other, { values: '1 for 1h, gone for 40h' }),
        ...serves(on('e1'), other, { values: 'nothing for 1h, 1 for 20h, gone for 8h', scheduler: 'mh' }),
        ...serves(on('e2'), other),
      },
      expected: {
        '1h30m': [],
        '20h': [],
        '25h10m': [],
        '25h15m': ['d1', 'd2'].map((instance) => realServer(instance, 'weight', '10.0.0.1')),
        '26h10m': [],
      },
    },
    {
      when: 'a director restarts, and has its services before their real servers',
      scrapeSeconds: 60,
      series: {
        ...serves(on('d1'), web),
        ...serves(on('d1'), mail),
        ...serves(on('d2'), web, {
          values: '1 for 10m, gone for 3m, 1 for 1h',
          weights: { '10.0.0.1': '1 for 10m, gone for 5m, 1 for 1h' },
        }),
        ...serves(on('d2'), mail, {
          values: '1 for 10m, gone for 4m, 1 for 1h',
          weights: { '10.0.0.1': '1 for 10m, gone for 6m, 1 for 1h' },
        }),
      },
      expected: { '12m': [], '16m': [], '30m': [], '45m': [] },
    },
    {
      when: 'a cluster is a whole site, whose pairs use the same firewall marks, and another one has a pair of three and Kubernetes',
      ...daily,
      series: {
        ...Object.assign(
          {},
          ...['d1', 'd2', 'e1', 'e2'].map((instance) => {
            const isFirst = instance.startsWith('d');
            const target = { instance, cluster: 'site' };
            return {
              ...serves(target, isFirst ? web : other),
              ...serves(target, marked, {
                scheduler: isFirst ? 'rr' : 'wlc',
                weights: { [isFirst ? '10.0.0.1' : '10.0.0.2']: always },
              }),
              ...of(
                { ...target, address: isFirst ? '192.0.2.10' : '192.0.2.20' },
                { keepalived_vrrp_address_bound: always },
              ),
            };
          }),
        ),
        ...Object.assign(
          {},
          ...['f1', 'f2', 'f3'].map((instance) => {
            const target = { instance, cluster: 'vrrp' };
            return {
              ...serves(target, marked, { scheduler: instance === 'f1' ? 'rr' : 'wlc' }),
              ...of({ ...target, address: '192.0.2.30' }, { keepalived_vrrp_address_bound: always }),
            };
          }),
        ),
        ...Object.assign(
          {},
          ...['g1', 'g2', 'g3'].map((instance) => {
            const target = { instance, cluster: 'services' };
            return {
              ...serves(target, marked, { scheduler: instance === 'g1' ? 'rr' : 'wlc' }),
              ...serves(target, { ...web, address: '192.0.2.40' }),
            };
          }),
        ),
        ...Object.assign(
          {},
          ...['h1', 'h2', 'n1'].map((instance) => {
            const target = { instance, cluster: 'kubernetes' };
            return {
              ...serves(target, instance === 'n1' ? { ...web, address: '192.0.2.50' } : marked, {
                scheduler: instance === 'h1' ? 'rr' : 'wlc',
              }),
              ...of(target, { [`lvs_platform_info{kube_proxy="${instance === 'n1' ? 'ipvs' : ''}"}`]: always }),
            };
          }),
        ),
      },
      expected: {
        '1d15m': [
          ['vrrp', 'f1', 'f2', 'f3'],
          ['services', 'g1', 'g2', 'g3'],
          ['kubernetes', 'h1', 'h2'],
        ].flatMap(([cluster = '', first, ...others]) =>
          [first ?? '', ...others].map((instance) => ({
            severity: 'warning' as const,
            labels: {
              job,
              instance,
              cluster,
              fwmark: '1',
              scheduler: instance === first ? 'rr' : 'wlc',
              difference: 'scheduler',
            },
            description: `Virtual server firewall mark 1 on ${instance} differs from another director of its pair: scheduler.`,
          })),
        ),
      },
    },
    ...(['tcp established', 'tcp fin_wait', 'udp '] as const).map((differing) => {
      const protocol = differing.startsWith('tcp') ? 'tcp' : 'udp';
      const unlike = { ...other, protocol: protocol === 'tcp' ? 'udp' : 'tcp' };
      return {
        when: `the timeout of ${differing} differs`,
        ...daily,
        series: {
          ...serves(on('d1'), { ...web, protocol }),
          ...serves(on('d2'), { ...web, protocol }),
          ...serves(on('d1'), unlike),
          ...serves(on('d2'), unlike),
          ...timeouts('d1', ''),
          ...timeouts('d2', differing),
        },
        expected: {
          '1d10m': [],
          '1d15m': ['d1', 'd2'].map((instance) => ({
            ...setting(instance, 'timeouts', { protocol }),
            description: `Virtual server ${protocol} 192.0.2.10:443 on ${instance} differs from another director of its pair: timeouts.`,
          })),
        },
      };
    }),
  ),
];
