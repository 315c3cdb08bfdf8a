import { alertTests, of } from './alert-test.ts';

const eth0 = { interface: 'eth0' };

function available(instance: string, values: string): Record<string, string> {
  return of({ instance, ...eth0 }, { ethtool_conntrack_allowance_available: values });
}

function exceeded(instance: string, allowance: string, values: string): Record<string, string> {
  return of({ instance, ...eth0, allowance }, { ethtool_allowance_exceeded_total: values });
}

function low(severity: 'critical' | 'warning', instance: string, left: string) {
  return {
    severity,
    labels: { job: 'lvs-exporter', instance, ...eth0 },
    description: `EC2 can track only ${left} more connections of ${instance} (eth0). At 0, new connections fail.`,
  };
}

function drops(instance: string, rate: string) {
  return {
    severity: 'critical' as const,
    labels: { job: 'lvs-exporter', instance, ...eth0, allowance: 'conntrack' },
    description: `EC2 drops ${rate} packets per second of ${instance} (eth0): the instance has reached its allowance of tracked connections, so new connections fail.`,
  };
}

export const upstreamAllowanceTests = [
  ...alertTests(
    'IpvsUpstreamAllowanceLow',
    {
      when: 'the connections that EC2 can track become few',
      series: {
        ...available('falls', '200000 for 10m, 200000 to 20000 for 9m, 200000 for 3h'),
        ...available('step', '200000 for 10m, 60000 for 3h'),
        ...available('in-two-minutes', '200000 for 10m, 200000 to 110000 for 2m, 110000 for 3h'),
        ...available('always-few', '900 for 3h'),
      },
      expected: {
        '15m45s': [],
        '16m': [low('critical', 'falls', '80k')],
        '23m45s': [low('critical', 'falls', '25k')],
        '24m': [],
      },
    },
    {
      when: 'few of those of the day are left',
      series: {
        ...available('fewer', '200000 for 10m, 38000 for 30m, 200000 for 2h'),
        ...available('enough', '200000 for 10m, 42000 for 2h'),
        ...available('for-a-moment', '200000 for 10m, 38000 for 14m, 200000 for 2h'),
      },
      expected: {
        '24m45s': [],
        '25m': [low('warning', 'fewer', '38k')],
        '54m45s': [low('warning', 'fewer', '38k')],
        '55m': [],
      },
    },
    {
      when: 'none is left',
      series: available('full', '0 for 10m'),
      expected: { '2m45s': [], '3m': [low('critical', 'full', '0')] },
    },
  ),
  ...alertTests('IpvsUpstreamAllowanceExceeded', {
    when: 'EC2 drops packets for want of room',
    scrapeSeconds: 14,
    series: {
      ...exceeded('d1', 'conntrack', '100 for 5m, 100 to 1300 for 5m, 1300 for 1h'),
      ...exceeded('d2', 'pps', '0 to 10000 for 1h'),
      ...exceeded('d3', 'conntrack', '5000 for 1h'),
    },
    expected: {
      '5m30s': [],
      '5m45s': [drops('d1', '4.082')],
      '7m': [drops('d1', '4.082')],
      '15m30s': [drops('d1', '1.02')],
      '15m45s': [],
    },
  }),
];
