import { alertTests, of } from './alert-test.ts';

function filled(instance: string, connections: string, limit = '100000'): Record<string, string> {
  return of({ instance }, { ipvs_connections: connections, ipvs_connections_limit: `${limit} for 2h` });
}

function full(severity: 'critical' | 'warning', instance: string, share: string) {
  return {
    severity,
    labels: { job: 'lvs-exporter', instance },
    description: `The IPVS connection table of ${instance} is ${share} full. At the limit, new connections are refused without a log line.`,
  };
}

export const ipvsConnectionTests = alertTests(
  'IpvsConnectionsNearlyFull',
  {
    when: 'IPVS has nearly as many connections as its limit',
    series: {
      ...filled('d1', '50000 for 5m, 76000 for 6m, 91000 for 5m, 50000 for 1h'),
      ...filled('below', '50000 for 5m, 74000 for 1h'),
      ...filled('for-a-moment', '50000 for 5m, 91000 for 45s, 50000 for 1h'),
      ...filled('in-two-minutes', '40000 for 10m, 40000 to 64000 for 2m, 64000 for 1h'),
      ...filled('far', '1000000 for 5m, 1000000 to 2000000 for 1h', '1073741824'),
      ...filled('as-ever', '85000 for 1h, 10000 for 1h'),
      ...of({ instance: 'older' }, { ipvs_connections: '1000000 for 2h' }),
    },
    expected: {
      '4m45s': [],
      '5m': [full('warning', 'as-ever', '85%')],
      '9m45s': [full('warning', 'as-ever', '85%')],
      '10m': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '76%')],
      '11m45s': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%')],
      '12m': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%'), full('critical', 'd1', '91%')],
      '13m30s': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%'), full('critical', 'd1', '91%')],
      '20m45s': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%'), full('critical', 'd1', '91%')],
      '21m': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%')],
      '30m45s': [full('warning', 'as-ever', '85%'), full('warning', 'd1', '91%')],
      '31m': [full('warning', 'as-ever', '85%')],
    },
  },
  {
    when: 'connections rise towards the limit',
    series: {
      ...filled('fast', '10000 for 10m, 10000 to 82000 for 6m, 20000 for 1h'),
      ...filled('steady', '40000 for 10m, 40000 to 88000 for 8m, 20000 for 1h'),
    },
    expected: {
      '14m15s': [],
      '14m30s': [full('critical', 'fast', '64%')],
      '16m': [full('critical', 'fast', '79%')],
      '16m15s': [full('critical', 'fast', '79%'), full('critical', 'steady', '77.5%')],
    },
  },
  {
    when: 'the limit is 0, so that no connection is allowed',
    series: { ...filled('closed', '0 for 10m', '0'), ...filled('empty', '0 for 10m') },
    expected: {
      '45s': [],
      '1m': [full('critical', 'closed', '100%')],
    },
  },
);
