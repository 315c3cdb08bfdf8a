import { alertTests, of } from './alert-test.ts';

const web = { protocol: 'tcp', address: '192.0.2.10', port: '443' };
const dns = { protocol: 'udp', address: '192.0.2.10', port: '53' };
const marked = { protocol: '', address: '', port: '', fwmark: '7', family: 'ipv4' };

/** A counter that stands, rises by so many a second for ten minutes from 5m on, and stands again. */
function counter(perSecond: number): string {
  const [before, after] = [1e6, 1e6 + perSecond * 600];
  return `${before} for 5m, ${before} to ${after} for 10m, ${after} for 1h`;
}

function limited(instance: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { ipvs_upstream_conntrack_limit: `${limit} for 2h` });
}

type Labels = Readonly<Record<string, string>>;

/** Real servers with their counters, by how they are reached and new connections per second. */
function counted(instance: string, service: Labels, rates: Readonly<Record<string, number>>): Record<string, string> {
  const realServers = Object.entries(rates).map(([forward, perSecond]) =>
    of(
      { instance, ...service, real_address: '10.0.0.1', real_port: '443', forward },
      { ipvs_real_server_connections_total: counter(perSecond), ipvs_real_server_weight: '1 for 2h' },
    ),
  );
  return Object.assign({}, ...realServers);
}

/** Real servers that are added up, three quarters of their weight direct, and a counter with its labels. */
function addedUp(instance: string, name: string, labels: Labels, perSecond: number): Record<string, string> {
  const all = { instance, ...web, real_address: 'all', real_port: 'all' };
  return {
    ...of({ ...all, forward: 'direct' }, { ipvs_real_server_weight: '3 for 2h' }),
    ...of({ ...all, forward: 'masquerade' }, { ipvs_real_server_weight: '1 for 2h' }),
    ...of({ instance, ...labels }, { [name]: counter(perSecond) }),
  };
}

function full(severity: 'critical' | 'warning', instance: string, share: string, due = '') {
  return {
    severity,
    labels: { job: 'lvs-exporter', instance },
    description: `The services of ${instance} that use direct server return (direct routing or tunnel) need ${share} of the connection tracking table upstream.${due}`,
  };
}

const dueToWeb = ' The largest part, 100.4k entries, is for tcp 192.0.2.10:443.';
const most = { instance: 'd1', share: '104.9%', due: dueToWeb };

export const ipvsUpstreamTests = [
  ...alertTests(
    'IpvsUpstreamConntrackPressure',
    {
      when: 'a director schedules more than the hop upstream can hold for ten minutes',
      evaluationSeconds: 30,
      series: {
        ...limited('d1'),
        ...counted('d1', web, { direct: 300, tunnel: 258, masquerade: 1000 }),
        ...counted('d1', dns, { direct: 50 }),
        ...of({ instance: 'd1', ...web }, { ipvs_virtual_server_connections_total: counter(1558) }),
        ...of({ instance: 'd1' }, { ipvs_connections_total: counter(1608) }),
        ...limited('unlimited', '0'),
        ...counted('unlimited', web, { direct: 1000 }),
        ...counted('unset', web, { direct: 1000 }),
        ...limited('masquerades'),
        ...counted('masquerades', web, { masquerade: 1000 }),
        ...of({ instance: 'masquerades', ...web }, { ipvs_virtual_server_connections_total: counter(1000) }),
        ...of({ instance: 'masquerades' }, { ipvs_connections_total: counter(1000) }),
        ...limited('less'),
        ...counted('less', web, { direct: 425 }),
      },
      expected: {
        '6m': [],
        '6m30s': [full('critical', most.instance, most.share, most.due)],
        '10m30s': [full('critical', most.instance, most.share, most.due)],
        '11m30s': [
          full('critical', most.instance, most.share, most.due),
          full('warning', most.instance, most.share, most.due),
        ],
        '20m': [
          full('critical', most.instance, most.share, most.due),
          full('warning', most.instance, most.share, most.due),
        ],
        '21m': [full('warning', most.instance, most.share, most.due)],
        '29m30s': [full('warning', most.instance, most.share, most.due)],
        '31m': [],
      },
    },
    {
      when: 'less is known of its real servers',
      evaluationSeconds: 30,
      series: {
        ...limited('counted'),
        ...counted('counted', marked, { direct: 530 }),
        ...limited('added-up'),
        ...addedUp('added-up', 'ipvs_virtual_server_connections_total', web, 640),
        ...limited('procfs'),
        ...addedUp('procfs', 'ipvs_connections_total', {}, 640),
        ...limited('drained'),
        ...of({ instance: 'drained', ...web }, { ipvs_virtual_server_connections_total: counter(1000) }),
        ...of({ instance: 'drained' }, { ipvs_connections_total: counter(1000) }),
        ...of({ instance: 'drained', ...web, forward: 'direct' }, { ipvs_real_server_weight: '0 for 2h' }),
      },
      expected: {
        '14m': [
          full('warning', 'counted', '95.4%', ' The largest part, 95.4k entries, is for firewall mark 7 (ipv4).'),
          full('warning', 'added-up', '86.4%', ' The largest part, 86.4k entries, is for tcp 192.0.2.10:443.'),
          full('warning', 'procfs', '86.4%'),
        ],
      },
    },
  ),
];
