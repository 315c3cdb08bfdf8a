import { alertTests, of } from './alert-test.ts';

export const service = { protocol: 'tcp', address: '192.0.2.10', port: '443' };
const marked = { protocol: '', address: '', port: '', fwmark: '7', family: 'ipv6' };

const d1 = { job: 'lvs-exporter', instance: 'd1', ...service };
const m1 = { job: 'lvs-exporter', instance: 'm1', fwmark: '7', family: 'ipv6' };

/** A service by the numbers of its real servers and the sum of their weights. */
export function served(instance: string, realServers: string, weight: string, labels = {}): Record<string, string> {
  return of(
    { instance, ...service, ...labels },
    { ipvs_virtual_server_real_servers: realServers, ipvs_virtual_server_weight: weight },
  );
}

/** A service without real servers that has a name. */
function called(instance: string, name: string, identity = service): Record<string, string> {
  const info = of({ instance, ...identity, name }, { ipvs_virtual_server_info: '1 for 1h' });
  return { ...info, ...served(instance, '0 for 1h', '0 for 1h', identity) };
}

function withoutServers(instance: string, identity: Readonly<Record<string, string>>, name: string) {
  const labels = { job: 'lvs-exporter', instance, ...identity };
  const description = `Virtual server ${name} on ${instance} has no real servers: its clients are refused.`;
  return { severity: 'critical' as const, labels, description };
}

/** The first is a director, the others are nodes of Kubernetes. */
const platforms = {
  ...of({ instance: 'd1' }, { lvs_platform_info: '1 for 2h' }),
  ...of({ instance: 'node' }, { 'lvs_platform_info{kube_proxy="ipvs"}': '1 for 2h' }),
  ...of({ instance: 'routed' }, { 'lvs_platform_info{kube_proxy="kube-router"}': '1 for 2h' }),
};

/** A service with two real servers: their weights, and new connections per second from the fifth minute on. */
function balanced(
  instance: string,
  { scheduler = 'wlc', weights, rates, persistence }: Balance,
): Record<string, string> {
  const info = { ipvs_virtual_server_info: '1 for 2h' };
  const labels = persistence === undefined ? { scheduler } : { scheduler, persistence_seconds: persistence };
  const realServers = weights.map((weight, index) =>
    of(
      { instance, ...service, real_address: `10.0.0.${index + 1}`, real_port: '443', forward: 'direct' },
      {
        ipvs_real_server_weight: `${weight} for 2h`,
        ipvs_real_server_connections_total: ramp((rates[index] ?? 0) * 3600),
      },
    ),
  );
  return Object.assign({}, of({ instance, ...service, ...labels }, info), ...realServers);
}

/** Rises for an hour. */
function ramp(most: number): string {
  return `0 to ${most} for 1h, ${most} for 1h`;
}

interface Balance {
  readonly scheduler?: string;
  readonly weights: readonly number[];
  readonly rates: readonly number[];
  readonly persistence?: string;
}

function unfair(instance: string, host: number, share: string) {
  const labels = { ...d1, instance, real_address: `10.0.0.${host}`, real_port: '443', forward: 'direct' };
  const description = `Real server 10.0.0.${host}:443 of tcp 192.0.2.10:443 on ${instance} gets ${share} of the new connections that its weight implies.`;
  return { severity: 'warning' as const, labels, description };
}

const zero = 'Every real server of tcp 192.0.2.10:443 on d1 has weight 0: new connections fail.';

export const missingOne = {
  severity: 'warning' as const,
  labels: d1,
  description:
    '1 of the real servers that tcp 192.0.2.10:443 on d1 had within the last hour is gone or without weight.',
};

export const ipvsTests = [
  ...alertTests('IpvsServiceWithoutRealServers', {
    when: 'services lose all real servers for a while',
    series: {
      ...served('d1', '2 for 1m, 0 for 2m, 2 for 1h', '2 for 1h'),
      ...platforms,
      ...served('node', '2 for 1m, 0 for 1h', '0 for 1h'),
      ...served('routed', '2 for 1m, 0 for 1h', '0 for 1h'),
      ...served('one-left', '2 for 1m, 1 for 1h', '1 for 1h'),
      ...served('m1', '2 for 1m, 0 for 2m, 2 for 1h', '2 for 1h', marked),
    },
    expected: {
      '1m45s': [],
      '2m': [
        {
          severity: 'critical',
          labels: d1,
          description: 'Virtual server tcp 192.0.2.10:443 on d1 has no real servers: its clients are refused.',
        },
        {
          severity: 'critical',
          labels: m1,
          description: 'Virtual server firewall mark 7 (ipv6) on m1 has no real servers: its clients are refused.',
        },
      ],
      '4m45s': [
        {
          severity: 'critical',
          labels: d1,
          description: 'Virtual server tcp 192.0.2.10:443 on d1 has no real servers: its clients are refused.',
        },
        {
          severity: 'critical',
          labels: m1,
          description: 'Virtual server firewall mark 7 (ipv6) on m1 has no real servers: its clients are refused.',
        },
      ],
      '5m': [],
    },
  }),
  ...alertTests('IpvsServiceWithoutRealServers', {
    when: 'services with a name have no real servers',
    series: {
      ...platforms,
      ...called('d1', 'web shop'),
      ...called('d1', 'web shop over QUIC', { ...service, protocol: 'udp' }),
      ...called('m1', 'mail', marked),
      ...served('d2', '0 for 1h', '0 for 1h'),
    },
    expected: {
      '5m': [
        withoutServers('d1', service, 'web shop (192.0.2.10:443)'),
        withoutServers('d1', { ...service, protocol: 'udp' }, 'web shop over QUIC (udp 192.0.2.10:443)'),
        withoutServers('m1', { fwmark: '7', family: 'ipv6' }, 'mail (firewall mark 7 (ipv6))'),
        withoutServers('d2', service, 'tcp 192.0.2.10:443'),
      ],
    },
  }),
  ...alertTests('IpvsServiceWeightZero', {
    when: 'all weights are 0 for a while',
    series: {
      ...served('d1', '2 for 1h', '2 for 1m, 0 for 2m, 2 for 1h'),
      ...platforms,
      ...served('node', '2 for 1h', '2 for 1m, 0 for 1h'),
      ...served('one-drained', '2 for 1h', '2 for 1m, 1 for 1h'),
      ...served('nobody', '0 for 1h', '0 for 1h'),
    },
    expected: {
      '1m45s': [],
      '2m': [{ severity: 'critical', labels: d1, description: zero }],
      '4m45s': [{ severity: 'critical', labels: d1, description: zero }],
      '5m': [],
    },
  }),
  ...alertTests('IpvsRealServersMissing', {
    when: 'real servers leave services',
    series: {
      ...served('d1', '3 for 1m, 2 for 10m, 3 for 1h', '3 for 1h'),
      ...platforms,
      ...served('node', '3 for 1m, 2 for 1h', '3 for 1h'),
      ...served('more', '2 for 1m, 3 for 1h', '3 for 1h'),
      ...served('nobody', '2 for 1m, 0 for 1h', '3 for 1h'),
      ...served('checked', '3 for 1m, 2 for 1h', '3 for 1h'),
      ...of(
        { instance: 'checked', ...service, real_address: '10.0.0.3', real_port: '443' },
        { keepalived_real_server_up: '0 for 1h' },
      ),
    },
    expected: {
      '5m45s': [],
      '6m': [missingOne],
      '15m45s': [missingOne],
      '16m': [],
    },
  }),
  ...alertTests('IpvsUnevenTraffic', {
    when: 'real servers get more or less than their share',
    scrapeSeconds: 60,
    evaluationSeconds: 60,
    series: {
      ...platforms,
      ...of({ instance: 'weighted' }, { lvs_platform_info: '1 for 2h' }),
      ...balanced('node', { scheduler: 'rr', weights: [1, 1], rates: [8.8, 1.2] }),
      ...balanced('weighted', { weights: [3, 1], rates: [8.8, 1.2] }),
      ...balanced('nearly-weighted', { weights: [3, 1], rates: [8.7, 1.3] }),
      ...balanced('more', { weights: [3, 1], rates: [4.8, 5.2] }),
      ...balanced('nearly-more', { weights: [3, 1], rates: [5.2, 4.8] }),
      ...balanced('round-robin', { scheduler: 'rr', weights: [3, 1], rates: [0.7975, 0.2525] }),
      ...balanced('little', { scheduler: 'rr', weights: [3, 1], rates: [0.722, 0.228] }),
      ...balanced('hashed', { scheduler: 'sh', weights: [3, 1], rates: [8.8, 1.2] }),
      ...balanced('persistent', { weights: [3, 1], rates: [8.8, 1.2], persistence: '300' }),
      ...balanced('persistent-robin', { scheduler: 'rr', weights: [3, 1], rates: [8.8, 1.2], persistence: '300' }),
      ...balanced('drained', { scheduler: 'rr', weights: [3, 0], rates: [8.8, 0] }),
      ...balanced('drained-weighted', { weights: [3, 0], rates: [8.8, 0.1] }),
      ...balanced('all-drained', { weights: [0, 0], rates: [8.8, 1.2] }),
    },
    expected: {
      '15m': [],
      '17m': [unfair('weighted', 2, '48%'), unfair('more', 2, '208%')],
      '31m': [unfair('weighted', 2, '48%'), unfair('more', 2, '208%'), unfair('round-robin', 2, '48.1%')],
      '1h25m': [unfair('weighted', 2, '48%'), unfair('more', 2, '208%')],
      '1h30m': [],
    },
  }),
];
