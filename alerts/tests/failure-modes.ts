import { groups } from '../src/groups.ts';
import { isAlert } from '../src/rule.ts';
import { type AlertTest, of } from './alert-test.ts';
import { forecasts } from './forecasts.ts';

/** What tends to go wrong with alerts of this kind, whatever it is that they are about. */

const names = [...new Set(groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert)))];
const conntrack = names.filter((name) => name.startsWith('Conntrack'));
const ipvs = names.filter((name) => name.startsWith('Ipvs'));
const keepalived = names.filter((name) => name.startsWith('Keepalived'));

const c1 = { job: 'lvs-exporter', instance: 'c1' };
const limit = { conntrack_entries_limit: '100000 for 3h' };
const vrrp = { instance_name: 'VI_1', interface: 'eth0', vrid: '51', family: 'ipv4' };

const silent = { evaluationSeconds: 15 };

/** A machine whose table is as it should be: nothing is lost, and the scans go on. */
function machine(instance: string, series: Readonly<Record<string, string>>): Record<string, string> {
  return of(
    { instance },
    {
      ...limit,
      conntrack_buckets: '100000 for 3h',
      ...forecasts('Inf for 3h'),
      conntrack_scan_timestamp_seconds: '0 to 10800 for 3h',
      'conntrack_early_drop_total{cpu="0"}': '4000000000 for 3h',
      'conntrack_drop_total{cpu="0"}': '12 for 3h',
      'conntrack_chain_too_long_total{cpu="0"}': '0 for 3h',
      'conntrack_insert_failed_total{cpu="0"}': '7 for 3h',
      ...series,
    },
  );
}

/** A pair that share two addresses; every cluster has the same VRID and instance name. */
function pair(cluster: string, network: string): Record<string, string> {
  const one = (instance: string, master: number): Record<string, string> => ({
    ...of(
      { instance, cluster, ...vrrp },
      {
        'keepalived_vrrp_state{state="master"}': `${master} for 1h`,
        'keepalived_vrrp_state{state="backup"}': `${1 - master} for 1h`,
        keepalived_vrrp_advertisements_received_total: master ? '3 for 1h' : '0 to 3600 for 1h',
        keepalived_vrrp_became_master_total: `${master} for 1h`,
        'keepalived_vrrp_errors_total{kind="ttl"}': '2 for 1h',
      },
    ),
    ...of(
      { instance, cluster, ...vrrp },
      {
        [`keepalived_vrrp_address_bound{address="${network}.10"}`]: `${master} for 1h`,
        [`keepalived_vrrp_address_bound{address="${network}.11"}`]: `${master} for 1h`,
      },
    ),
    ...of(
      { instance, cluster },
      { up: '1 for 1h', keepalived_up: '1 for 1h', 'keepalived_script_up{script="check"}': '1 for 1h' },
    ),
  });
  return { ...one(`${cluster}-1`, 1), ...one(`${cluster}-2`, 0) };
}

const web = { protocol: 'tcp', address: '192.0.2.10', port: '443' };

export const failureModeTests: readonly AlertTest[] = [
  {
    alerts: conntrack,
    when: 'an exporter has just begun, and its first scan is alarmed',
    ...silent,
    series: machine('c1', {
      conntrack_entries: '20000 for 1h',
      conntrack_equilibrium_entries: '150000 for 15s, 30000 for 1h',
      ...forecasts('80 for 15s, Inf for 1h'),
    }),
    expected: { '0s': [], '15s': [], '5m': [], '20m': [] },
  },
  {
    alerts: conntrack,
    when: 'a batch runs each hour, and the garbage collector passes each minute',
    ...silent,
    series: machine('c1', {
      conntrack_entries: `${`20000 to 26000 for 1m, ${'54000 to 63000 for 1m, '.repeat(20)}`.repeat(5)}20000 for 1m`,
      conntrack_equilibrium_entries: '20000 for 40m, 63000 for 20m, 20000 for 40m, 63000 for 20m',
    }),
    expected: { '30m': [], '42m': [], '48m': [], '55m': [], '1h42m': [], '1h49m': [] },
  },
  {
    alerts: conntrack,
    when: 'one scan in the midst of good ones is wrong',
    ...silent,
    series: machine('c1', {
      conntrack_entries: '20000 for 1h',
      conntrack_equilibrium_entries: '30000 for 10m, 200000 for 15s, 30000 for 50m',
      ...forecasts('Inf for 10m, 70 for 15s, Inf for 50m'),
    }),
    expected: { '10m': [], '10m15s': [], '12m': [], '17m15s': [] },
  },
  {
    alerts: conntrack,
    when: 'conntrack -F empties a table, and it fills again',
    ...silent,
    series: machine('c1', {
      conntrack_entries: '60000 for 30m, 0 to 60000 for 3m, 60000 for 1h',
      conntrack_equilibrium_entries: '60000 for 30m, 5000 to 60000 for 1m, 60000 for 1h',
      ...forecasts('Inf for 30m, 250 for 15s, Inf for 1h'),
    }),
    expected: { '30m': [], '30m15s': [], '30m30s': [], '33m': [], '38m': [], '45m': [] },
  },
  {
    alerts: conntrack,
    when: 'the exporter restarts and, without a history, expects the worst of the garbage collector',
    ...silent,
    series: machine('c1', {
      conntrack_entries: '60000 for 30m, gone for 30s, 60000 for 1h',
      conntrack_equilibrium_entries: '60000 for 30m, gone for 30s, 79000 for 2m, 60000 for 1h',
      ...forecasts('Inf for 30m, gone for 30s, Inf for 1h'),
      conntrack_scan_timestamp_seconds: '0 to 1800 for 30m, gone for 30s, 1830 to 5400 for 1h',
    }),
    expected: { '30m': [], '30m30s': [], '33m': [], '37m30s': [], '45m': [] },
  },
  {
    alerts: ['ConntrackTableNearlyFull'],
    when: 'six minutes are missing while an alert fires',
    series: of({ instance: 'c1' }, { ...limit, conntrack_entries: '80000 for 12m, gone for 6m, 80000 for 20m' }),
    expected: Object.fromEntries(
      ['12m', '15m', '17m45s', '19m', '30m'].map((time) => [
        time,
        [{ severity: 'warning', labels: c1, description: 'The connection tracking table of c1 is 80% full.' }],
      ]),
    ),
  },
  {
    alerts: conntrack,
    when: 'the limit is halved, and the table is far from the new one',
    ...silent,
    series: machine('c1', {
      conntrack_entries: '35000 for 1h',
      conntrack_equilibrium_entries: '35000 for 1h',
      conntrack_entries_limit: '100000 for 20m, 50000 for 40m',
    }),
    expected: { '20m': [], '21m': [], '27m': [], '31m': [], '40m': [] },
  },
  {
    alerts: ['ConntrackTableNearlyFull'],
    when: 'the limit is raised while an alert fires',
    series: of(
      { instance: 'c1' },
      { conntrack_entries: '80000 for 1h', conntrack_entries_limit: '100000 for 20m, 200000 for 40m' },
    ),
    expected: {
      '20m': [{ severity: 'warning', labels: c1, description: 'The connection tracking table of c1 is 80% full.' }],
      '32m30s': [],
    },
  },
  {
    alerts: conntrack,
    when: 'values are missing, no numbers or endless, and there is no limit',
    ...silent,
    series: {
      ...of({ instance: 'no-module' }, { lvs_host_network_namespace: '1 for 1h' }),
      ...of(
        { instance: 'no-limit' },
        {
          conntrack_entries: '900000 for 1h',
          conntrack_equilibrium_entries: '990000 for 1h',
          conntrack_entries_limit: '0 for 1h',
          ...forecasts('Inf for 1h'),
        },
      ),
      ...of(
        { instance: 'no-number' },
        {
          ...limit,
          conntrack_entries: 'NaN for 1h',
          conntrack_equilibrium_entries: 'NaN for 1h',
          ...forecasts('NaN for 1h'),
        },
      ),
      ...of(
        { instance: 'endless' },
        {
          ...limit,
          conntrack_entries: '20000 for 1h',
          conntrack_equilibrium_entries: '20000 for 1h',
          ...forecasts('Inf for 1h'),
        },
      ),
      ...of({ instance: 'no-table' }, { ...limit, conntrack_entries: '20000 for 1h' }),
    },
    expected: { '5m': [], '20m': [], '50m': [] },
  },
  {
    alerts: ['ConntrackTableFullSoon', 'LvsExporterCollectorFailing'],
    when: 'the scans fail while an alert fires',
    evaluationSeconds: 15,
    series: {
      ...of(
        { instance: 'c1' },
        {
          ...limit,
          conntrack_entries: '50000 for 1h',
          ...forecasts('Inf for 5m, 200 for 1m, gone for 1h'),
        },
      ),
      ...of({ instance: 'c1', collector: 'conntrack-table' }, { lvs_exporter_collector_success: '1 for 6m, 0 for 1h' }),
    },
    expected: {
      '7m45s': [
        {
          severity: 'critical',
          labels: c1,
          description:
            'The connection tracking table of c1 will be full in about 3m 20s if flows continue to arrive as they do now.',
        },
      ],
      '11m': [
        {
          alert: 'LvsExporterCollectorFailing',
          severity: 'warning',
          labels: { ...c1, collector: 'conntrack-table' },
          description:
            'Collector conntrack-table fails on c1: its metrics are missing, and alerts that need them do not fire.',
        },
      ],
    },
  },
  {
    alerts: ['LvsExporterTargetDown'],
    when: 'an exporter that was updated an hour ago does not answer, and one that was taken out of service',
    series: {
      ...of(
        { instance: 'c1' },
        {
          up: '1 for 1h10m, 0 for 20m',
          'lvs_exporter_build_info{version="1"}': '1 for 10m, gone for 80m',
          'lvs_exporter_build_info{version="2"}': 'nothing for 10m, 1 for 1h, gone for 20m',
        },
      ),
      ...of(
        { instance: 'retired' },
        { up: '1 for 10m, gone for 80m', 'lvs_exporter_build_info{version="1"}': '1 for 10m, gone for 80m' },
      ),
    },
    expected: {
      '1h12m': [
        {
          severity: 'warning',
          labels: c1,
          description: 'Prometheus cannot scrape the exporter on c1: the machine is not monitored.',
        },
      ],
    },
  },
  {
    alerts: ipvs,
    when: 'counters are set to zero by ipvsadm, and a new service begins at nothing',
    ...silent,
    series: {
      ...of(
        { instance: 'd1' },
        {
          ipvs_upstream_conntrack_limit: '100000 for 1h',
          ipvs_connections_total: '4000000 to 4060000 for 10m, 0 to 300000 for 50m',
        },
      ),
      ...of(
        { instance: 'd1', ...web, real_address: '10.0.0.1', real_port: '443', forward: 'direct' },
        {
          ipvs_real_server_connections_total: '4000000 to 4060000 for 10m, 0 to 300000 for 50m',
          ipvs_real_server_weight: '1 for 1h',
        },
      ),
      ...of(
        { instance: 'd1', ...web, port: '8443', real_address: '10.0.0.1', real_port: '8443', forward: 'direct' },
        {
          ipvs_real_server_connections_total: 'nothing for 20m, 0 to 240000 for 40m',
          ipvs_real_server_weight: '1 for 1h',
        },
      ),
      ...of(
        { instance: 'd1', ...web },
        { ipvs_virtual_server_real_servers: '1 for 1h', ipvs_virtual_server_weight: '1 for 1h' },
      ),
      ...of(
        { instance: 'd1', ...web, port: '8443' },
        {
          ipvs_virtual_server_real_servers: 'nothing for 20m, 1 for 40m',
          ipvs_virtual_server_weight: 'nothing for 20m, 1 for 40m',
        },
      ),
      ...of({ instance: 'd1', ...web, scheduler: 'wlc' }, { ipvs_virtual_server_info: '1 for 1h' }),
    },
    expected: { '10m': [], '10m15s': [], '11m': [], '20m15s': [], '21m': [], '40m': [] },
  },
  {
    alerts: keepalived,
    when: 'all is well in clusters that have the same VRID',
    ...silent,
    series: { ...pair('web', '192.0.2'), ...pair('mail', '198.51.100'), ...pair('shop', '192.0.2') },
    expected: { '1m': [], '5m': [], '30m': [] },
  },
];
