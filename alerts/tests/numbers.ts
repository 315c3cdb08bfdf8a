import { alertTests, of } from './alert-test.ts';

const job = 'lvs-exporter';

/** What one thing is called, and what a rate below one is: "20m" would read as millions. */
export const numberTests = [
  ...alertTests('KeepalivedDumpUnreadable', {
    when: 'a single line of a dump cannot be read',
    series: of({ instance: 'd1', dump: 'data' }, { keepalived_dump_skipped_lines: '0 for 1m, 1 for 30m' }),
    expected: {
      '5m45s': [],
      '10m': [
        {
          severity: 'warning',
          labels: { job, instance: 'd1', dump: 'data' },
          description:
            'The exporter cannot read 1 line of the data dump of keepalived on d1. Some metrics are missing, and alerts that need them do not fire.',
        },
      ],
    },
  }),
  ...alertTests('KeepalivedAdvertisementsRefused', {
    when: 'one advertisement is refused each second',
    series: of(
      { instance: 'd1', instance_name: 'VI_1', vrid: '51', kind: 'ttl' },
      { keepalived_vrrp_errors_total: '0 to 1800 for 30m' },
    ),
    expected: {
      '0m': [],
      '20m': [
        {
          severity: 'warning',
          labels: { job, instance: 'd1', instance_name: 'VI_1', vrid: '51', kind: 'ttl' },
          description: 'VRRP instance VI_1 (VRID 51) on d1 refuses 1 advertisement per second: ttl.',
        },
      ],
    },
  }),
  ...alertTests('ConntrackTableEvicting', {
    when: 'a flow is evicted every second, or every 50 seconds',
    series: {
      ...of({ instance: 'each' }, { 'conntrack_early_drop_total{cpu="0"}': '0 to 1800 for 30m' }),
      ...of({ instance: 'rarely' }, { 'conntrack_early_drop_total{cpu="0"}': '0 to 36 for 30m' }),
    },
    expected: { '0m': [], '20m': [evicts('each', '1 flow'), evicts('rarely', '0.02 flows')] },
  }),
  ...alertTests('IpvsRealServersMissing', {
    when: 'two real servers leave',
    series: of({ instance: 'd1', fwmark: '7' }, { ipvs_virtual_server_real_servers: '4 for 10m, 2 for 30m' }),
    expected: {
      '14m45s': [],
      '20m': [
        {
          severity: 'warning',
          labels: { job, instance: 'd1', fwmark: '7' },
          description:
            '2 of the real servers that firewall mark 7 on d1 had within the last hour are gone or without weight.',
        },
      ],
    },
  }),
  ...alertTests('IpvsUpstreamAllowanceLow', {
    when: 'one connection is left',
    series: of(
      { instance: 'd1', interface: 'eth0' },
      { ethtool_conntrack_allowance_available: '100 for 10m, 1 for 30m' },
    ),
    expected: {
      '9m': [],
      '35m': [
        {
          severity: 'warning',
          labels: { job, instance: 'd1', interface: 'eth0' },
          description: 'EC2 can track only 1 more connection of d1 (eth0). At 0, new connections fail.',
        },
      ],
    },
  }),
  ...alertTests('ConntrackHeadroomLow', {
    when: 'the table was full once',
    scrapeSeconds: 60,
    series: of({ instance: 'c1' }, { conntrack_entries: '1000 for 4h', conntrack_entries_limit: '1000 for 4h' }),
    expected: {
      '0m': [],
      '3h': [
        {
          severity: 'info',
          labels: { job, instance: 'c1' },
          description: 'The limit of c1 is equal to its peak of the last seven days.',
        },
      ],
    },
  }),
];

function evicts(instance: string, flows: string) {
  return {
    severity: 'critical' as const,
    labels: { job, instance },
    description:
      `The kernel of ${instance} evicts ${flows} per second from its full connection tracking table. ` +
      'It counts no drops and logs nothing, but each evicted connection can fail.',
  };
}
