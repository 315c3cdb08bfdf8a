import { alertTests, of } from './alert-test.ts';

const c1 = { job: 'lvs-exporter', instance: 'c1' };

const targetDown = {
  severity: 'warning' as const,
  labels: c1,
  description: 'Prometheus cannot scrape the exporter on c1: the machine is not monitored.',
};
const failing = {
  severity: 'warning' as const,
  labels: { ...c1, collector: 'conntrack-table' },
  description: 'Collector conntrack-table fails on c1: its metrics are missing, and alerts that need them do not fire.',
};
const scanStale = {
  severity: 'warning' as const,
  labels: c1,
  description: 'The forecast of c1 is outdated: no recent scan of its connection tracking table has completed.',
};
const limited = {
  severity: 'info' as const,
  labels: { ...c1, collector: 'ipvs' },
  description: 'Collector ipvs on c1 leaves out 1.2k series.',
};
const limitedOnNode = {
  severity: 'info' as const,
  labels: { ...c1, instance: 'node', collector: 'keepalived' },
  description: 'Collector keepalived on node leaves out 1.2k series.',
};
const otherNamespace = {
  severity: 'warning' as const,
  labels: c1,
  description:
    "The exporter on c1 counts the flows of its own network namespace instead of the host's: it does not see the connections of the host.",
};

/** An exporter whose clock is Prometheus', and whose table is scanned so often. */
function scanned(instance: string, intervalSeconds: number, scans: string): Record<string, string> {
  return of(
    { instance },
    {
      conntrack_scan_timestamp_seconds: scans,
      'lvs_exporter_collector_last_success_timestamp_seconds{collector="conntrack"}': '0 to 3600 for 1h',
      'lvs_exporter_collector_last_success_timestamp_seconds{collector="firewall"}': '0 to 3600 for 1h',
      'lvs_exporter_collector_interval_seconds{collector="conntrack-table"}': `${intervalSeconds} for 1h`,
      'lvs_exporter_collector_interval_seconds{collector="firewall"}': '30 for 1h',
    },
  );
}

export const exporterTests = [
  ...alertTests('LvsExporterTargetDown', {
    when: 'an exporter and something else do not answer',
    series: {
      ...of(
        { instance: 'c1' },
        {
          up: '1 for 5m, 0 for 4m, 1 for 1h',
          'lvs_exporter_build_info{version="1"}': '1 for 5m, gone for 4m, 1 for 1h',
        },
      ),
      ...of({ instance: 'node', job: 'node' }, { up: '1 for 5m, 0 for 1h' }),
    },
    expected: {
      '6m45s': [],
      '7m': [targetDown],
      '9m45s': [targetDown],
      '10m': [],
    },
  }),
  ...alertTests('LvsExporterTargetDown', {
    when: 'an exporter is down for two days, and a target of another kind takes the place of one that was removed',
    scrapeSeconds: 60,
    evaluationSeconds: 60,
    series: {
      ...of({ instance: 'c1' }, { up: '1 for 5m, 0 for 48h', 'lvs_exporter_build_info{version="1"}': '1 for 5m' }),
      ...of(
        { instance: 'c2', job: 'all' },
        { up: '1 for 5m, gone for 2h, 0 for 46h', 'lvs_exporter_build_info{version="1"}': '1 for 5m, gone for 48h' },
      ),
      ...of({ instance: 'c3', job: 'all' }, { up: '1 for 49h' }),
    },
    expected: {
      '10m': [targetDown],
      '24h': [targetDown],
      '48h': [targetDown],
    },
  }),
  ...alertTests('LvsExporterTargetDown', {
    when: 'an exporter never answered, beside others and beside something else',
    series: {
      ...of({ instance: 'known' }, { up: '1 for 12m', 'lvs_exporter_build_info{version="1"}': '1 for 12m' }),
      ...of(
        { instance: 'c1' },
        { up: '0 for 5m, 1 for 7m', 'lvs_exporter_build_info{version="1"}': 'gone for 5m, 1 for 7m' },
      ),
      ...of(
        { instance: 'c2', job: 'all' },
        { up: '1 for 7m, 0 for 5m', 'lvs_exporter_build_info{version="1"}': '1 for 7m, gone for 5m' },
      ),
      ...of({ instance: 'c3', job: 'all' }, { up: '0 for 12m' }),
      ...of({ instance: 'c4', job: 'all' }, { up: '1 for 12m' }),
      ...of({ instance: 'c5', job: 'other' }, { up: '0 for 12m' }),
    },
    expected: {
      '1m45s': [],
      '2m': [targetDown],
      '5m45s': [targetDown],
      '6m': [],
      '8m45s': [],
      '9m': [
        {
          ...targetDown,
          labels: { job: 'all', instance: 'c2' },
          description: 'Prometheus cannot scrape the exporter on c2: the machine is not monitored.',
        },
      ],
    },
  }),
  ...alertTests('LvsExporterCollectorFailing', {
    when: 'a collector fails for a while',
    series: {
      ...of(
        { instance: 'c1', collector: 'conntrack-table' },
        { lvs_exporter_collector_success: '1 for 1m, 0 for 6m, 1 for 1h' },
      ),
      ...of({ instance: 'c1', collector: 'conntrack' }, { lvs_exporter_collector_success: '1 for 1h' }),
    },
    expected: {
      '5m45s': [],
      '6m': [failing],
      '8m45s': [failing],
      '9m': [],
    },
  }),
  ...alertTests('LvsExporterScanStale', {
    when: 'the scans of a table stop and go on',
    series: {
      ...scanned('c1', 15, '0 to 300 for 5m, 300 for 6m, 660 to 3600 for 49m'),
      ...scanned('rare', 300, '0 for 5m, 300 for 20m, 1500 for 5m, 1800 for 30m'),
      ...scanned('new', 15, 'nothing for 8m30s, 510 to 3600 for 51m30s'),
      ...of({ instance: 'c1', netns: 'qrouter' }, { conntrack_scan_timestamp_seconds: '0 to 3600 for 1h' }),
    },
    expected: {
      '9m': [],
      '9m15s': [scanStale],
      '12m45s': [scanStale],
      '13m': [],
      '21m': [],
      '21m15s': [
        {
          ...scanStale,
          labels: { ...c1, instance: 'rare' },
          description:
            'The forecast of rare is outdated: no recent scan of its connection tracking table has completed.',
        },
      ],
      '27m15s': [],
    },
  }),
  ...alertTests('LvsExporterSeriesLimited', {
    when: 'a collector has too many series for a while',
    series: {
      ...of({ instance: 'c1', collector: 'ipvs' }, { lvs_exporter_series_limited: '0 for 1m, 1200 for 16m, 0 for 1h' }),
      ...of({ instance: 'c2', collector: 'ipvs' }, { lvs_exporter_series_limited: '0 for 2h' }),
      ...of({ instance: 'c1' }, { 'lvs_platform_info{kube_proxy=""}': '1 for 2h' }),
      ...of({ instance: 'node' }, { 'lvs_platform_info{kube_proxy="ipvs"}': '1 for 2h' }),
      ...of({ instance: 'node', collector: 'ipvs' }, { lvs_exporter_series_limited: '60000 for 2h' }),
      ...of(
        { instance: 'node', collector: 'keepalived' },
        { lvs_exporter_series_limited: '0 for 1h, 1200 for 16m, 0 for 1h' },
      ),
      ...of({ instance: 'c2', collector: 'network' }, { lvs_exporter_series_limited: '4000 for 2h' }),
      ...of({ instance: 'node', collector: 'network' }, { lvs_exporter_series_limited: '4000 for 2h' }),
    },
    expected: {
      '15m45s': [],
      '16m': [limited],
      '31m45s': [limited],
      '32m': [],
      '1h14m45s': [],
      '1h15m': [limitedOnNode],
    },
  }),
  ...alertTests('LvsExporterNotInHostNamespace', {
    when: 'an exporter runs with a network of its own for a while',
    series: {
      ...of({ instance: 'c1' }, { lvs_host_network_namespace: '1 for 1m, 0 for 16m, 1 for 1h' }),
      ...of({ instance: 'c2' }, { lvs_host_network_namespace: '1 for 2h' }),
      // Directors that live in a namespace, such as in an amphora of Octavia.
      ...of({ instance: 'a1' }, { lvs_host_network_namespace: '0 for 2h', ipvs_virtual_server_info: '1 for 2h' }),
      ...of({ instance: 'a2' }, { lvs_host_network_namespace: '0 for 2h', keepalived_up: '1 for 2h' }),
    },
    expected: {
      '15m45s': [],
      '16m': [otherNamespace],
      '31m45s': [otherNamespace],
      '32m': [],
    },
  }),
];
